package provider_test

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"testing"
)

// pipes is a network in memory, for tests under testing/synctest: what its dial
// returns, its Accept has the other end of.
type pipes struct {
	ends   chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{ends: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
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
