package dispatch_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// running is a dispatcher that runs in a bubble where time passes by itself.
func running(t *testing.T, c dispatch.Config, banks ...*teller) (d *desk, stop func() error) {
	t.Helper()
	c.Now = time.Now
	d = opened(t, c, banks...)
	return d, d.run()
}

// run starts Run, and returns what ends it.
func (d *desk) run() (stop func() error) {
	ctx, cancel := context.WithCancel(d.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	return func() error {
		cancel()
		return <-ended
	}
}

// pause waits, in the bubble's time.
func pause(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (d *desk) states() map[dispatch.State]int {
	d.t.Helper()
	entries, err := d.List(context.Background(), dispatch.Filter{Limit: 1e6})
	require.NoError(d.t, err)
	out := map[dispatch.State]int{}
	for _, e := range entries {
		out[e.State]++
	}
	return out
}

// Everything that was taken comes to its end, whatever the banks do.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := bank("a").does(
			says(payout.StatusPaid), says(payout.StatusFailed), fails(payout.ErrOutcomeUnknown), says(payout.StatusPending),
			fails(payout.ErrNotSent), fails(payout.ErrRateLimited), fails(payout.ErrRefused), panics, says(payout.StatusPaid),
		)
		a.tells(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
			if asked.Reference == "p-1" || asked.Reference == "p-6" {
				return says(payout.StatusFailed)(ctx, asked)
			}
			return says(payout.StatusPaid)(ctx, asked)
		})
		d, stop := running(t, dispatch.Config{NextRoute: []payout.Reason{payout.ReasonInsufficientFunds}}, a, bank("b"))
		for i := range 12 {
			d.take(order(fmt.Sprint("p-", i)))
			pause(10 * time.Millisecond)
		}
		pause(time.Hour)
		assert.Equal(t, 12, d.states()[dispatch.StatePaid], "%v", d.states())
		require.ErrorIs(t, stop(), context.Canceled)
	})
}

// A payout is begun when it is submitted, not when the loop next looks.
func TestRunBeginsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, stop := running(t, dispatch.Config{}, bank("a"))
		pause(time.Hour)
		d.take(order("p-1"))
		synctest.Wait()
		assert.Equal(t, "paid", d.load("p-1").State.String())

		other := d.another()
		other.take(order("p-2")) // by a process that drives nothing
		synctest.Wait()
		assert.Equal(t, "planned", d.load("p-2").State.String())
		pause(time.Minute)
		assert.Equal(t, "awaiting_request", d.load("p-2").State.String(), "the one that drives does not have the request")
		d.take(order("p-2"))
		synctest.Wait()
		assert.Equal(t, "paid", d.load("p-2").State.String())
		require.Error(t, stop())
	})
}

// While there is something to do the loop does it: no time passes but the banks'.
func TestRunNeverRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const payouts = 1000
		b := bank("a").does(says(payout.StatusFailed)).tells(says(payout.StatusFailed))
		d := opened(t, dispatch.Config{Now: time.Now, Workers: 3, Rates: dispatch.Rates{SendsPerSecond: 1e9, AsksPerSecond: 1e9}}, b, bank("b"))
		for i := range payouts {
			d.take(order(fmt.Sprint("p-", i)))
		}
		stop := d.run()
		synctest.Wait()
		assert.Equal(t, map[dispatch.State]int{dispatch.StatePaid: payouts}, d.states())
		require.Error(t, stop())
	})
}

// A hint has it asked at once.
func TestRunHeedsHints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bank("a").does(says(payout.StatusPending)).tells(says(payout.StatusPending))
		b.info.Polling = payout.Polling{{Every: time.Hour}}
		d, stop := running(t, dispatch.Config{}, b)
		d.take(order("p-1"))
		pause(time.Minute)
		assert.Zero(t, b.questions())
		b.tells(says(payout.StatusPaid))
		require.NoError(t, d.hint("a", "p-1"))
		synctest.Wait()
		assert.Equal(t, "paid", d.load("p-1").State.String())
		require.Error(t, stop())
	})
}

// Several processes on one journal: each payout is sent once.
func TestRunTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bank("a")
		b.does(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
			time.Sleep(30 * time.Millisecond)
			return says(payout.StatusPending)(ctx, asked)
		})
		d, stop := running(t, dispatch.Config{Sealer: &wax{}}, b)
		stops := []func() error{stop}
		desks := []*desk{d}
		for range 3 {
			other := d.another()
			desks = append(desks, other)
			stops = append(stops, other.run())
		}
		const payouts = 200
		for i := range payouts {
			desks[i%len(desks)].take(order(fmt.Sprint("p-", i)))
		}
		pause(10 * time.Minute)
		assert.Equal(t, map[dispatch.State]int{dispatch.StatePaid: payouts}, d.states())
		assert.Equal(t, payouts, b.times())
		seen := map[string]int{}
		for _, reference := range b.references() {
			seen[reference]++
		}
		assert.Len(t, seen, payouts)
		var wg sync.WaitGroup
		for _, stop := range stops {
			wg.Go(func() { assert.ErrorIs(t, stop(), context.Canceled) })
		}
		wg.Wait()
	})
}

// Run ends when its context does, and not before what is being sent is sent and
// written down.
func TestRunStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bank("a")
		b.does(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
			time.Sleep(20 * time.Second)
			assert.NoError(t, ctx.Err(), "its own timeout alone ends it")
			return says(payout.StatusPaid)(ctx, asked)
		})
		d, stop := running(t, dispatch.Config{Workers: 1}, b)
		d.take(order("p-1"))
		d.take(order("p-2"))
		pause(time.Second)
		assert.Equal(t, "sending", d.load("p-1").State.String())
		at := time.Now()
		require.ErrorIs(t, stop(), context.Canceled)
		assert.Equal(t, 19*time.Second, time.Since(at))
		assert.Equal(t, "paid", d.load("p-1").State.String())
		assert.Equal(t, "planned", d.load("p-2").State.String(), "nothing new is begun")
		assert.Equal(t, 1, b.times())
	})
	t.Run("a question is given up", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := bank("a").does(says(payout.StatusPending)).tells(func(ctx context.Context, _ payout.Ref) (payout.Payout, error) {
				<-ctx.Done()
				return payout.Payout{}, &payout.Error{Kind: payout.ErrOutcomeUnknown}
			})
			d, stop := running(t, dispatch.Config{}, b)
			d.take(order("p-1"))
			pause(3 * time.Second)
			assert.Equal(t, 1, b.questions())
			at := time.Now()
			require.Error(t, stop())
			assert.Zero(t, time.Since(at))
			d.restart() // another goes on
			b.tells(says(payout.StatusPaid))
			stop = d.run()
			pause(time.Minute)
			assert.Equal(t, "paid", d.load("p-1").State.String())
			require.Error(t, stop())
		})
	})
}

// A journal that can't be read at first is an error of Run; one that fails later is
// tried again.
func TestRunOnAJournalThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := &flaky{Journal: dispatch.NewMemory()}
		d := opened(t, dispatch.Config{Now: time.Now, Journal: j}, bank("a"))
		j.set(never("list"), nil)
		require.ErrorIs(t, d.Run(t.Context()), errJournal)
		j.set(nil, nil)
		stop := d.run()
		for _, call := range []string{"due", "holds", "load", "epoch", "commit"} {
			j.set(func(c string, _ dispatch.Change) error { return never(call)(c, dispatch.Change{}) }, nil)
			_, err := d.Submit(t.Context(), order("p-"+call))
			require.NoError(t, err)
			pause(10 * time.Second)
			j.set(nil, nil)
			assert.Contains(t, []string{"planned", "paid"}, d.raw("p-"+call).State.String())
			pause(time.Minute)
			assert.Equal(t, "paid", d.raw("p-"+call).State.String(), call)
		}
		require.Error(t, stop())
	})
}

// stamps notes when a bank is called.
type stamps struct {
	mu sync.Mutex
	at []time.Time
}

func (s *stamps) note(r reply) reply {
	return func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
		s.mu.Lock()
		s.at = append(s.at, time.Now())
		s.mu.Unlock()
		return r(ctx, asked)
	}
}

// most is the greatest number of calls within any span of a length.
func (s *stamps) most(span time.Duration) (most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.at {
		n := 0
		for _, at := range s.at[i:] {
			if at.Sub(s.at[i]) < span {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// Each provider is called at its own rates, and one that is slow does not slow another.
func TestRunKeepsRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sends, asks, others := &stamps{}, &stamps{}, &stamps{}
		a := bank("a").does(sends.note(says(payout.StatusPending))).tells(asks.note(says(payout.StatusPending)))
		b := bank("b").does(others.note(says(payout.StatusPaid)))
		d, stop := running(t, dispatch.Config{
			Rates: dispatch.Rates{SendsPerSecond: 10, AsksPerSecond: 4}, Limits: map[string]dispatch.Rates{"b": {SendsPerSecond: 100}},
			Routes: []dispatch.Route{
				{Provider: "a", Match: dispatch.Match{Metadata: map[string]string{"to": "a"}}},
				{Provider: "b", Match: dispatch.Match{Metadata: map[string]string{"to": "b"}}},
			},
		}, a, b)
		began := time.Now()
		for i := range 60 {
			for _, to := range []string{"a", "b"} {
				req := order(fmt.Sprintf("%s-%d", to, i))
				req.Metadata = map[string]string{"to": to}
				d.take(req)
			}
		}
		pause(5 * time.Second)
		assert.Len(t, others.at, 60)
		assert.Less(t, others.at[59].Sub(began), time.Second)
		pause(20 * time.Second)
		assert.Len(t, sends.at, 60)
		assert.InDelta(t, 5, sends.at[59].Sub(began).Seconds(), 0.5, "ten at once, and then ten a second")
		assert.LessOrEqual(t, sends.most(time.Second), 20)
		assert.LessOrEqual(t, sends.most(4*time.Second), 50)
		assert.LessOrEqual(t, asks.most(10*time.Second), 44)
		assert.Greater(t, asks.most(10*time.Second), 36, "and no slower than allowed")
		require.Error(t, stop())
	})
}

// What is unknown is asked about before what is open, and asking goes before sending.
func TestRunAsksUnknownFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bank("a").tells(says(payout.StatusPending))
		b.info.Polling = payout.Polling{{Every: 10 * time.Second}}
		d := opened(t, dispatch.Config{Now: time.Now, Rates: dispatch.Rates{AsksPerSecond: 1}, Workers: 1}, b)
		for i := range 30 {
			b.does(says(payout.StatusPending))
			if i%2 == 1 {
				b.does(fails(payout.ErrOutcomeUnknown))
			}
			d.sends(fmt.Sprintf("p-%02d", i), "1.00 EUR")
		}
		pause(time.Minute)
		stop := d.run()
		pause(15 * time.Second)
		require.Error(t, stop())
		require.GreaterOrEqual(t, b.questions(), 12)
		for _, asked := range b.asked[:12] {
			n := asked.Reference[len(asked.Reference)-1]
			assert.Equal(t, byte(1), (n-'0')%2, "%s was not unknown", asked.Reference)
		}
	})
}

// While more questions are due than the banks can be asked, nothing new is sent.
func TestRunBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bank("a").does(says(payout.StatusPending)).tells(says(payout.StatusPending))
		b.info.Polling = payout.Polling{{Every: time.Second}}
		d, stop := running(t, dispatch.Config{Rates: dispatch.Rates{SendsPerSecond: 4, AsksPerSecond: 1, Backlog: 5}}, b)
		for i := range 40 {
			d.take(order(fmt.Sprint("p-", i)))
		}
		pause(3 * time.Minute)
		assert.Less(t, b.times(), 40, "sending has slowed down")
		b.tells(says(payout.StatusPaid))
		pause(5 * time.Minute)
		assert.Equal(t, 40, b.times(), "and goes on when the backlog is gone")
		require.Error(t, stop())
	})
}

// Holds that other processes made are kept to, and one that a check lifts is lifted.
func TestRunTends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bank("a").does(fails(payout.ErrUnauthorized), says(payout.StatusPaid)).tells(fails(payout.ErrNotFound))
		d, stop := running(t, dispatch.Config{}, b)
		d.take(order("p-1"))
		pause(29 * time.Second)
		assert.Equal(t, dispatch.HeldUnauthorized, d.reason("a"))
		pause(2 * time.Minute)
		assert.Equal(t, "paid", d.load("p-1").State.String())

		require.NoError(t, d.another().Hold(t.Context(), "a", "Ann", ""))
		pause(2 * time.Second)
		d.take(order("p-2"))
		pause(time.Minute)
		assert.Equal(t, "planned", d.load("p-2").State.String())
		require.Error(t, stop())
	})
}

// Submit waits for the answer also where Run drives the payouts.
func TestAwaitAnswerWhileRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bank("a")
		b.does(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
			time.Sleep(time.Second)
			return says(payout.StatusPending)(ctx, asked)
		})
		d, stop := running(t, dispatch.Config{Rates: dispatch.Rates{SendsPerSecond: 1000}}, b)
		other := d.another()
		stopOther := other.run()
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				ticket := d.take(order(fmt.Sprint("p-", i)), dispatch.AwaitAnswer())
				assert.Equal(t, "open", ticket.State.String())
			})
		}
		wg.Wait()
		assert.Equal(t, 50, b.times())
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		at := time.Now()
		_, err := d.Submit(ctx, order("p-x"), dispatch.AwaitAnswer())
		require.NoError(t, err)
		assert.LessOrEqual(t, time.Since(at), time.Second, "but not for ever")
		require.Error(t, stop())
		require.Error(t, stopOther())
	})
}
