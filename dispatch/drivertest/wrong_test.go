package drivertest_test

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/dispatch/drivertest"
)

// again takes a payout on anew, under another reference.
func (w *plain) again(e dispatch.Entry) {
	req, mine := w.mine[e.Reference]
	if !mine {
		return
	}
	delete(w.mine, e.Reference)
	req.Reference += "-again"
	_, _ = w.d.Submit(context.Background(), req)
}

// wrongs are drivers with a mistake, the case that finds it, and what that says of it.
var wrongs = []struct {
	mistake, found, says string
	make                 func(*plain)
}{
	{"a step for each payout, and no more", "outcomes", "never came to this", func(w *plain) {
		w.stepped = func(w *plain, e dispatch.Entry, _ time.Time, _ error) { w.out[e.Reference] = true }
	}},
	{"an error of a step is the end of its payout", "poison", "it is parked", func(w *plain) {
		w.stepped = func(w *plain, e dispatch.Entry, _ time.Time, err error) { w.out[e.Reference] = err != nil }
	}},
	{"an error of a step is the end of them all", "poison", "the others are paid", func(w *plain) {
		w.stepped = func(w *plain, _ dispatch.Entry, _ time.Time, err error) {
			if err != nil {
				w.chosen = func(*plain, dispatch.Entry) bool { return false }
			}
		}
	}},
	{"what is final is done", "patrol", "has taken back its word", func(w *plain) {
		w.chosen = func(_ *plain, e dispatch.Entry) bool { return !e.State.Final() }
	}},
	{"it drives what it took on itself", "restart", "what another one", func(w *plain) {
		w.chosen = func(w *plain, e dispatch.Entry) bool { _, mine := w.mine[e.Reference]; return mine }
	}},
	{"it never tends", "check", "the provider is held", func(w *plain) { w.untend = true }},
	{"what has to wait is given up", "hold", "they are paid", func(w *plain) {
		w.chosen = func(_ *plain, e dispatch.Entry) bool { return e.Deferred == 0 }
	}},
	{"what is being sent is somebody else's business", "lost", "what the lost driver was at", func(w *plain) {
		w.chosen = func(_ *plain, e dispatch.Entry) bool { return e.State != dispatch.StateSending }
	}},
	{"what is past its time is left alone", "deadline", "it has failed", func(w *plain) {
		w.chosen = func(_ *plain, e dispatch.Entry) bool { return time.Now().Before(e.SendUntil) }
	}},
	{"it goes by what it was told, whatever has happened since", "hint", "after a callback", func(w *plain) {
		w.chosen = func(w *plain, e dispatch.Entry) bool { return !w.next[e.Reference].After(time.Now()) }
	}},
	{"it comes late", "schedule", "asked about six times", func(w *plain) { w.every = 1500 * time.Millisecond }},
	{"it asks by itself", "schedule", "questions", func(w *plain) {
		w.stepped = func(w *plain, e dispatch.Entry, _ time.Time, _ error) {
			_, _ = w.config.Providers[0].Find(context.Background(), payout.Ref{Reference: e.Reference, Amount: e.Amount})
		}
	}},
	{"what is unknown is paid anew", "unknown", "how often each was sent", func(w *plain) {
		w.stepped = func(w *plain, e dispatch.Entry, _ time.Time, _ error) {
			if e.State == dispatch.StateUnknown && len(e.Attempts) > 0 && e.Attempts[0].Asked > 1 {
				w.again(e)
			}
		}
	}},
	{"what is cancelled is paid anew", "cancel", "anything else is sent", func(w *plain) {
		w.stepped = func(w *plain, e dispatch.Entry, _ time.Time, _ error) {
			if e.State == dispatch.StateCancelled {
				w.again(e)
			}
		}
	}},
	{"what it has already it does not submit again", "request", "with its request it is paid", func(w *plain) {
		submit := w.submit
		w.submit = func(w *plain, ctx context.Context, req payout.Request) (dispatch.Entry, error) {
			if e, err := w.shop.journal.Load(ctx, req.Reference); err == nil && e.Amount == req.Amount {
				return e, nil
			}
			return submit(w, ctx, req)
		}
	}},
	{"one works, and the others wait for its end", "together", "of two drivers", func(w *plain) {
		w.begin = func(ctx context.Context) (func(), error) {
			select {
			case w.shop.key <- struct{}{}:
				return func() { <-w.shop.key }, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	}},
	{"it does not wait for its steps", "stop", "Run has returned while", func(w *plain) { w.hurried = true }},
	{"it goes on after it was stopped", "stop", "after Run has returned", func(w *plain) {
		w.ended = func(w *plain, why error) error {
			w.shop.rest.Go(func() { w.loop(w.shop.late, &w.shop.rest) })
			return why
		}
	}},
	{"it does not say why it ended", "stop", "why it ended", func(w *plain) {
		w.ended = func(*plain, error) error { return nil }
	}},
	{"it does what is left before it ends", "stop", "has begun all", func(w *plain) {
		w.ended = func(w *plain, why error) error {
			ctx, cancel := context.WithTimeout(w.shop.late, 15*time.Second)
			defer cancel()
			w.stepped = func(w *plain, _ dispatch.Entry, _ time.Time, _ error) {
				if left, err := w.shop.journal.Waiting(ctx, dispatch.Send, time.Now(), 1); left == 0 && err == nil {
					cancel()
				}
			}
			var steps sync.WaitGroup
			w.loop(ctx, &steps)
			steps.Wait()
			return why
		}
	}},
	{"each has the rates for itself, and they are said to be shared", "rates", "were done after", func(*plain) {}},
}

// Each mistake is found by the case that is there for it, and each case finds one.
func TestWrongDrivers(t *testing.T) {
	t.Parallel()
	cases := map[string]drivertest.Case{}
	for _, c := range drivertest.Cases() {
		cases[c.Name] = c
	}
	errs := make([]error, len(wrongs))
	var all sync.WaitGroup
	for i, w := range wrongs { // beside each other: they wait for what does not happen, longer than it would take
		place := newShop(t, w.make).place()
		place.SharesRates = w.found == "rates"
		require.Contains(t, cases, w.found)
		all.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			errs[i] = cases[w.found].Verify(ctx, place)
		})
	}
	all.Wait()
	for i, w := range wrongs {
		t.Run(w.mistake, func(t *testing.T) { require.ErrorContains(t, errs[i], w.says) })
		delete(cases, w.found)
	}
	assert.Empty(t, slices.Collect(maps.Keys(cases)), "cases that find nothing")
}
