package bank

// Proceed takes the order with the bank's own number id one turn further, as a status
// call does, though nobody asks. It reports whether there was a turn to go to.
func (s *Server) Proceed(id string) bool {
	return s.become(id, func(o *order) []Turn { return o.turns[1:] })
}

// Become gives the order with the bank's own number id another future: what decide
// returns, which is told where the order stands and what its account holds. The zero
// Act leaves it. decide is called under the bank's lock, so that of two callers only
// one finds the order as it was, and must not call the bank. Become reports whether
// there is such an order and its future changed.
func (s *Server) Become(id string, decide func(Statement, Funds) Act) bool {
	return s.become(id, func(o *order) []Turn { return decide(o.statement(), s.ledger.Funds(o.Account)).Turns })
}

func (s *Server) become(id string, future func(*order) []Turn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.orders {
		if o.ID != id {
			continue
		}
		turns := future(o)
		if len(turns) == 0 {
			return false
		}
		o.turns = turns
		s.settle(o)
		return true
	}
	return false
}
