package provider_test

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// lateNews is a connection on which the client learns that the bank has closed only
// after it has written once more: the race of an idle connection that is closed just
// as it is used again. The network takes what is written, as networks do.
type lateNews struct {
	net.Conn
	ended atomic.Bool   // the bank has closed
	tried chan struct{} // closed by the write after that
	once  sync.Once
}

func (c *lateNews) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil {
		c.ended.Store(true)
		<-c.tried
	}
	return n, err
}

func (c *lateNews) Write(b []byte) (int, error) {
	if !c.ended.Load() {
		return c.Conn.Write(b)
	}
	c.once.Do(func() { close(c.tried) })
	return len(b), nil
}

func (c *lateNews) Close() error {
	defer c.once.Do(func() { close(c.tried) })
	return c.Conn.Close()
}

func TestAnIdleConnectionClosedJustThen(t *testing.T) {
	for _, call := range []provider.Call{post(), get()} {
		t.Run(call.Method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, p := openPipeBank(t, serverTLS(t), func(x *exchange) {
					if x.number > 1 {
						answering(x)
						return
					}
					x.request()
					x.say(answerOK)
					x.cut()
				})
				var first *lateNews
				l := link(t, pipeURL, provider.HTTP{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
					conn, err := p.dial(ctx, network, address)
					if err != nil || first != nil {
						return conn, err
					}
					first = &lateNews{Conn: conn, tried: make(chan struct{})}
					return first, nil
				}})
				_, err := l.Do(t.Context(), call)
				require.NoError(t, err)
				synctest.Wait()
				require.True(t, first.ended.Load(), "the bank has closed the idle connection")
				_, err = l.Do(t.Context(), call)
				e := proves(t, err, payout.ErrOutcomeUnknown)
				assert.Equal(t, "the connection was closed before the answer was whole", e.Detail)
				l.CloseIdle()
				assert.Len(t, b.drained(), 1, "the first call alone: nothing is sent twice, though here it would have been harmless")
			})
		})
	}
}

// deadEnd is a connection that takes nothing any more once it is shut.
type deadEnd struct {
	net.Conn
	shut *atomic.Bool
}

func (c deadEnd) Write(b []byte) (int, error) {
	if c.shut.Load() {
		return 0, syscall.EPIPE
	}
	return c.Conn.Write(b)
}

// net/http would send a body again that it can get again, on another connection, if
// the write failed at once. Here it can't: no other connection is even opened.
func TestAFailedWriteIsNotTriedElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, p := openPipeBank(t, serverTLS(t), answering)
		var shut atomic.Bool
		var dials atomic.Int32
		l := link(t, pipeURL, provider.HTTP{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			dials.Add(1)
			conn, err := p.dial(ctx, network, address)
			return deadEnd{conn, &shut}, err
		}})
		_, err := l.Do(t.Context(), post())
		require.NoError(t, err)
		shut.Store(true)
		_, err = l.Do(t.Context(), post())
		proves(t, err, payout.ErrOutcomeUnknown)
		assert.EqualValues(t, 1, dials.Load())
		l.CloseIdle()
		assert.Len(t, b.drained(), 1)
	})
}

// Each of many payouts at once arrives once, though every answer is lost, and those
// of the second round were sent on connections that had served before.
func TestManyLostAnswersAtOnce(t *testing.T) {
	const payouts = 20
	b := openBank(t, serverTLS(t), func(x *exchange) {
		if x.request() {
			x.say(answerOK)
			x.request()
		}
	})
	l := link(t, b.url, provider.HTTP{})
	for round := range 2 {
		var all sync.WaitGroup
		for i := range payouts {
			all.Go(func() {
				call := post()
				call.Body = fmt.Appendf(nil, `{"order":"%d-%d"}`, round, i)
				if _, err := l.Do(t.Context(), call); err != nil {
					proves(t, err, payout.ErrOutcomeUnknown)
				}
			})
		}
		all.Wait()
	}
	l.CloseIdle()
	seen := map[string]int{}
	for _, r := range b.drained() {
		seen[r.body]++
	}
	assert.Len(t, seen, 2*payouts)
	for body, times := range seen {
		assert.Equal(t, 1, times, body)
	}
}
