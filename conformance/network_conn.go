package conformance

import (
	"crypto/tls"
	"net"
	"sync"
	"sync/atomic"
)

// listener keeps its connections in hand, so that they can be cut below TLS.
type listener struct {
	net.Listener

	mu     sync.Mutex
	conns  map[*conn]bool
	cuts   int // requests whose connection was cut as they began
	armed  int // how many of the next requests on a warm connection are cut as they begin
	spoken int // connections on which our side has said something
	group  sync.WaitGroup
}

func listen() (*listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it takes no time
	if err != nil {
		return nil, err
	}
	return &listener{Listener: l, conns: map[*conn]bool{}}, nil
}

// Accept implements [net.Listener].
func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	wrapped := &conn{Conn: c, of: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns[wrapped] = true
	l.group.Add(1)
	return wrapped, nil
}

// closeAll ends every connection.
func (l *listener) closeAll() { l.closeIf(func(*conn) bool { return true }) }

// closeIdle ends, in order, every connection that has served a request, as a bank
// does that keeps them for less time than its client.
func (l *listener) closeIdle() { l.closeIf(func(c *conn) bool { return c.served.Load() > 0 }) }

func (l *listener) closeIf(which func(*conn) bool) {
	l.mu.Lock()
	var some []*conn
	for c := range l.conns {
		if which(c) {
			some = append(some, c)
		}
	}
	l.mu.Unlock()
	for _, c := range some {
		_ = c.Close()
	}
}

// cutNext has the next request on a connection that has served one before cut at
// its first byte, before anybody reads what it asks.
func (l *listener) cutNext() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.armed++
}

// begun returns how many requests were cut as they began.
func (l *listener) begun() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cuts
}

// answered returns on how many connections our side has begun to say something: without
// that no handshake can end, and so no connection be up, as the adapter sees it.
func (l *listener) answered() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.spoken
}

// conn is one connection from the adapter.
type conn struct {
	net.Conn
	of     *listener
	served atomic.Int32 // requests
	spoke  sync.Once
	once   sync.Once
}

// Write implements [net.Conn].
func (c *conn) Write(b []byte) (int, error) {
	c.spoke.Do(func() {
		c.of.mu.Lock()
		defer c.of.mu.Unlock()
		c.of.spoken++
	})
	return c.Conn.Write(b)
}

// Read implements [net.Conn]. It cuts the connection if the bytes that it has begin a
// request that is to be cut.
func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && c.served.Load() > 0 && c.of.cut() {
		if tcp, ok := c.Conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // a reset
		}
		_ = c.Close()
		return 0, net.ErrClosed
	}
	return n, err
}

func (l *listener) cut() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.armed == 0 {
		return false
	}
	l.armed--
	l.cuts++
	return true
}

// Close implements [net.Conn].
func (c *conn) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() {
		c.of.mu.Lock()
		delete(c.of.conns, c)
		c.of.mu.Unlock()
		c.of.group.Done()
	})
	return err
}

// connOf finds the conn under TLS.
func connOf(nc net.Conn) *conn {
	if t, ok := nc.(*tls.Conn); ok {
		nc = t.NetConn()
	}
	c, _ := nc.(*conn)
	return c
}
