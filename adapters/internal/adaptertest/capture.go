// Package adaptertest is what the tests of the adapters share. Only tests import it.
package adaptertest

import (
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/payoutkit/payout/provider"
)

// Capture is a bank that understands nothing: it keeps what it is sent, to the byte,
// and says what it was told to say. It is safe for concurrent use.
type Capture struct {
	server *httptest.Server

	mu     sync.Mutex
	answer func(Sent) (status int, body string)
	sent   []Sent
}

// Sent is one request as it arrived.
type Sent struct {
	Method string
	Target string // as in the request line
	Host   string
	Header http.Header
	Body   string
}

// NewCapture starts a Capture, which answers 200 with an empty JSON object. Close it
// when done.
func NewCapture() *Capture {
	c := &Capture{}
	c.Say(http.StatusOK, "{}")
	c.server = httptest.NewUnstartedServer(http.HandlerFunc(c.serve))
	c.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	c.server.StartTLS()
	return c
}

func (c *Capture) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	sent := Sent{Method: r.Method, Target: r.RequestURI, Host: r.Host, Header: r.Header.Clone(), Body: string(body)}
	c.mu.Lock()
	c.sent = append(c.sent, sent)
	answer := c.answer
	c.mu.Unlock()
	status, text := answer(sent)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// Say sets the answer to the requests to come.
func (c *Capture) Say(status int, body string) {
	c.Answer(func(Sent) (int, string) { return status, body })
}

// Answer has the answers to come made from the requests.
func (c *Capture) Answer(answer func(Sent) (status int, body string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer = answer
}

// Sent returns what has arrived, in order.
func (c *Capture) Sent() []Sent {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Sent(nil), c.sent...)
}

// URL is https, on a free loopback port.
func (c *Capture) URL() string { return c.server.URL }

// HTTP is how to reach it.
func (c *Capture) HTTP() provider.HTTP {
	roots := x509.NewCertPool()
	roots.AddCert(c.server.Certificate())
	return provider.HTTP{Roots: roots}
}

// Close ends the connections and the server.
func (c *Capture) Close() { c.server.Close() }
