package bank

import (
	"slices"
	"time"
)

// Script is one way to behave, for the calls that it names. The zero values are the
// normal behaviour of a bank, for every call.
type Script struct {
	// Operation and Reference say for which calls; "" is any.
	Operation Operation
	Reference string
	// Times is for how many of those calls; 0 is for every one.
	Times int

	// Hold keeps the bank from acting until the gate opens, whether the client still
	// waits or not: so a request lands late. It ends with the server, without acting.
	Hold *Gate
	// Act is what the bank does. On a status call it replaces what was still to come
	// of the order.
	Act Act
	// Lag hides the order that this call makes from status calls for a while.
	Lag Lag
	// Alter makes the bank's answer say something else than what it did.
	Alter func(*Statement)
	// Reply is what becomes of the answer on its way. By itself it does not keep the
	// bank from acting: for that say Act: Nothing().
	Reply Reply
}

// Script adds scripts. Of those that name a call the first one with Times left is
// used, in the order in which they were added. A call that the bank refuses as
// malformed uses up none.
func (s *Server) Script(scripts ...Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, script := range scripts {
		s.scripts = append(s.scripts, &scripted{Script: script})
	}
}

// ClearScripts returns to normal behaviour for the calls to come.
func (s *Server) ClearScripts() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts = nil
}

type scripted struct {
	Script
	used int
}

// take returns the script for a call and counts it as used.
func (s *Server) take(op Operation, reference string) Script {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.scripts, func(c *scripted) bool {
		return (c.Operation == "" || c.Operation == op) &&
			(c.Reference == "" || c.Reference == reference) &&
			(c.Times == 0 || c.used < c.Times)
	})
	if i < 0 {
		return Script{}
	}
	s.scripts[i].used++
	return s.scripts[i].Script
}

// Lag hides a new order from status calls: for the next Calls of them, and until Time
// has passed by the bank's clock.
type Lag struct {
	Calls int
	Time  time.Duration
}
