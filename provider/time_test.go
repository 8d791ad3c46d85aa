package provider_test

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// These tests run under testing/synctest, over a network in memory: the times are
// exact, and nobody waits for them.

// silent is a bank that reads the request and then says what it is given, and no more.
func silent(said string) func(*exchange) {
	return func(x *exchange) {
		if x.request() {
			x.say(said)
			x.untilClosed()
		}
	}
}

// dripping is a bank that never ends its answer, and says something every second.
func dripping(start, drop string) func(*exchange) {
	return func(x *exchange) {
		if !x.request() {
			return
		}
		x.say(start)
		for {
			time.Sleep(time.Second)
			if _, err := x.Write([]byte(drop)); err != nil {
				return
			}
		}
	}
}

func TestTimeoutBoundsTheWholeCall(t *testing.T) {
	for _, c := range []struct {
		name   string
		serve  func(*exchange)
		status int // of the answer that broke off
	}{
		{"no answer", silent(""), 0},
		{"half a status line", silent("HTTP/1.1 2"), 0},
		{"no body", silent("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"), 200},
		{"half a body", silent("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\n{"), 502},
		{"a body without end", silent("HTTP/1.1 200 OK\r\n\r\n{}"), 200},
		{"the last chunk is missing", silent("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"), 200},
		{"dripping headers", dripping("HTTP/1.1 200 OK\r\n", "A: b\r\n"), 0},
		{"dripping interim answers", dripping("", "HTTP/1.1 102 Processing\r\n\r\n"), 0},
		{"a dripping body", dripping("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", " "), 200},
		{"dripping chunks", dripping("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"), 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, p := openPipeBank(t, serverTLS(t), c.serve)
				l := link(t, pipeURL, provider.HTTP{Dial: p.dial, Timeout: 90 * time.Second})
				start := time.Now()
				_, err := l.Do(t.Context(), post())
				assert.Equal(t, 90*time.Second, time.Since(start))
				e := proves(t, err, payout.ErrOutcomeUnknown)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				assert.Equal(t, "no answer in time", e.Detail)
				assert.Equal(t, c.status, e.HTTPStatus)
				assert.Len(t, b.drained(), 1)
			})
		})
	}
}

// TLS says goodbye when a connection is closed, and waits five seconds for a bank that
// reads nothing: the call does not.
func TestTheGoodbyeIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, p := openPipeBank(t, serverTLS(t), dripping("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", " "))
		p.tight = true
		l := link(t, pipeURL, provider.HTTP{Dial: p.dial, Timeout: 90 * time.Second})
		start := time.Now()
		_, err := l.Do(t.Context(), post())
		assert.Equal(t, 90*time.Second, time.Since(start))
		proves(t, err, payout.ErrOutcomeUnknown)
	})
}

// The connection is the caller's from then on, so net/http no longer watches it.
func TestAnUpgradeIsNoWayAroundTheTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, p := openPipeBank(t, serverTLS(t), silent("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"))
		start := time.Now()
		_, err := link(t, pipeURL, provider.HTTP{Dial: p.dial}).Do(t.Context(), post())
		assert.Zero(t, time.Since(start))
		e := proves(t, err, payout.ErrOutcomeUnknown)
		assert.Equal(t, 101, e.HTTPStatus)
		assert.Len(t, b.drained(), 1, "and the connection was closed, or this would not end")
	})
}

func TestTheCallersDeadlineCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, p := openPipeBank(t, serverTLS(t), silent(""))
		l := link(t, pipeURL, provider.HTTP{Dial: p.dial})
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()
		start := time.Now()
		_, err := l.Do(ctx, post())
		assert.Equal(t, 7*time.Second, time.Since(start))
		proves(t, err, payout.ErrOutcomeUnknown)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestTheDefaultTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, p := openPipeBank(t, serverTLS(t), silent(""))
		start := time.Now()
		_, err := link(t, pipeURL, provider.HTTP{Dial: p.dial}).Do(t.Context(), post())
		assert.Equal(t, time.Minute, time.Since(start))
		proves(t, err, payout.ErrOutcomeUnknown)

		start = time.Now()
		_, err = link(t, pipeURL, provider.HTTP{Dial: never}).Do(t.Context(), post())
		assert.Equal(t, 10*time.Second, time.Since(start))
		proves(t, err, payout.ErrNotSent)
	})
}

// never is a dial that gets no answer; stalled one that gets a connection on which
// nobody speaks.
func never(ctx context.Context, _, _ string) (net.Conn, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func stalled(t *testing.T) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		t.Cleanup(func() { _ = far.Close() })
		return near, nil
	}
}

func TestConnectTimeout(t *testing.T) {
	for _, c := range []struct {
		name string
		dial func(*testing.T) func(context.Context, string, string) (net.Conn, error)
	}{
		{"dial", func(*testing.T) func(context.Context, string, string) (net.Conn, error) { return never }},
		{"handshake", stalled},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := link(t, pipeURL, provider.HTTP{Dial: c.dial(t), ConnectTimeout: 3 * time.Second})
				start := time.Now()
				_, err := l.Do(t.Context(), post())
				assert.Equal(t, 3*time.Second, time.Since(start))
				e := proves(t, err, payout.ErrNotSent)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				assert.Equal(t, "no connection in time", e.Detail)
			})
		})
	}
}

// A proxy that takes CONNECT and then is silent is bounded by Timeout.
func TestASilentProxyIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		proxy, p := openPipeBank(t, nil, silent(""))
		l := link(t, pipeURL, provider.HTTP{
			Dial: p.dial, Timeout: 20 * time.Second, Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: "proxy.test:3128"}),
		})
		start := time.Now()
		_, err := l.Do(t.Context(), post())
		assert.Equal(t, 20*time.Second, time.Since(start))
		proves(t, err, payout.ErrNotSent)
		l.CloseIdle()
		requests := proxy.drained()
		require.Len(t, requests, 1)
		assert.Equal(t, http.MethodConnect, requests[0].method)
	})
}

func TestCancelledBeforeSending(t *testing.T) {
	for _, c := range []struct {
		name string
		dial func(*testing.T) func(context.Context, string, string) (net.Conn, error)
	}{
		{"during the dial", func(*testing.T) func(context.Context, string, string) (net.Conn, error) { return never }},
		{"during the handshake", stalled},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := link(t, pipeURL, provider.HTTP{Dial: c.dial(t)})
				ctx, cancel := context.WithCancelCause(t.Context())
				var err error
				go func() { _, err = l.Do(ctx, post()) }()
				synctest.Wait()
				require.NoError(t, err, "the call is waiting")
				cancel(http.ErrAbortHandler) // a cause of the caller's hides nothing
				synctest.Wait()
				e := proves(t, err, payout.ErrNotSent)
				require.ErrorIs(t, err, context.Canceled)
				assert.Equal(t, "cancelled", e.Detail)
			})
		})
	}
}

func TestCancelledAfterSending(t *testing.T) {
	for _, c := range []struct {
		name, said string
		status     int
	}{
		{"before the answer", "", 0},
		{"in the headers", "HTTP/1.1 200 OK\r\nConte", 0},
		{"in the body", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{", 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, p := openPipeBank(t, serverTLS(t), silent(c.said))
				l := link(t, pipeURL, provider.HTTP{Dial: p.dial})
				ctx, cancel := context.WithCancelCause(t.Context())
				var err error
				go func() { _, err = l.Do(ctx, post()) }()
				synctest.Wait()
				require.NoError(t, err, "the call is waiting")
				cancel(http.ErrAbortHandler)
				synctest.Wait()
				e := proves(t, err, payout.ErrOutcomeUnknown)
				require.ErrorIs(t, err, context.Canceled)
				assert.Equal(t, c.status, e.HTTPStatus)
				assert.Len(t, b.drained(), 1)
			})
		})
	}
}

// A request that is larger than what the network takes at once: the first bytes have
// left, the rest waits.
func TestCancelledWhileSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := make(chan struct{})
		_, p := openPipeBank(t, serverTLS(t), func(x *exchange) {
			_, _ = x.in.ReadByte() // a record at most
			<-done
		})
		defer close(done)
		p.tight = true
		call := post()
		call.Body = []byte(strings.Repeat(payBody, 10_000))
		l := link(t, pipeURL, provider.HTTP{Dial: p.dial})
		ctx, cancel := context.WithCancel(context.Background())
		var err error
		go func() { _, err = l.Do(ctx, call) }()
		synctest.Wait()
		require.NoError(t, err, "the call is waiting")
		cancel()
		synctest.Wait()
		proves(t, err, payout.ErrOutcomeUnknown)
		require.ErrorIs(t, err, context.Canceled)
	})
}
