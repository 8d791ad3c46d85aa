package bank

import "slices"

// Proceed takes the order with the bank's own number id one turn further, as a status
// call does, though nobody asks. It reports whether there was a turn to go to.
func (s *Server) Proceed(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.orders, func(o *order) bool { return o.ID == id })
	if i < 0 || len(s.orders[i].turns) < 2 {
		return false
	}
	s.orders[i].turns = s.orders[i].turns[1:]
	s.settle(s.orders[i])
	return true
}
