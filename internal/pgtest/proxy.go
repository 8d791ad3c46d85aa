package pgtest

import (
	"context"
	"io"
	"net"
	"sync"
)

// Proxy is the network between a program and its database.
type Proxy struct {
	listener net.Listener
	socket   string
	running  sync.WaitGroup

	mu    sync.Mutex
	cut   bool
	held  chan struct{} // closed: everything goes through
	conns map[net.Conn]bool
}

// Proxy listens for connections, and passes them on to the server, until the test ends.
func (s *Server) Proxy(t T) *Proxy {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	p := &Proxy{listener: l, socket: s.Socket(), conns: map[net.Conn]bool{}, held: make(chan struct{})}
	close(p.held)
	p.running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.running.Go(func() { p.pass(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		p.Cut()
		p.running.Wait()
	})
	return p
}

// keep reports whether a connection may stand.
func (p *Proxy) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cut {
		_ = c.Close()
		return false
	}
	p.conns[c] = true
	return true
}

func (p *Proxy) pass(in net.Conn) {
	out, err := new(net.Dialer).DialContext(context.Background(), "unix", p.socket)
	if err != nil {
		_ = in.Close()
		return
	}
	if !p.keep(in) || !p.keep(out) {
		_, _ = in.Close(), out.Close()
		return
	}
	var both sync.WaitGroup
	for _, pair := range [][2]net.Conn{{in, out}, {out, in}} {
		both.Go(func() {
			_, _ = io.Copy(held{p, pair[0]}, pair[1])
			_, _ = in.Close(), out.Close()
		})
	}
	both.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, in)
	delete(p.conns, out)
}

// Addr is where it listens.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Cut cuts every connection, and lets none through any more.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = true
	for c := range p.conns {
		_ = c.Close()
	}
}

// Mend lets connections through again.
func (p *Proxy) Mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = false
}

// held is a connection to which nothing gets while the proxy holds what goes through it.
type held struct {
	*Proxy
	to net.Conn
}

func (h held) Write(b []byte) (int, error) {
	h.mu.Lock()
	open := h.held
	h.mu.Unlock()
	<-open
	return h.to.Write(b)
}

// Hold keeps everything where it is, as a network does that has lost a route, or lets it go on.
func (p *Proxy) Hold(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if on {
		p.held = make(chan struct{})
	} else {
		close(p.held)
	}
}
