package provider

import (
	"net"
	"sync"
)

// sendings are the connections that one call was given, each with its turn:
// what the handshake and earlier calls wrote is not of this call.
//
// What TLS says by itself on an open connection (close_notify, a key update) counts
// as well: the counter stands at the socket, and can't tell. It can only turn "not
// sent" into "unknown", never the other way.
type sendings struct {
	permit    func() bool // see payout.WithSendPermit
	mu        sync.Mutex
	conns     []sending
	over      bool // given up: nothing may leave any more
	handshake bool // a TLS handshake failed
}

type sending struct {
	guard  *guardedConn // nil: a connection that can't be watched
	turn   *turn
	layers int
}

// got is told of each connection before anything is written to it. net/http takes
// a second one to send the request again, for reasons of its own: that is allowed
// while nothing of the request has left, and can't happen afterwards, because the
// second connection lets nothing out.
func (s *sendings) got(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	barred := s.over || !s.abandon()
	guard, layers := guardOf(conn)
	if guard == nil {
		_ = conn.Close()
		s.conns = append(s.conns, sending{})
		return
	}
	if barred {
		guard.lock()
	}
	s.conns = append(s.conns, sending{guard, guard.begin(s.permit), layers})
}

// abandon ends all connections, and reports whether nothing was written to any.
func (s *sendings) abandon() bool {
	nothing := true
	for _, c := range s.conns {
		if c.guard == nil || !c.guard.abandon(c.turn) {
			nothing = false
		}
	}
	return nothing
}

// giveUp ends the sending, and reports whether it is proved that no byte of the
// call has left or will leave. It comes before net/http closes a connection: the
// goodbye of TLS would count.
func (s *sendings) giveUp() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	return s.abandon()
}

// answered reports whether what net/http took for the answer can be one: it came
// after the call was sent. An answer too many to an earlier call may lie in a buffer
// of a reused connection; such a connection is out of step for good, and to be given
// up.
func (s *sendings) answered() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.last()
	return last.guard != nil && last.guard.answered(last.turn)
}

// whole reports whether a body that ends where the connection does was seen to its
// end: the bank must have said that it was done. Two layers of TLS hide that.
func (s *sendings) whole() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.last()
	return last.guard != nil && last.layers == 1 && !last.guard.wasCut()
}

func (s *sendings) last() sending {
	if len(s.conns) == 0 {
		return sending{}
	}
	return s.conns[len(s.conns)-1]
}

func (s *sendings) connected() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns) > 0
}

// replaced reports whether net/http took another connection, having lost the first.
func (s *sendings) replaced() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns) > 1
}

func (s *sendings) handshakeFailed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.handshake
}

func (s *sendings) handshakeDone(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handshake = s.handshake || err != nil
}
