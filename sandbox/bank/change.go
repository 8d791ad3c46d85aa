package bank

// Change answers a call that goes on with an order or only looks at it, such as a
// page of the bank that somebody opens and sends in. decide is told the order, where
// it stands and what its account holds; it may change what the order says, but not its
// reference and ID, and returns
// what becomes of it, the zero Act to leave it. It is called under the bank's lock, so
// that of two calls only one finds the order as it was. A scripted Act takes the place
// of what decide would have done.
//
// The answer is what say writes about the order as it then stands, or missing.
func (c *Call) Change(q Query, decide func(*Order, Turn, Funds) Act, say func(Statement) Answer, missing Answer) Answer {
	if !c.about(q) {
		return c.nothing()
	}
	s := c.server
	s.mu.Lock()
	found := s.lookup(q)
	if found == nil {
		s.mu.Unlock()
		return missing
	}
	act := decide(&found.Order, found.turns[0], s.ledger.Funds(found.Account))
	if !act.isZero() {
		if !c.script.Act.isZero() {
			act = c.script.Act
		}
		s.turn(found, act)
	}
	now := found.statement()
	s.mu.Unlock()
	return c.said(now, say)
}

// turn gives an order another future.
func (s *Server) turn(o *order, act Act) {
	o.turns, o.untold = act.Turns, false
	s.settle(o)
}

// age lets an order's time run out.
func (s *Server) age(o *order) {
	if o.expire == nil {
		return
	}
	if act := o.expire(o.turns[0], s.cfg.Now()); len(act.Turns) > 0 {
		s.turn(o, act)
	}
}
