package provider_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

func TestOneConnectionServesManyCalls(t *testing.T) {
	for _, c := range []struct{ name, answer string }{
		{"with a body", answerOK},
		{"without a body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
		{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"},
		{"after an interim answer", "HTTP/1.1 102 Processing\r\n\r\n" + answerOK},
		{"an error", "HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\n{}"},
		{"a redirect", "HTTP/1.1 307 Elsewhere\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, p := openPipeBank(t, serverTLS(t), func(x *exchange) {
					for x.request() {
						x.say(c.answer)
					}
				})
				l := link(t, pipeURL, provider.HTTP{Dial: p.dial})
				for range 10 {
					_, err := l.Do(t.Context(), post())
					require.NoError(t, err)
				}
				l.CloseIdle()
				assert.Len(t, b.drained(), 10)
				assert.Equal(t, 1, b.connections())
			})
		})
	}
}

func TestConnectionsThatAreNotKept(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		h            provider.HTTP
		sent         string // the Connection header of the call
		fails        bool
	}{
		{"the bank says so", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", provider.HTTP{}, "", false},
		{"the bank says so, without a body", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", provider.HTTP{}, "", false},
		{"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", provider.HTTP{}, "", false},
		{"turned off", answerOK, provider.HTTP{IdleTimeout: -1}, "close", false},
		{"an answer that was not read to its end", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{       }", provider.HTTP{MaxAnswer: 5}, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := openBank(t, serverTLS(t), func(x *exchange) {
				for x.request() {
					x.say(c.answer)
				}
			})
			l := link(t, b.url, c.h)
			for range 3 {
				_, err := l.Do(t.Context(), post())
				require.Equal(t, c.fails, err != nil, "%v", err)
			}
			assert.Len(t, b.drained(), 3, "the link closed them by itself, or this would not end")
			assert.Equal(t, 3, b.connections())
			assert.Equal(t, c.sent, b.drained()[0].header.Get("Connection"))
		})
	}
}

func TestIdleTimeout(t *testing.T) {
	for _, c := range []struct {
		name        string
		set         time.Duration
		pause       time.Duration
		connections int
	}{
		{"the default, in time", 0, 5*time.Second - 1, 1},
		{"the default, too late", 0, 5 * time.Second, 2},
		{"longer, in time", time.Minute, time.Minute - 1, 1},
		{"longer, too late", time.Minute, time.Minute, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, p := openPipeBank(t, serverTLS(t), answering)
				l := link(t, pipeURL, provider.HTTP{Dial: p.dial, IdleTimeout: c.set})
				_, err := l.Do(t.Context(), post())
				require.NoError(t, err)
				time.Sleep(c.pause)
				synctest.Wait()
				_, err = l.Do(t.Context(), post())
				require.NoError(t, err)
				assert.Equal(t, c.connections, b.connections())
				l.CloseIdle()
				assert.Len(t, b.drained(), 2)
			})
		})
	}
}

func TestAnIdleConnectionEndsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, p := openPipeBank(t, serverTLS(t), answering)
		l := link(t, pipeURL, provider.HTTP{Dial: p.dial})
		start := time.Now()
		_, err := l.Do(t.Context(), post())
		require.NoError(t, err)
		b.drained()
		assert.Equal(t, 5*time.Second, time.Since(start))
	})
}

// closing tells when the client's side of a connection was closed.
type closing struct {
	net.Conn
	once   sync.Once
	closed chan<- struct{}
}

func (c *closing) Close() error {
	defer c.once.Do(func() { c.closed <- struct{}{} })
	return c.Conn.Close()
}

// A connection that the bank has closed, and the client has seen it, is not used.
func TestAClosedConnectionIsNotUsed(t *testing.T) {
	b := openBank(t, serverTLS(t), func(x *exchange) {
		if x.request() {
			x.say(answerOK)
		}
	})
	closed := make(chan struct{}, 10)
	l := link(t, b.url, provider.HTTP{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		return &closing{Conn: conn, closed: closed}, err
	}})
	for range 3 {
		_, err := l.Do(t.Context(), post())
		require.NoError(t, err)
		wait(t, closed, "the client to see that the bank has closed")
	}
	assert.Len(t, b.drained(), 3)
}

func TestCloseIdleLeavesNothingBehind(t *testing.T) {
	before := goleak.IgnoreCurrent()
	b := openBank(t, serverTLS(t), answering)
	l := link(t, b.url, provider.HTTP{IdleTimeout: time.Hour})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, err := l.Do(t.Context(), post())
			assert.NoError(t, err)
		})
	}
	all.Wait()
	l.CloseIdle()
	_, err := l.Do(t.Context(), post())
	require.NoError(t, err, "a closed link opens again")
	l.CloseIdle()
	assert.Len(t, b.drained(), 9)
	goleak.VerifyNone(t, before)
}

// A dial that outlives its call, which net/http finishes for the next one.
func TestCloseIdleEndsADialThatNobodyWaitsFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := errors.New("not yet")
		l := link(t, pipeURL, provider.HTTP{ConnectTimeout: time.Hour, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			ended = ctx.Err()
			return nil, ended
		}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := l.Do(ctx, post())
		proves(t, err, payout.ErrNotSent)
		synctest.Wait()
		require.EqualError(t, ended, "not yet")
		l.CloseIdle()
		synctest.Wait()
		require.ErrorIs(t, ended, context.Canceled)
	})
}

// The dialer's context has no values of the caller's: a connection serves more than
// one call, and an httptrace would see headers.
func TestTheContextsValuesAreNotUsed(t *testing.T) {
	type key struct{}
	var seen any = "nothing"
	l := link(t, "https://bank.test", provider.HTTP{Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		seen = ctx.Value(key{})
		return nil, errNoDial
	}})
	_, err := l.Do(context.WithValue(t.Context(), key{}, "secret"), post())
	proves(t, err, payout.ErrNotSent)
	assert.Nil(t, seen)
}

func TestManyCallsAtOnce(t *testing.T) {
	b := openBank(t, serverTLS(t), answering)
	l := link(t, b.url, provider.HTTP{})
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			a, err := l.Do(t.Context(), post())
			if assert.NoError(t, err) {
				assert.Equal(t, "{}", strings.TrimSpace(string(a.Body)))
			}
		})
	}
	all.Wait()
	l.CloseIdle()
	assert.Len(t, b.drained(), 50)
}
