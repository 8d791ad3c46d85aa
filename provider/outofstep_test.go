package provider_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// A bank that answers one request twice leaves an answer too many on a connection
// that is used again. net/http then has a moment in which it takes it for the answer
// to the next call (one in thousands, by experiment), which would be judged by it.
// The tests below put a stand-in at net/http's place, which is always in that moment.

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// gets tells the call behind r that conn is its connection.
func gets(r *http.Request, conn net.Conn) {
	httptrace.ContextClientTrace(r.Context()).GotConn(httptrace.GotConnInfo{Conn: conn, Reused: true})
}

func response(body string) *http.Response {
	return &http.Response{StatusCode: 200, ContentLength: int64(len(body)), Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
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
			_, err = raw.Write([]byte("x"))
			require.ErrorIs(t, err, io.ErrClosedPipe, "the connection is out of step for good")
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
	_, err = conn.Write([]byte("x"))
	require.ErrorIs(t, err, io.ErrClosedPipe)
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
