package provider_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// These tests put a stand-in at net/http's place, to be in moments that last for
// microseconds there.

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// gets tells the call behind r that conn is its connection.
func gets(r *http.Request, conn net.Conn) {
	httptrace.ContextClientTrace(r.Context()).GotConn(httptrace.GotConnInfo{Conn: conn, Reused: true})
}

func response(body string) *http.Response {
	return &http.Response{StatusCode: http.StatusOK, ContentLength: int64(len(body)), Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

// echo is a connection to somebody who says one byte for each write.
func echo(t *testing.T) net.Conn {
	near, far := net.Pipe()
	go func() {
		b := make([]byte, 100)
		for {
			if _, err := far.Read(b); err != nil {
				return
			}
			if _, err := far.Write([]byte("x")); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { _ = near.Close(); _ = far.Close() })
	return near
}

// A bank that answers one request twice leaves an answer too many on a connection
// that is used again. net/http then has a moment in which it takes that for the
// answer to the next call (one call in 3000, by experiment), whose fate would be
// judged by it.
func TestAnAnswerThatCameBeforeTheCallIsNotItsAnswer(t *testing.T) {
	write := func(t *testing.T, c net.Conn) { _, err := c.Write([]byte("request")); require.NoError(t, err) }
	read := func(t *testing.T, c net.Conn) { _, err := c.Read(make([]byte, 1)); require.NoError(t, err) }
	for _, c := range []struct {
		name   string
		before func(*testing.T, net.Conn) // before the call has the connection
		during func(*testing.T, net.Conn)
		kind   payout.ErrorKind
	}{
		{"nothing was sent", nil, func(*testing.T, net.Conn) {}, payout.ErrNotSent},
		{"sent, nothing came in", nil, write, payout.ErrOutcomeUnknown},
		{"it came in before the call was sent", write, func(t *testing.T, c net.Conn) { read(t, c); write(t, c) }, payout.ErrOutcomeUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := echo(t)
			conn := provider.Guard(raw)
			if c.before != nil {
				c.before(t, conn)
			}
			l := provider.LinkOver(roundTripper(func(r *http.Request) (*http.Response, error) {
				gets(r, conn)
				c.during(t, conn)
				return response(`{"errorCode":98}`), nil
			}))
			a, err := l.Do(t.Context(), post())
			assert.Empty(t, a)
			e := proves(t, err, c.kind)
			assert.Zero(t, e.HTTPStatus, "it is not this call's")
			require.ErrorIs(t, raw.SetDeadline(time.Time{}), io.ErrClosedPipe, "the connection is out of step for good")
		})
	}
	t.Run("in step", func(t *testing.T) {
		conn := provider.Guard(echo(t))
		a, err := provider.LinkOver(roundTripper(func(r *http.Request) (*http.Response, error) {
			gets(r, conn)
			write(t, conn)
			read(t, conn)
			return response("{}"), nil
		})).Do(t.Context(), post())
		require.NoError(t, err)
		assert.Equal(t, "{}", string(a.Body))
	})
}

// A connection that does not come from the link's own dialer proves nothing, and is
// not used.
func TestAConnectionThatCantBeWatchedProvesNothing(t *testing.T) {
	conn := echo(t)
	_, err := provider.LinkOver(roundTripper(func(r *http.Request) (*http.Response, error) {
		gets(r, conn)
		_, err := conn.Write([]byte("x"))
		return nil, err
	})).Do(t.Context(), post())
	proves(t, err, payout.ErrOutcomeUnknown)
	require.ErrorIs(t, conn.SetDeadline(time.Time{}), io.ErrClosedPipe)
}

// A connection that net/http comes by only after the call's end is never written to.
func TestAConnectionThatComesTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		conn := provider.Guard(echo(t))
		_, err := provider.LinkOver(roundTripper(func(r *http.Request) (*http.Response, error) {
			cancel()
			synctest.Wait()
			gets(r, conn)
			_, err := conn.Write([]byte("x"))
			assert.Error(t, err)
			return nil, errors.Join(err, io.EOF)
		})).Do(ctx, post())
		proves(t, err, payout.ErrNotSent)
		require.ErrorIs(t, err, context.Canceled)
	})
}

type slowToClose struct{ net.Conn }

func (c slowToClose) Close() error {
	time.Sleep(time.Second)
	return c.Conn.Close()
}

// net/http closes connections as soon as its context ends, and the goodbye of TLS is
// written then: everything must be locked by that time.
func TestConnectionsAreLockedBeforeNetHTTPLearnsOfTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		first, second := provider.Guard(slowToClose{echo(t)}), provider.Guard(echo(t))
		_, err := provider.LinkOver(roundTripper(func(r *http.Request) (*http.Response, error) {
			gets(r, first)
			gets(r, second)
			cancel()
			<-r.Context().Done()
			_, err := second.Write([]byte("goodbye"))
			assert.Error(t, err)
			time.Sleep(time.Minute)
			return nil, r.Context().Err()
		})).Do(ctx, post())
		proves(t, err, payout.ErrNotSent)
	})
}

// net/http puts a connection back before it hands over an answer without a body: the
// next call may have it when the first call's context ends.
func TestACallThatEndsLateLeavesTheNextOneAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := provider.Guard(echo(t))
		talk := func() {
			_, err := conn.Write([]byte("x"))
			require.NoError(t, err)
			_, err = conn.Read(make([]byte, 1))
			require.NoError(t, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		_, err := provider.LinkOver(roundTripper(func(r *http.Request) (*http.Response, error) {
			gets(r, conn)
			talk()
			_, err := provider.LinkOver(roundTripper(func(next *http.Request) (*http.Response, error) {
				gets(next, conn)
				cancel()
				synctest.Wait()
				talk()
				return response("{}"), nil
			})).Do(context.Background(), post())
			require.NoError(t, err)
			return response("{}"), nil
		})).Do(ctx, post())
		require.NoError(t, err)
	})
}
