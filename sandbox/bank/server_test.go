package bank_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

func TestServerIsTrustedByItsRootsOnly(t *testing.T) {
	h, other := start(t), start(t)
	require.True(t, strings.HasPrefix(h.URL(), "https://127.0.0.1:"))
	assert.Equal(t, 200, h.pay("p").status)

	_, err := (&harness{h.Server, t, other.client}).tryPay("q")
	var untrusted *tls.CertificateVerificationError
	require.ErrorAs(t, err, &untrusted)
	assert.Equal(t, 0, h.Ledger().Times("q"))

	conn, err := tls.Dial("tcp", strings.TrimPrefix(h.URL(), "https://"), &tls.Config{
		RootCAs: h.Roots(), ServerName: "localhost", MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
	})
	require.NoError(t, err)
	assert.Equal(t, "http/1.1", conn.ConnectionState().NegotiatedProtocol)
	require.NoError(t, conn.Close())
	_, err = tls.Dial("tcp", strings.TrimPrefix(h.URL(), "https://"), &tls.Config{
		RootCAs: h.Roots(), MinVersion: tls.VersionTLS11, MaxVersion: tls.VersionTLS11, // #nosec G402 -- what the server must refuse
	})
	require.Error(t, err)
}

func TestServerListensOnLoopbackOnly(t *testing.T) {
	l, err := net.Listen("tcp", "0.0.0.0:0")
	require.NoError(t, err)
	_, err = bank.Start(bank.Config{Listener: l})
	require.ErrorContains(t, err, "loopback")
	_, err = l.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
}

func TestCloseEndsEverything(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	b, err := startPlainBank(bank.Config{})
	require.NoError(t, err)
	client := trusting(b)
	h := &harness{b, t, client}
	b.Script(bank.Script{Reference: "open", Operation: bank.Create, Act: bank.Pend(0).Then(bank.Pay())})
	h.pay("open")
	h.pay("first") // leaves a connection idle
	gate := bank.NewGate()
	b.Script(bank.Script{Reference: "held", Hold: gate}, bank.Script{Reference: "open", Operation: bank.Status, Hold: gate}, bank.Script{Reference: "stalled", Reply: bank.Reply{Hold: gate}},
		bank.Script{Reference: "dripping", Reply: bank.Reply{Drip: time.Hour}})
	var calls sync.WaitGroup
	for _, reference := range []string{"held", "stalled", "dripping"} {
		calls.Go(func() { _, _ = h.tryPay(reference) })
		require.NoError(t, b.WaitRequests(t.Context(), bank.Create, reference, 1))
	}
	calls.Go(func() { _, _ = h.do(t.Context(), http.MethodGet, "/payments/open", "") })
	require.NoError(t, b.WaitRequests(t.Context(), bank.Status, "open", 1))
	b.Close()
	b.Close()
	calls.Wait()
	client.CloseIdleConnections()
	assert.Equal(t, 0, b.Ledger().Times("held"), "what was held did not act")
	assert.Equal(t, 0, b.Ledger().Times("open"))
	assert.Equal(t, 1, b.Ledger().Times("first"))
	_, err = h.tryPay("late")
	require.Error(t, err)
}

func TestConnectionsAreKept(t *testing.T) {
	h := start(t)
	h.pay("p")
	assert.True(t, h.ask("p").reused)
	assert.Equal(t, 404, h.ask("q").status)
	log := h.Requests()
	require.Len(t, log, 3)
	assert.Equal(t, []any{1, 1, false, bank.Create, "p", "/payments", 200},
		[]any{log[0].Number, log[0].Conn, log[0].Reused, log[0].Operation, log[0].Reference, log[0].Path, log[0].Status})
	assert.Equal(t, []any{2, 1, true, bank.Status, "p", http.MethodGet, 200},
		[]any{log[1].Number, log[1].Conn, log[1].Reused, log[1].Operation, log[1].Reference, log[1].Method, log[1].Status})
	assert.Equal(t, 404, log[2].Status)
	assert.Empty(t, h.Refusals())
	assert.Equal(t, []int{2, 1, 2, 3, 0}, []int{
		h.Count("", "p"), h.Count(bank.Status, "p"), h.Count(bank.Status, ""), h.Count("", ""), h.Count(bank.Create, "q"),
	})
}

func TestWaitingEnds(t *testing.T) {
	h := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, h.WaitRequests(ctx, bank.Create, "p", 1), context.Canceled)
	require.ErrorIs(t, h.Ledger().WaitTimes(ctx, "p", 1), context.Canceled)
	require.NoError(t, h.WaitRequests(ctx, bank.Create, "p", 0))
}

func TestRoutes(t *testing.T) {
	h := start(t)
	h.pay("p")
	for _, test := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/payments/p", 200},
		{http.MethodPost, "/payments/p", 404},
		{http.MethodGet, "/payments", 404},
		{http.MethodGet, "/payments/", 404},
		{http.MethodGet, "/payments/p/", 404},
		{http.MethodGet, "//payments/p", 404},
		{http.MethodGet, "/Payments/p", 404},
		{http.MethodGet, "/payments/p?a=b", 404},
		{http.MethodGet, "/payments/4111111111111111/x", 404},
	} {
		a, err := h.do(t.Context(), test.method, test.path, "")
		require.NoError(t, err)
		assert.Equal(t, test.status, a.status, "%s %s", test.method, test.path)
	}
	log := h.Requests()
	assert.Equal(t, bank.Unknown, log[len(log)-1].Operation)
	assert.Equal(t, "/payments/XXXXXXXXXXXX1111/x", log[len(log)-1].Path)
	a, err := h.do(t.Context(), http.MethodPost, "/payments", strings.Repeat(" ", 1<<20)+payBody("q"))
	require.NoError(t, err)
	assert.Equal(t, 413, a.status)
}

func TestManyAtOnce(t *testing.T) {
	h := start(t)
	h.Script(bank.Script{Operation: bank.Create, Reference: "same", Times: 3, Reply: bank.Lost()})
	var calls sync.WaitGroup
	for i := range 50 {
		calls.Go(func() { _, _ = h.tryPay("same") })
		calls.Go(func() { _, _ = h.tryPay(fmt.Sprint("own-", i)) })
		calls.Go(func() { h.Requests(); h.Ledger().Entries(); h.Orders() })
	}
	calls.Wait()
	assert.Equal(t, 1, h.Ledger().Times("same"))
	assert.Equal(t, 50, h.Count(bank.Create, "same"))
	totals, err := h.Ledger().Totals()
	require.NoError(t, err)
	assert.Equal(t, "535.50 EUR", totals[payout.EUR].String())
	seen := make(map[string]bool)
	for i, e := range h.Ledger().Entries() {
		assert.False(t, seen[e.OrderID], e.OrderID)
		seen[e.OrderID] = true
		assert.Equal(t, "411111XXXXXX1111", e.Destination, i)
	}
}

// Without randomness there is no order number, and so no answer.
func TestRandomnessComesIn(t *testing.T) {
	serve := func(c *bank.Call) bank.Answer {
		return c.Answer("", func() bank.Answer { return bank.Text(http.StatusOK, "text/plain", c.UUID()) })
	}
	b, err := bank.Start(bank.Config{Rand: strings.NewReader("0123456789abcdef")},
		bank.Route{Method: http.MethodGet, Path: "/", Operation: bank.Echo, Serve: serve})
	require.NoError(t, err)
	t.Cleanup(b.Close)
	h := &harness{b, t, trusting(b)}
	t.Cleanup(h.client.CloseIdleConnections)
	a, err := h.do(t.Context(), http.MethodGet, "/", "")
	require.NoError(t, err)
	assert.Equal(t, "30313233-3435-4637-b839-616263646566", a.body)
	_, err = h.do(t.Context(), http.MethodGet, "/", "")
	require.Error(t, err)
}

func TestRoutesMayTakeAQuery(t *testing.T) {
	serve := func(c *bank.Call) bank.Answer {
		return c.Answer("", func() bank.Answer { return bank.Answer{Status: http.StatusNoContent} })
	}
	b, err := bank.Start(bank.Config{NotFound: func(c *bank.Call) bank.Answer { return bank.Text(http.StatusNotFound, "text/plain", c.Method) }},
		bank.Route{Method: http.MethodGet, Path: "/query", Operation: bank.Echo, Query: true, Serve: serve},
		bank.Route{Method: http.MethodGet, Path: "/plain", Operation: bank.Echo, Serve: serve})
	require.NoError(t, err)
	t.Cleanup(b.Close)
	h := &harness{b, t, trusting(b)}
	t.Cleanup(h.client.CloseIdleConnections)
	for path, want := range map[string]int{"/query": 204, "/query?a=b": 204, "/plain": 204, "/plain?a=b": 404} {
		a, err := h.do(t.Context(), http.MethodGet, path, "")
		require.NoError(t, err)
		assert.Equal(t, want, a.status, path)
		if want == 404 {
			assert.Equal(t, "GET", a.body)
		}
	}
	assert.Equal(t, 3, b.Count(bank.Echo, ""))
}
