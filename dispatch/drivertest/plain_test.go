package drivertest_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/dispatch/drivertest"
)

// plain is a driver that calls Step for all the payouts that there are, again and again,
// due or not, done or not. Mistakes are made in what it is made of.
type plain struct {
	d      *dispatch.Dispatcher
	config dispatch.Config
	shop   *shop

	every   time.Duration // how often it goes round
	untend  bool          // it does not call Tend
	hurried bool          // Run does not wait for steps
	begin   func(ctx context.Context) (end func(), err error)
	ended   func(w *plain, why error) error
	submit  func(w *plain, ctx context.Context, req payout.Request) (dispatch.Entry, error)
	chosen  func(w *plain, e dispatch.Entry) bool
	stepped func(w *plain, e dispatch.Entry, next time.Time, err error)

	mu   sync.Mutex
	busy map[string]bool
	mine map[string]payout.Request // those that it took on
	out  map[string]bool           // those that it calls no Step for any more
	next map[string]time.Time      // what it was told
	from int                       // where it goes on
}

// shop is where plain drivers work, all with the same mistake.
type shop struct {
	journal dispatch.Journal
	mistake func(*plain)
	key     chan struct{}   // for one driver
	late    context.Context // ends with the test, and not before
	rest    sync.WaitGroup
}

func (s *shop) place() drivertest.Place {
	return drivertest.Place{Journal: s.journal, Late: 200 * time.Millisecond, Open: s.open}
}

func newShop(t *testing.T, mistake func(*plain)) *shop {
	ctx, cancel := context.WithCancel(context.Background())
	s := &shop{journal: dispatch.NewMemory(), mistake: mistake, key: make(chan struct{}, 1), late: ctx}
	t.Cleanup(func() { cancel(); s.rest.Wait() })
	return s
}

func (s *shop) open(c dispatch.Config) (drivertest.Driver, error) {
	c.Journal = s.journal
	d, err := dispatch.New(c)
	if err != nil {
		return nil, err
	}
	w := &plain{
		d: d, config: c, shop: s, every: 10 * time.Millisecond,
		begin: func(context.Context) (func(), error) { return func() {}, nil },
		ended: func(_ *plain, why error) error { return why },
		submit: func(w *plain, ctx context.Context, req payout.Request) (dispatch.Entry, error) {
			ticket, err := w.d.Submit(ctx, req)
			return ticket.Entry, err
		},
		chosen:  func(*plain, dispatch.Entry) bool { return true },
		stepped: func(*plain, dispatch.Entry, time.Time, error) {},
		busy:    map[string]bool{}, mine: map[string]payout.Request{}, out: map[string]bool{}, next: map[string]time.Time{},
	}
	s.mistake(w)
	return w, nil
}

func (w *plain) Dispatcher() *dispatch.Dispatcher { return w.d }

func (w *plain) Submit(ctx context.Context, req payout.Request) (dispatch.Entry, error) {
	w.mu.Lock()
	w.mine[req.Reference] = req
	w.mu.Unlock()
	return w.submit(w, ctx, req)
}

func (w *plain) Run(ctx context.Context) error {
	end, err := w.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	steps := &sync.WaitGroup{}
	if w.hurried {
		steps = &w.shop.rest
	}
	w.loop(ctx, steps)
	if !w.hurried {
		steps.Wait()
	}
	return w.ended(w, ctx.Err())
}

// loop goes round until ctx ends.
func (w *plain) loop(ctx context.Context, steps *sync.WaitGroup) {
	round := time.NewTicker(w.every)
	defer round.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-round.C:
		}
		if !w.untend {
			_, _ = w.d.Tend(ctx)
		}
		if all, err := w.d.List(ctx, dispatch.Filter{}); err == nil {
			w.round(ctx, all, steps)
		}
	}
}

// round begins steps while there are workers free, from where it ended the last time.
func (w *plain) round(ctx context.Context, all []dispatch.Entry, steps *sync.WaitGroup) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for range all {
		if len(w.busy) == w.config.Workers {
			return
		}
		w.from++
		e := all[w.from%len(all)]
		if !w.busy[e.Reference] && !w.out[e.Reference] && w.chosen(w, e) {
			w.busy[e.Reference] = true
			steps.Go(func() { w.step(ctx, e.Reference) })
		}
	}
}

func (w *plain) step(ctx context.Context, reference string) {
	next, _, err := w.d.Step(ctx, reference)
	e, _ := w.shop.journal.Load(context.WithoutCancel(ctx), reference)
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.busy, reference)
	w.next[reference] = next
	w.stepped(w, e, next, err)
}

// Calling Step all the time, for whatever there is, is no mistake.
func TestPlain(t *testing.T) {
	t.Parallel()
	drivertest.Run(t, func(t *testing.T) drivertest.Place { return newShop(t, func(*plain) {}).place() })
}
