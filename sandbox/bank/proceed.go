package bank

// Proceed takes the order with the bank's own number id one turn further, as a status
// call does, though nobody asks. It reports whether there was a turn to go to.
func (s *Server) Proceed(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.named[byID(id)]
	if len(found) == 0 || len(found[0].turns) < 2 {
		return false
	}
	found[0].turns = found[0].turns[1:]
	s.settle(found[0])
	return true
}
