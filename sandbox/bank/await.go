package bank

// Await is a bank that waits for the recipient to do something at a page of the bank's:
// it says "under way", and no status call takes the order further. [Server.Resume]
// does, when it is done.
func Await() Act { return Act{Turns: []Turn{{State: Pending, Waits: true}}} }

// Resume ends the waiting of the order with the bank's own number id: it takes the
// order one turn further. It reports whether the order waited.
func (s *Server) Resume(id string) bool { return s.step(id, true) }

// Proceed takes the order with the bank's own number id one turn further, as a status
// call does, though nobody asks. It reports whether there was a turn to go to; an order
// that waits has none.
func (s *Server) Proceed(id string) bool { return s.step(id, false) }

func (s *Server) step(id string, waits bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.lookup(Query{ID: id})
	if found == nil || id == "" || len(found.turns) < 2 || found.turns[0].Waits != waits {
		return false
	}
	found.turns = found.turns[1:]
	s.settle(found)
	return true
}
