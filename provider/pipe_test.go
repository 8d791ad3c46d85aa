package provider_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// pipes is a network in memory, for tests under testing/synctest: what its dial
// returns, its Accept has the other end of.
type pipes struct {
	ends   chan net.Conn
	closed chan struct{}
	once   sync.Once
	tight  bool // net.Pipe: nothing is taken before it is read
}

func newPipes() *pipes { return &pipes{ends: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := wire()
	if p.tight {
		near, far = net.Pipe()
	}
	select {
	case p.ends <- far:
		return near, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.ends:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return nil }

const pipeURL = "https://bank.test"

// openPipeBank is openBank in memory. Call it inside the bubble.
func openPipeBank(t testing.TB, config *tls.Config, serve func(*exchange)) (*bank, *pipes) {
	t.Helper()
	p := newPipes()
	return openBankOn(t, p, pipeURL, config, serve), p
}

// wire returns the two ends of a connection that takes all that is written at once,
// as a network with room does. Over net.Pipe two sides that say goodbye at the same
// time wait for each other, which net/http does under a lock, and a bubble's clock
// stands still while somebody waits for a lock.
func wire() (near, far net.Conn) {
	there, back := newFlow(), newFlow()
	return &end{in: back, out: there}, &end{in: there, out: back}
}

// flow is one direction.
type flow struct {
	mu       sync.Mutex
	waiting  []byte
	ended    bool          // nothing more will be written
	unwanted bool          // nothing more will be read
	changed  chan struct{} // has room for one
}

func newFlow() *flow { return &flow{changed: make(chan struct{}, 1)} }

func (f *flow) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
	select {
	case f.changed <- struct{}{}:
	default:
	}
}

type end struct{ in, out *flow }

func (e *end) Read(b []byte) (n int, err error) {
	for {
		again := false
		e.in.mu.Lock()
		switch {
		case e.in.unwanted:
			err = io.ErrClosedPipe
		case len(e.in.waiting) > 0:
			n = copy(b, e.in.waiting)
			e.in.waiting = e.in.waiting[n:]
		case e.in.ended:
			err = io.EOF
		default:
			again = true
		}
		e.in.mu.Unlock()
		if !again {
			return n, err
		}
		<-e.in.changed
	}
}

func (e *end) Write(b []byte) (n int, err error) {
	e.out.change(func() {
		if e.out.ended || e.out.unwanted {
			err = io.ErrClosedPipe
			return
		}
		e.out.waiting = append(e.out.waiting, b...)
		n = len(b)
	})
	return n, err
}

func (e *end) Close() error {
	e.in.change(func() { e.in.unwanted = true })
	e.out.change(func() { e.out.ended = true })
	return nil
}

func (e *end) LocalAddr() net.Addr  { return pipeAddr{} }
func (e *end) RemoteAddr() net.Addr { return pipeAddr{} }

// Nobody sets a deadline but TLS, for a goodbye that is taken at once.
func (e *end) SetDeadline(time.Time) error      { return nil }
func (e *end) SetReadDeadline(time.Time) error  { return nil }
func (e *end) SetWriteDeadline(time.Time) error { return nil }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }
