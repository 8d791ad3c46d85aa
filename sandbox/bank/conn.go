package bank

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync/atomic"
)

// Drop tells the server to cut connections at the first byte of a request, before
// it reads what is asked: the bank does nothing, and the client can't tell.
type Drop struct {
	// Times is how many requests are dropped; 0 is one.
	Times int
	// Warm: drop only on connections that have served a request before.
	Warm bool
	// Reset ends the connection with a TCP reset rather than in order.
	Reset bool
}

// Drop makes the server drop connections, see [Drop]. Each dropped request is in the
// log as operation [Dropped].
func (s *Server) Drop(d Drop) {
	d.Times = max(d.Times, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drops = append(s.drops, d)
}

// CloseIdle closes the connections that wait for a request, as a bank does that keeps
// them for less time than its client, and returns how many there were.
func (s *Server) CloseIdle() int {
	s.mu.Lock()
	var idle []*conn
	for c := range s.conns {
		if c.served.Load() > 0 && c.between.Load() {
			idle = append(idle, c)
		}
	}
	s.mu.Unlock()
	for _, c := range idle {
		_ = c.Close()
	}
	return len(idle)
}

// takeDrop uses up one drop that fits a connection.
func (s *Server) takeDrop(warm bool) (Drop, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.drops {
		d := &s.drops[i]
		if d.Times > 0 && (warm || !d.Warm) {
			d.Times--
			return *d, true
		}
	}
	return Drop{}, false
}

// listener puts TLS and a conn of ours around each connection. net/http sees no
// *tls.Conn and so speaks HTTP/1.1 only.
type listener struct {
	net.Listener
	server *Server
	tls    *tls.Config
}

func (l *listener) Accept() (net.Conn, error) {
	raw, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: tls.Server(raw, l.tls), raw: raw, server: l.server}
	c.between.Store(true)
	l.server.mu.Lock()
	defer l.server.mu.Unlock()
	l.server.opened++
	c.number = l.server.opened
	l.server.conns[c] = struct{}{}
	return c, nil
}

// conn is one connection. It knows where one request ends and the next begins.
type conn struct {
	*tls.Conn
	raw    net.Conn
	server *Server
	number int

	served  atomic.Int64 // requests answered
	between atomic.Bool  // no byte of the next request was read yet
	dropped atomic.Bool  // TLS may still hold bytes of a request that was dropped
}

// Read reads, unless these are the first bytes of a request that is to be dropped.
func (c *conn) Read(p []byte) (int, error) {
	if c.dropped.Load() {
		return 0, net.ErrClosed
	}
	n, err := c.Conn.Read(p)
	if n > 0 && c.between.CompareAndSwap(true, false) {
		served := c.served.Load()
		if d, ok := c.server.takeDrop(served > 0); ok {
			c.dropped.Store(true)
			c.server.log.add(Request{Time: c.server.cfg.Now(), Conn: c.number, Reused: served > 0, Operation: Dropped})
			c.abort(d.Reset)
			return 0, net.ErrClosed
		}
	}
	return n, err
}

// answered is called before the last byte of an answer is written: whatever is read
// from now on belongs to the next request.
func (c *conn) answered() {
	c.served.Add(1)
	c.between.Store(true)
}

// abort closes the connection without the farewell of TLS.
func (c *conn) abort(reset bool) {
	if tcp, ok := c.raw.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0)
	}
	_ = c.raw.Close()
}

func (s *Server) connState(nc net.Conn, state http.ConnState) {
	c := nc.(*conn) // listener accepts no others
	switch state {
	case http.StateNew:
		s.connections.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
		s.connections.Done()
	}
}

type connKey struct{}

func withConn(ctx context.Context, nc net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, nc)
}
