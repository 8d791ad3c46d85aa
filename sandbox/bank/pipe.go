package bank

import (
	"context"
	"net"
	"sync"
)

// Pipe is a listener in memory, for banks that run inside testing/synctest, where
// sockets don't count as waiting. Its connections are those of net.Pipe.
//
//	pipe := bank.NewPipe()
//	b, err := bank.Start(bank.Config{Listener: pipe}, routes...)
//	transport := &http.Transport{DialContext: pipe.DialContext, ...}
type Pipe struct {
	once   sync.Once
	closed chan struct{}
	dialed chan net.Conn
}

// NewPipe returns a listener that [Pipe.DialContext] connects to.
func NewPipe() *Pipe {
	return &Pipe{closed: make(chan struct{}), dialed: make(chan net.Conn)}
}

// DialContext connects to whoever accepts, whatever the address says.
func (p *Pipe) DialContext(ctx context.Context, network, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	var err error
	select {
	case p.dialed <- server:
		return client, nil
	case <-p.closed:
		err = net.ErrClosed
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	_ = client.Close()
	_ = server.Close()
	return nil, &net.OpError{Op: "dial", Net: network, Addr: pipeAddr{}, Err: err}
}

// Accept implements [net.Listener].
func (p *Pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.dialed:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener]. Dialing fails from then on.
func (p *Pipe) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr implements [net.Listener].
func (p *Pipe) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }
