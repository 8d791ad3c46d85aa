package provider_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/provider"
)

// bank is a server on a loopback port whose every byte a test decides.
type bank struct {
	t      testing.TB
	listen net.Listener
	url    string

	mu       sync.Mutex
	open     []net.Conn
	conns    int
	requests []request
	reused   bool // see warm
	busy     sync.WaitGroup
}

// request is one that arrived whole.
type request struct {
	conn   int // the connection that it came on, from 1
	method string
	path   string
	host   string
	header http.Header
	body   string
}

// exchange is one connection, seen from the bank.
type exchange struct {
	net.Conn
	bank   *bank
	number int
	in     *bufio.Reader
}

// openBank serves each connection with serve, over TLS unless config is nil.
func openBank(t testing.TB, config *tls.Config, serve func(*exchange)) *bank {
	t.Helper()
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return openBankOn(t, listen, "https://"+listen.Addr().String(), config, serve)
}

func openBankOn(t testing.TB, listen net.Listener, url string, config *tls.Config, serve func(*exchange)) *bank {
	b := &bank{t: t, listen: listen, url: url}
	b.busy.Go(func() {
		for {
			conn, err := listen.Accept()
			if err != nil {
				return
			}
			b.busy.Go(func() { b.serve(conn, config, serve) })
		}
	})
	t.Cleanup(b.shut)
	return b
}

func (b *bank) serve(conn net.Conn, config *tls.Config, serve func(*exchange)) {
	b.mu.Lock()
	b.conns++
	b.open = append(b.open, conn)
	x := &exchange{bank: b, number: b.conns}
	b.mu.Unlock()
	defer conn.Close()
	x.Conn = conn
	if config != nil {
		secure := tls.Server(conn, config)
		if secure.Handshake() != nil {
			return
		}
		x.Conn = secure
	}
	x.in = bufio.NewReader(x.Conn)
	serve(x)
	_ = x.Close() // with TLS's goodbye, unless serve has cut it
}

// shut ends the bank, and returns when nothing more can arrive.
func (b *bank) shut() {
	_ = b.listen.Close()
	b.mu.Lock()
	for _, conn := range b.open {
		_ = conn.Close()
	}
	b.mu.Unlock()
	b.busy.Wait()
}

// drained waits until every connection has ended by itself, with all that was sent
// on it read, and returns the requests that arrived. The links must have been closed.
func (b *bank) drained() []request {
	b.t.Helper()
	_ = b.listen.Close()
	done := make(chan struct{})
	go func() { b.busy.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		b.t.Error("a connection was left open")
		b.shut()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.requests
}

func (b *bank) connections() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.conns
}

// request reads one whole request; false means that none came.
func (x *exchange) request() bool {
	r, err := http.ReadRequest(x.in)
	if err != nil {
		return false
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return false
	}
	x.bank.mu.Lock()
	defer x.bank.mu.Unlock()
	x.bank.requests = append(x.bank.requests, request{x.number, r.Method, r.URL.Path, r.Host, r.Header, string(body)})
	return true
}

// say writes bytes as they are.
func (x *exchange) say(text string) { _, _ = io.WriteString(x.Conn, text) }

// untilClosed reads until the client has ended the connection.
func (x *exchange) untilClosed() { _, _ = io.Copy(io.Discard, x.in) }

// cut ends the connection without a word of TLS.
func (x *exchange) cut() {
	if secure, ok := x.Conn.(*tls.Conn); ok {
		_ = secure.NetConn().Close()
		return
	}
	_ = x.Close()
}

// reset ends the connection so that the client sees a reset.
func (x *exchange) reset() {
	conn := x.Conn
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

const answerOK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

// answering answers every request with answerOK.
func answering(x *exchange) {
	for x.request() {
		x.say(answerOK)
	}
}

// warm answers the first request, so that the connection is kept, and does as it is
// told once the next one begins to come on it.
func warm(then func(*exchange)) func(*exchange) {
	return func(x *exchange) {
		if x.number > 1 {
			answering(x) // whoever comes twice would be served
			return
		}
		if !x.request() {
			return
		}
		x.say(answerOK)
		if _, err := x.in.Peek(1); err != nil {
			return
		}
		x.bank.mu.Lock()
		x.bank.reused = true
		x.bank.mu.Unlock()
		then(x)
	}
}

// reusing repeats a test until the call that matters came on a connection that had
// served before. net/http does not use one again if its own goroutine has not run
// within 50 ms, which can happen on a busy machine.
func reusing(t *testing.T, test func(*testing.T) *bank) {
	t.Helper()
	for range 50 {
		b := test(t)
		b.mu.Lock()
		reused := b.reused
		b.mu.Unlock()
		if reused || t.Failed() {
			return
		}
	}
	t.Fatal("no connection was used again")
}

// link opens a Link that trusts the tests' authority. On a real network its times
// are an hour, so that no test depends on speed.
func link(t testing.TB, url string, h provider.HTTP) *provider.Link {
	t.Helper()
	return hookedLink(t, url, h, nil)
}

// hookedLink calls connected whenever a call has got its connection and has not
// begun to write.
func hookedLink(t testing.TB, url string, h provider.HTTP, connected func()) *provider.Link {
	t.Helper()
	if h.Roots == nil {
		h.Roots = trusted().roots()
	}
	if url != pipeURL {
		h.Timeout, h.ConnectTimeout = time.Hour, time.Hour
		if h.IdleTimeout == 0 {
			h.IdleTimeout = time.Hour
		}
	}
	l, err := h.OpenHooked(url, connected)
	require.NoError(t, err)
	t.Cleanup(l.CloseIdle)
	return l
}

// post is a call that moves money.
func post() provider.Call {
	return provider.Call{
		Method: http.MethodPost, Path: "/pay",
		Header: http.Header{"Content-Type": {"application/json"}, "Authorization": {"s3cret-password"}},
		Body:   []byte(payBody),
	}
}

const payBody = `{"amount":953,"pan":"4111111111111111"}`

func get() provider.Call { return provider.Call{Method: http.MethodGet, Path: "/echo"} }

// patience is how long a test waits for an event that must come. It is no
// measurement: only a test that fails waits for so long.
const patience = 30 * time.Second

func wait[T any](t testing.TB, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatal("waited in vain for " + what)
		panic("unreachable")
	}
}
