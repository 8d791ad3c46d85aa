package provider

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// guardedConn counts what passes a socket, and can be locked, so that "no byte has
// left" stays true once it was seen: the goroutine of net/http that writes a request
// may otherwise still do so after the call has returned an error.
type guardedConn struct {
	net.Conn

	mu      sync.Mutex
	locked  bool
	written int64
	cut     bool  // the socket came to its end
	turn    *turn // of the call that uses the connection now
}

// turn is one call's use of a connection.
type turn struct {
	before   int64 // what was written to the socket before
	permit   func() bool
	answered bool // something came in after the call first wrote
}

var (
	errLocked       = errors.New("payout: connection locked after its request was given up")
	errNotPermitted = errors.New("payout: the permit to send was refused")
	errNoConn       = errors.New("payout: the dialer returned no connection")
)

func (c *guardedConn) Write(b []byte) (int, error) {
	c.mu.Lock()
	if c.locked {
		c.mu.Unlock()
		return 0, errLocked
	}
	if c.turn != nil && c.written == c.turn.before && !c.turn.permit() {
		c.locked = true
		c.mu.Unlock()
		return 0, errNotPermitted
	}
	c.written += int64(len(b)) // before the write: a byte that may be on its way counts
	c.mu.Unlock()
	return c.Conn.Write(b)
}

// Read notes the end of the socket. TLS above it ends without that if the other
// side said that it was done (close_notify).
func (c *guardedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.turn != nil && c.turn.before != c.written && n > 0 {
		c.turn.answered = true
	}
	c.cut = c.cut || errors.Is(err, io.EOF)
	return n, err
}

// begin hands the connection to a call. Its first byte needs the call's permit.
func (c *guardedConn) begin(permit func() bool) *turn {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn = &turn{before: c.written, permit: permit}
	return c.turn
}

// answered reports whether anything came in after the call first wrote, whoever has
// the connection by now.
func (c *guardedConn) answered(t *turn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return t.answered
}

// wasCut reports whether the socket came to its end.
func (c *guardedConn) wasCut() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cut
}

// lock lets nothing more out.
func (c *guardedConn) lock() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.locked = true
}

// abandon ends the connection for a call that is given up, and reports whether it
// is proved that nothing was written to it since the turn began. It does nothing to
// a connection that another call has taken over: then the answer was there.
//
// The socket is closed under TLS, because TLS would first say goodbye, and may wait
// for that.
func (c *guardedConn) abandon(t *turn) (untouched bool) {
	c.mu.Lock()
	mine := c.turn == t
	untouched = mine && c.written == t.before
	c.locked = c.locked || mine
	c.mu.Unlock()
	if mine {
		_ = c.Close()
	}
	return untouched
}

// guarded wraps what dial returns. The limit reaches dial as the deadline of its
// context.
func guarded(dial func(context.Context, string, string) (net.Conn, error), limit time.Duration) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		conn, err := dial(ctx, network, address)
		switch {
		case err != nil:
			return nil, err
		case conn == nil:
			return nil, errNoConn
		}
		return &guardedConn{Conn: conn}, nil
	}
}

// guardOf finds the guardedConn under TLS, and how many layers of it lie above: one,
// or two through a proxy that is reached by TLS itself.
func guardOf(conn net.Conn) (guard *guardedConn, layers int) {
	for conn != nil {
		switch c := conn.(type) {
		case *guardedConn:
			return c, layers
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
			layers++
		default:
			return nil, layers
		}
	}
	return nil, layers
}
