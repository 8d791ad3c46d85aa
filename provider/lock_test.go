package provider_test

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// A call that has its connection and whose context ends before the first byte: that
// is "not sent", and stays so, though a goroutine of net/http still holds the request.
func TestGivenUpBetweenConnectionAndFirstByte(t *testing.T) {
	for _, c := range []struct {
		name string
		warm int // calls before, on the same connection
		end  func(cancel func())
		is   error
	}{
		{"cancelled, new connection", 0, func(cancel func()) { cancel() }, context.Canceled},
		{"cancelled, reused connection", 2, func(cancel func()) { cancel() }, context.Canceled},
		{"too late, new connection", 0, func(func()) { time.Sleep(time.Hour) }, context.DeadlineExceeded},
		{"too late, reused connection", 2, func(func()) { time.Sleep(time.Hour) }, context.DeadlineExceeded},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				late := make(chan int64, 10)
				_, p := openPipeBank(t, serverTLS(t), func(x *exchange) {
					if x.number > 1 {
						answering(x)
						return
					}
					for range c.warm {
						x.request()
						x.say(answerOK)
					}
					n, _ := io.Copy(io.Discard, x.Conn.(*tls.Conn).NetConn()) // whatever comes, TLS's own words too
					late <- n
				})
				ctx, cancel := context.WithCancel(t.Context())
				calls := 0
				l := hookedLink(t, pipeURL, provider.HTTP{Dial: p.dial, Timeout: 30 * time.Minute}, func() {
					if calls++; calls == c.warm+1 {
						c.end(cancel)
						synctest.Wait()
					}
				})
				for range c.warm {
					_, err := l.Do(t.Context(), post())
					require.NoError(t, err)
				}
				_, err := l.Do(ctx, post())
				proves(t, err, payout.ErrNotSent)
				require.ErrorIs(t, err, c.is)
				assert.Zero(t, <-late, "bytes after the call was given up")

				a, err := l.Do(t.Context(), post())
				require.NoError(t, err, "the next call gets another connection")
				assert.Equal(t, http.StatusOK, a.Status)
			})
		})
	}
}

// The first byte was handed to the socket, which did not take it yet: nobody can say
// where it is.
func TestGivenUpWhileTheFirstByteIsOnItsWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := make(chan struct{})
		_, p := openPipeBank(t, serverTLS(t), func(*exchange) { <-done })
		defer close(done)
		p.tight = true
		ctx, cancel := context.WithCancel(t.Context())
		l := link(t, pipeURL, provider.HTTP{Dial: p.dial})
		var err error
		go func() { _, err = l.Do(ctx, post()) }()
		synctest.Wait()
		require.NoError(t, err, "the call is waiting")
		cancel()
		synctest.Wait()
		proves(t, err, payout.ErrOutcomeUnknown)
		require.ErrorIs(t, err, context.Canceled)
	})
}
