package bank

import (
	"slices"
	"time"

	"github.com/payoutkit/payout"
)

// Order is a payout as a bank keeps it.
type Order struct {
	Reference   string       // the client's
	ID          string       // the bank's
	Money       payout.Money // the zero Money moves nothing: a card to keep, not a payout
	Fee         payout.Money // the zero Money is none
	Destination string       // masked, see [MaskCard]
	Account     string       // what it is paid from
	Details     any          // what the bank needs for its answers; no card number, no secret
	Created     time.Time    // set by Create

	// Decide is what the bank does by itself, by the funds of Account; nil pays.
	Decide func(Funds) Act
	// Lag is how the bank hides its new orders by itself.
	Lag Lag
	// Untold: the answer to Create says nothing of the first turn, so that the first
	// status call tells it.
	Untold bool
	// Expire, if set, is asked whenever somebody looks at the order what the passing of
	// time makes of it; the zero Act leaves it as it stands. It is called under the
	// bank's lock.
	Expire func(at Turn, now time.Time) Act
}

// order is an Order and where it stands. It is guarded by Server.mu.
type order struct {
	Order
	turns  []Turn // the first is where it stands
	moved  bool
	back   bool
	hidden int // status calls still to be answered "not found"
	shown  time.Time
	untold bool // the next status call tells the first turn
	expire func(Turn, time.Time) Act
}

// Create makes an order and returns its answer, which say writes. again answers when
// there is an order of that reference already, told of the first one; without again
// the bank makes another order, which moves money again.
func (c *Call) Create(o Order, say, again func(Statement) Answer) Answer {
	c.arrive(o.Reference, "")
	if !c.begin() || c.script.Act.Ignore {
		return c.nothing()
	}
	s := c.server
	s.mu.Lock()
	if again != nil {
		if have := s.named[byReference(o.Reference)]; len(have) > 0 {
			s.age(have[0])
			first := have[0].statement()
			s.mu.Unlock()
			return c.said(first, again)
		}
	}
	o.Created = c.Now()
	act, lag := c.script.Act, c.script.Lag
	if act.isZero() && o.Decide != nil {
		act = o.Decide(s.ledger.Funds(o.Account))
	}
	if act.isZero() {
		act = Pay()
	}
	if lag == (Lag{}) {
		lag = o.Lag
	}
	made := &order{Order: o, turns: act.Turns, hidden: lag.Calls, shown: o.Created.Add(lag.Time), untold: o.Untold, expire: o.Expire}
	made.Decide, made.Expire = nil, nil // what is said of an order holds facts
	s.add(made)
	s.settle(made)
	first := made.statement()
	s.mu.Unlock()
	return c.said(first, say)
}

// Query says which order a status call is about: the newest for which everything
// that is set agrees.
type Query struct {
	Reference string
	ID        string
	Match     func(Order) bool // called under the bank's lock; nil agrees
}

// about puts a call about an order into the log, by the order's reference, and waits
// until the bank may act. False: it does nothing.
func (c *Call) about(q Query) bool {
	s := c.server
	s.mu.Lock()
	found := s.lookup(q)
	s.mu.Unlock()
	reference := q.Reference
	if found != nil {
		reference = found.Order.Reference
	}
	c.arrive(reference, "")
	return c.begin() && !c.script.Act.Ignore
}

// Find takes the order of q one turn further and answers what say writes about it, or
// missing.
func (c *Call) Find(q Query, say func(Statement) Answer, missing Answer) Answer {
	if !c.about(q) {
		return c.nothing()
	}
	s := c.server
	s.mu.Lock()
	found := s.lookup(q) // it may have landed while this call was held
	if found != nil && (found.hidden > 0 || c.Now().Before(found.shown)) {
		found.hidden = max(found.hidden-1, 0)
		found = nil
	}
	if found == nil {
		s.mu.Unlock()
		return missing
	}
	switch next := c.script.Act; {
	case !next.isZero():
		found.turns, found.untold = next.Turns, false
	case found.untold:
		found.untold = false
	case len(found.turns) > 1:
		found.turns = found.turns[1:]
	}
	s.settle(found)
	now := found.statement()
	s.mu.Unlock()
	return c.said(now, say)
}

// Advance gives the newest order of reference another future, as if the bank had
// changed its mind by itself. It reports whether there is such an order.
func (s *Server) Advance(reference string, act Act) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.lookup(Query{Reference: reference})
	if found == nil || len(act.Turns) == 0 {
		return false
	}
	s.turn(found, act)
	return true
}

// Orders returns all orders, in the order in which they were made.
func (s *Server) Orders() []Statement {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Statement, len(s.orders))
	for i, o := range s.orders {
		s.age(o)
		all[i] = o.statement()
	}
	return all
}

// add keeps an order. Its reference and its ID never change.
func (s *Server) add(o *order) {
	s.orders = append(s.orders, o)
	if s.named == nil {
		s.named = map[string][]*order{}
	}
	for _, name := range []string{byReference(o.Order.Reference), byID(o.ID)} {
		s.named[name] = append(s.named[name], o)
	}
}

func byReference(reference string) string { return "reference " + reference }
func byID(id string) string               { return "id " + id }

// lookup returns the newest order that a query is about. A bank may have many: they are
// not all looked at.
func (s *Server) lookup(q Query) *order {
	among := s.orders
	switch {
	case q.Reference != "":
		among = s.named[byReference(q.Reference)]
	case q.ID != "":
		among = s.named[byID(q.ID)]
	}
	for _, o := range slices.Backward(among) {
		if (q.Reference == "" || q.Reference == o.Order.Reference) && (q.ID == "" || q.ID == o.ID) &&
			(q.Match == nil || q.Match(o.Order)) {
			s.age(o)
			return o
		}
	}
	return nil
}

// settle moves the money that the order's turn moves.
func (s *Server) settle(o *order) {
	if o.Money == (payout.Money{}) {
		return
	}
	turn := o.turns[0]
	e := Entry{
		Reference: o.Order.Reference, OrderID: o.ID, Money: o.Money, Fee: o.Fee,
		Destination: o.Destination, Account: o.Account, Time: s.cfg.Now(),
	}
	if (turn.State == Paid || turn.Moves) && !o.moved {
		o.moved = true
		s.ledger.move(e)
	}
	if turn.State == Returned && o.moved && !o.back {
		o.back, e.Back = true, true
		s.ledger.move(e)
	}
	if s.cfg.Turned != nil {
		s.cfg.Turned(o.statement())
	}
}

func (o *order) statement() Statement { return Statement{Order: o.Order, Turn: o.turns[0]} }

// said lets the script alter a statement and has it written.
func (c *Call) said(s Statement, say func(Statement) Answer) Answer {
	if c.script.Alter != nil {
		c.script.Alter(&s)
	}
	return say(s)
}
