package demo

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// desk is the dispatcher of the three banks and the reserve, with its loop running.
type desk struct {
	*dispatch.Dispatcher
	watch   *watch
	running sync.WaitGroup
	stop    context.CancelFunc
}

// openDesk starts dispatching through the banks, until ctx ends or close is called. The
// journal is in memory: what is not finished then is lost with it, which a platform's
// must not be.
func openDesk(ctx context.Context, b *banks) (*desk, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	c := dispatch.Config{
		Journal:  dispatch.NewMemory(),
		Keys:     dispatch.Keys{Current: 1, Versions: map[uint32]payout.Secret{1: payout.NewSecret(string(key))}},
		Observer: b.watch.steps,
		Rates:    dispatch.Rates{SendsPerSecond: 1e4, AsksPerSecond: 1e4, Unknowns: 1000},
		// These banks live in the same process.
		Times: dispatch.Times{
			SendWindow: 2 * time.Second, CallTimeout: 5 * time.Second, RetryEvery: 100 * time.Millisecond,
			Patrol: []time.Duration{-1}, Polling: map[string]payout.Polling{},
		},
		Workers: workers,
	}
	for _, s := range b.all {
		c.Providers = append(c.Providers, s.client)
		c.Routes = append(c.Routes, dispatch.Route{Provider: s.client.Name(), Priority: s.priority})
		c.Times.Polling[s.client.Name()] = polling()
	}
	d, err := dispatch.New(c)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	k := &desk{Dispatcher: d, watch: b.watch, stop: stop}
	k.running.Go(func() { _ = d.Run(ctx) })
	return k, nil
}

// close ends the loop, and returns when its last step is written down.
func (k *desk) close() {
	k.stop()
	k.running.Wait()
}

// await returns where a payout stands when its fate is known or with a person, or
// when patience or the context ends; then err says so.
func (k *desk) await(ctx context.Context, reference string, moved <-chan struct{}, patience time.Duration) (dispatch.Entry, error) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	lasting := context.WithoutCancel(ctx)
	for {
		t, err := k.Status(lasting, reference)
		if err != nil || t.State.Final() || t.State == dispatch.StateReview {
			return t.Entry, err
		}
		select {
		case <-moved:
		case <-timer.C:
			return t.Entry, still(context.DeadlineExceeded)
		case <-ctx.Done():
			k.close()
			// What has not left by now does not leave any more.
			if e, err := k.Cancel(lasting, reference, "demo", "interrupted"); err == nil {
				return e, nil
			}
			t, err := k.Status(lasting, reference)
			if err != nil || t.State.Final() || t.State == dispatch.StateReview {
				return t.Entry, err
			}
			return t.Entry, still(ctx.Err())
		}
	}
}

func still(why error) error {
	return &payout.Error{Op: payout.OpWait, Detail: "still not final: go on asking", Err: why}
}

// history is empty if it can't be had.
func (k *desk) history(reference string) []dispatch.Event {
	h, _ := k.History(context.Background(), reference)
	return h
}

// first is the provider that a payout would go to first, or "".
func (k *desk) first(req payout.Request) string {
	choices, _ := k.Explain(context.Background(), req)
	for _, c := range choices {
		if c.Taken {
			return c.Provider
		}
	}
	return ""
}
