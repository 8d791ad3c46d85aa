package bank_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox/bank"
)

func TestDropBeforeReading(t *testing.T) {
	for _, reset := range []bool{false, true} {
		h := start(t)
		h.Drop(bank.Drop{Reset: reset})
		_, err := h.tryPay("cold")
		require.Error(t, err)
		require.NoError(t, h.WaitRequests(t.Context(), bank.Dropped, "", 1))
		assert.Equal(t, 200, h.pay("p").status)

		h.Drop(bank.Drop{Warm: true, Times: 2, Reset: reset})
		_, err = h.tryPay("warm")
		require.Error(t, err)
		assert.Equal(t, 200, h.pay("new").status, "a new connection is not dropped")
		_, err = h.tryPay("warm")
		require.Error(t, err)
		assert.Equal(t, 200, h.pay("q").status)
		assert.True(t, h.ask("q").reused)

		assert.Equal(t, 3, h.Count(bank.Dropped, ""))
		assert.Equal(t, 0, h.Count(bank.Create, "cold")+h.Count(bank.Create, "warm"))
		assert.Len(t, h.Ledger().Entries(), 3)
	}
}

// What the client sees of a connection's end.
func TestResetOrEnd(t *testing.T) {
	h := start(t)
	for reset, want := range map[bool]error{false: io.EOF, true: syscall.ECONNRESET} {
		h.ClearScripts()
		h.Script(bank.Script{Reply: bank.Reply{Cut: bank.BeforeHead, Reset: reset}})
		_, err := h.tryPay("lost")
		require.ErrorIs(t, err, want)
		h.Drop(bank.Drop{Reset: reset})
		_, err = h.tryPay("dropped")
		require.ErrorIs(t, err, want)
	}
}

// A drop that is asked for in the middle of a request does not hit that request.
func TestDropWaitsForTheNextRequest(t *testing.T) {
	h := start(t)
	body, write := io.Pipe()
	expect := make(chan struct{})
	trace := &httptrace.ClientTrace{Got100Continue: func() { close(expect) }} // the server reads the body
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodPost, h.URL()+"/payments", body)
	require.NoError(t, err)
	req.Header.Set("X-Key", "k")
	req.Header.Set("Expect", "100-continue")
	h.client.Transport.(*http.Transport).ExpectContinueTimeout = time.Hour
	var calls sync.WaitGroup
	calls.Go(func() {
		resp, err := h.client.Do(req)
		if assert.NoError(t, err) {
			assert.Equal(t, 200, resp.StatusCode)
			assert.NoError(t, resp.Body.Close())
		}
	})
	<-expect
	h.Drop(bank.Drop{})
	_, err = write.Write([]byte(payBody("p")))
	require.NoError(t, err)
	require.NoError(t, write.Close())
	calls.Wait()
	_, err = h.tryPay("q")
	require.Error(t, err)
	assert.Equal(t, 0, h.Count(bank.Create, "q"))
}

// The drop hits the first byte of a request, also when it comes right behind an answer.
func TestDropOnBusyConnections(t *testing.T) {
	h := start(t)
	for i := range 200 {
		h.pay(fmt.Sprint("p", i))
		h.Drop(bank.Drop{Warm: true})
		_, err := h.tryPay("dropped")
		require.Error(t, err, i)
	}
	assert.Equal(t, 0, h.Count(bank.Create, "dropped"))
}

func TestCloseIdle(t *testing.T) {
	h := start(t)
	assert.Equal(t, 0, h.CloseIdle())
	h.pay("p")
	gate := bank.NewGate()
	h.Script(bank.Script{Reference: "busy", Reply: bank.Reply{Hold: gate}})
	var calls sync.WaitGroup
	calls.Go(func() {
		a, err := h.tryPay("busy")
		assert.NoError(t, err)
		assert.True(t, a.reused)
	})
	require.NoError(t, h.WaitRequests(t.Context(), bank.Create, "busy", 1))
	assert.Equal(t, 0, h.CloseIdle(), "a connection in use is not idle, whatever it served before")
	gate.Open()
	calls.Wait()
	fresh, err := tls.Dial("tcp", strings.TrimPrefix(h.URL(), "https://"), &tls.Config{RootCAs: h.Roots(), MinVersion: tls.VersionTLS12})
	require.NoError(t, err)
	assert.Equal(t, 1, h.CloseIdle(), "a connection that was never used is not idle")
	require.NoError(t, fresh.Close())
	// The client may notice in time or not: the bank never sees the request twice.
	_, err = h.tryPay("q")
	assert.Equal(t, err == nil, h.Count(bank.Create, "q") == 1)
}

// raw sends bytes and returns all that comes back.
func (h *harness) raw(request string) string {
	h.t.Helper()
	c, err := tls.Dial("tcp", strings.TrimPrefix(h.URL(), "https://"), &tls.Config{RootCAs: h.Roots(), MinVersion: tls.VersionTLS12})
	require.NoError(h.t, err)
	_, err = c.Write([]byte(request))
	require.NoError(h.t, err)
	require.NoError(h.t, c.CloseWrite())
	got, _ := io.ReadAll(c) // ends in an error where the bank cuts
	require.NoError(h.t, c.Close())
	return string(got)
}

func rawPay(reference string, length int) string {
	return fmt.Sprintf("POST /payments HTTP/1.1\r\nHost: b\r\nX-Key: k\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", length, payBody(reference))
}

func TestCutsByTheByte(t *testing.T) {
	h := start(t)
	h.Script(bank.Script{Reference: "none", Reply: bank.Lost()}, bank.Script{Reference: "head", Reply: bank.Reply{Cut: bank.InHead}})
	assert.Empty(t, h.raw(rawPay("none", len(payBody("none")))))
	assert.Equal(t, "HTTP/1.1 20", h.raw(rawPay("head", len(payBody("head")))))
	assert.Regexp(t, "^HTTP/1.1 200 OK\r\n", h.raw(rawPay("p", len(payBody("p")))))
	assert.Len(t, h.Ledger().Entries(), 3)
}

// A request that breaks off is not acted on, even if what came of it makes sense.
func TestRequestThatBreaksOff(t *testing.T) {
	h := start(t)
	assert.Empty(t, h.raw(rawPay("p", len(payBody("p"))+1)))
	assert.Empty(t, h.Ledger().Entries())
	assert.Empty(t, h.Requests())
}
