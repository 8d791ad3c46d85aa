package bank

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// Config is what a simulated bank stands on. The zero Config is a server on a free
// port of 127.0.0.1, with the time and the randomness of this machine.
type Config struct {
	// Listener takes the connections; nil is a free port of 127.0.0.1. A TCP listener
	// has to be on the loopback interface. Start owns it: it is closed with the server.
	Listener net.Listener

	// Now is the bank's clock; nil is time.Now.
	Now func() time.Time

	// Rand is what order numbers are made from; nil is crypto/rand. It is read by one
	// goroutine at a time. Keys are always from crypto/rand.
	Rand io.Reader

	// IdleTimeout is how long the bank keeps a connection without requests open;
	// 0 is for ever.
	IdleTimeout time.Duration

	// NotFound answers requests that no route takes; nil is a bare 404.
	NotFound func(*Call) Answer

	// Turned, if set, is told of every turn that an order with money comes to, and of
	// the same one again when somebody asks. It is called under the bank's lock and must
	// not call the bank.
	Turned func(Statement)
}

// Server is a running simulated bank. Its methods are safe for concurrent use.
type Server struct {
	cfg    Config
	routes []Route
	http   *http.Server
	url    string
	roots  *x509.CertPool
	root   []byte // the authority's certificate
	ledger *Ledger
	log    requestLog

	connections sync.WaitGroup
	closing     sync.Once
	done        chan struct{} // closed by Close

	mu      sync.Mutex // guards everything below
	orders  []*order
	named   map[string][]*order // by reference and by ID: see lookup
	scripts []*scripted
	drops   []Drop
	conns   map[*conn]struct{}
	opened  int // connections so far
	serial  int64
}

// Start starts a bank that takes routes. Close it when done.
func Start(cfg Config, routes ...Route) (*Server, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	if cfg.Listener == nil {
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("bank: listen on the loopback interface: %w", err)
		}
		cfg.Listener = l
	}
	host := "localhost"
	if a, ok := cfg.Listener.Addr().(*net.TCPAddr); ok {
		if !a.IP.IsLoopback() {
			return nil, errors.Join(errors.New("bank: a simulated bank listens on the loopback interface only"), cfg.Listener.Close())
		}
		host = a.String()
	}
	certificate, root, err := newAuthority(cfg.Now())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bank: make a certificate: %w", err), cfg.Listener.Close())
	}
	s := &Server{
		cfg:    cfg,
		routes: routes,
		url:    "https://" + host,
		roots:  x509.NewCertPool(),
		root:   root.Raw,
		done:   make(chan struct{}),
		conns:  make(map[*conn]struct{}),
	}
	s.roots.AddCert(root)
	s.ledger = newLedger()
	s.http = &http.Server{ // #nosec G112 -- its clients are tests on this machine
		Handler:     http.HandlerFunc(s.serve),
		ErrorLog:    log.New(io.Discard, "", 0), // broken connections are what a simulated bank is for
		ConnState:   s.connState,
		ConnContext: withConn,
		IdleTimeout: cfg.IdleTimeout,
	}
	l := &listener{Listener: cfg.Listener, server: s, tls: &tls.Config{
		Certificates: []tls.Certificate{certificate},
		MinVersion:   tls.VersionTLS12,
		NextProtos:   []string{"http/1.1"},
		Time:         cfg.Now,
		// On an unbuffered pipe a ticket and the client's first bytes would wait for each other.
		SessionTicketsDisabled: true,
	}}
	s.connections.Go(func() { _ = s.http.Serve(l) })
	return s, nil
}

// URL returns the server's address, "https://127.0.0.1:PORT", without a path. For a
// listener in memory it is "https://localhost".
func (s *Server) URL() string { return s.url }

// String names the server, and nothing that it knows.
func (s *Server) String() string { return "simulated bank at " + s.url }

// GoString is String.
func (s *Server) GoString() string { return s.String() }

// Roots returns what to trust in order to trust this server, and nothing else.
func (s *Server) Roots() *x509.CertPool { return s.roots.Clone() }

// RootPEM returns the certificate of the authority to trust, for a client that reads it
// from a file.
func (s *Server) RootPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.root})
}

// Ledger returns the bank's book of moved money.
func (s *Server) Ledger() *Ledger { return s.ledger }

// Close cuts all connections, ends every hold and returns when no goroutine of the
// server is left. What the bank knows can still be read afterwards.
func (s *Server) Close() {
	s.closing.Do(func() {
		close(s.done)
		_ = s.http.Close()
	})
	s.connections.Wait()
}
