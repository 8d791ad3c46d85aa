package conformance

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// network stands between an adapter and its bank: TLS on a loopback port, a count
// of what arrives, and faults. A fault is for the next request that could make a
// payout, that is, any but GET and HEAD.
type network struct {
	url       string
	ca        *authority
	roots     *x509.CertPool
	server    *http.Server
	running   sync.WaitGroup
	wire      *listener
	bank      *url.URL
	bankRoots *x509.CertPool
	out       *http.Transport
	closing   chan struct{}

	mu        sync.Mutex
	changed   *sync.Cond // something arrived, or a fault was done with the bank
	faults    []fault    // for requests that could make a payout
	questions []fault    // for any request, before those
	requests  []arrival
	forwarded int // by faults
	closed    bool
}

// arrival is one request that was read whole.
type arrival struct {
	method string
	conn   *conn
	nth    int // of its connection, from 1
}

// fault is what becomes of one request and its answer.
type fault struct {
	// forward: the bank gets the request, acts and answers.
	forward bool
	// reply writes what the adapter sees; answer is the bank's, nil if not forwarded.
	// Nil: the answer as it is.
	reply func(c *exchange)
}

// exchange is one request being answered by a fault.
type exchange struct {
	w       http.ResponseWriter
	r       *http.Request
	answer  *recorded
	closing <-chan struct{}
}

// recorded is the bank's answer.
type recorded struct {
	status int
	header http.Header
	body   []byte
}

// newNetwork lays a network in front of a bank.
func newNetwork(bank Bank) (*network, error) {
	u, err := url.Parse(bank.URL())
	if err != nil {
		return nil, err
	}
	ca, err := newAuthority()
	if err != nil {
		return nil, err
	}
	certificate, err := ca.certificate(valid)
	if err != nil {
		return nil, err
	}
	return serve(u, bank.Roots(), ca, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
}

func serve(bank *url.URL, bankRoots *x509.CertPool, ca *authority, config *tls.Config) (*network, error) {
	l, err := listen()
	if err != nil {
		return nil, err
	}
	n := &network{
		url: "https://" + l.Addr().String(), ca: ca, roots: ca.pool(), wire: l, bank: bank, bankRoots: bankRoots,
		out:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: bankRoots, MinVersion: tls.VersionTLS12}, DisableCompression: true},
		closing: make(chan struct{}),
	}
	n.changed = sync.NewCond(&n.mu)
	n.server = &http.Server{
		Handler: http.HandlerFunc(n.serve),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, connOf(c))
		},
		ErrorLog:          log.New(io.Discard, "", 0),
		ReadHeaderTimeout: time.Minute,
	}
	n.running.Go(func() { _ = n.server.Serve(tls.NewListener(l, config)) })
	return n, nil
}

type connKey struct{}

// close cuts every connection and waits for what is being answered.
func (n *network) close() {
	close(n.closing)
	n.mu.Lock()
	n.closed = true
	n.changed.Broadcast()
	n.mu.Unlock()
	_ = n.server.Close()
	n.out.CloseIdleConnections()
	n.wire.closeAll()
	n.wire.group.Wait()
	n.running.Wait()
}

// shut refuses new connections and closes the idle ones.
func (n *network) shut() {
	_ = n.wire.Close()
	n.wire.closeAll()
}

// next arms a fault for the next request that could make a payout.
func (n *network) next(f fault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.faults = append(n.faults, f)
}

// nextAny arms a fault for the next request of any method: some banks are asked by
// GET.
func (n *network) nextAny(f fault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.questions = append(n.questions, f)
}

// count returns how many requests arrived that could make a payout, whole or, on a
// connection that was cut, begun.
func (n *network) count() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	total := n.wire.begun()
	for _, a := range n.requests {
		if changes(a.method) {
			total++
		}
	}
	return total
}

// all returns how many requests arrived, whatever their method.
func (n *network) all() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.requests)
}

// last returns the newest arrival.
func (n *network) last() arrival {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.requests) == 0 {
		return arrival{}
	}
	return n.requests[len(n.requests)-1]
}

// waitArrivals returns when more than before requests have arrived.
func (n *network) waitArrivals(before int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for len(n.requests) <= before && !n.closed {
		n.changed.Wait()
	}
}

// waitForwarded returns when the bank has answered a request that a fault hit.
func (n *network) waitForwarded() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for n.forwarded == 0 && !n.closed {
		n.changed.Wait()
	}
}

func changes(method string) bool { return method != http.MethodGet && method != http.MethodHead }

func (n *network) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	c, _ := r.Context().Value(connKey{}).(*conn)
	n.mu.Lock()
	n.requests = append(n.requests, arrival{method: r.Method, conn: c, nth: int(c.served.Add(1))})
	n.changed.Broadcast()
	f := fault{forward: true}
	switch {
	case len(n.questions) > 0:
		f, n.questions = n.questions[0], n.questions[1:]
	case changes(r.Method) && len(n.faults) > 0:
		f, n.faults = n.faults[0], n.faults[1:]
	}
	n.mu.Unlock()

	ex := &exchange{w: w, r: r, closing: n.closing}
	if f.forward {
		if ex.answer, err = n.forward(r, body); err != nil {
			panic(http.ErrAbortHandler) // the bank cut the connection: so do we
		}
	}
	if f.reply == nil {
		ex.deliver()
		return
	}
	n.mu.Lock()
	n.forwarded++
	n.changed.Broadcast()
	n.mu.Unlock()
	f.reply(ex)
}

// forward passes a request on once. The bank acts even if the adapter has gone.
func (n *network) forward(r *http.Request, body []byte) (*recorded, error) {
	u := *n.bank
	u.Path, u.RawPath, u.RawQuery = r.URL.Path, r.URL.RawPath, r.URL.RawQuery
	req, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.GetBody = nil
	req.Header = r.Header.Clone()
	req.Header.Del("Connection")
	req.Host = r.Host // some signatures cover it
	resp, err := n.out.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return &recorded{resp.StatusCode, resp.Header, answer}, nil
}

// deliver writes the bank's answer as it is.
func (ex *exchange) deliver() {
	for name, values := range ex.answer.header {
		ex.w.Header()[name] = values
	}
	ex.w.WriteHeader(ex.answer.status)
	_, _ = ex.w.Write(ex.answer.body)
}

// hijack takes the connection over from the server.
func (ex *exchange) hijack() net.Conn {
	c, _, err := ex.w.(http.Hijacker).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return c
}

// gone returns when the adapter has closed the connection, or the network closes.
func (ex *exchange) gone() {
	select {
	case <-ex.r.Context().Done():
	case <-ex.closing:
	}
}
