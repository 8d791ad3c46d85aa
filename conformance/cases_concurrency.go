package conformance

import (
	"sync"

	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
)

// crowd is how many payouts are made at once.
const crowd = 50

func concurrencyCases() []Case {
	return []Case{
		{
			Name: "many at once", Rule: "Fifty payouts at once under fifty references are each paid once, with its own answer.",
			Cost: "Answers are mixed up between payouts.", Money: true, run: manyAtOnce,
		},
		{
			Name: "the same reference at once", Rule: "Fifty Creates at once under one reference each send at most one request, and none is called failed while money moved.",
			Cost: "A race decides who is paid.", Money: true, run: sameAtOnce,
		},
		{
			Name: "no goroutine left", Rule: "After the calls have returned and idle connections are closed, no goroutine of the provider is left.",
			Cost: "A process that pays for months runs out of memory.", run: noGoroutineLeft,
		},
	}
}

func manyAtOnce(t *T) {
	w := t.world()
	before := w.net.count()
	var group sync.WaitGroup
	for range crowd {
		req := w.request()
		group.Go(func() {
			p, err := w.client.Create(t.ctx, req)
			if err == nil && !p.Status.Final() {
				p, err = w.settle(p.Ref())
			}
			if err != nil || p.Status != payout.StatusPaid || p.Reference != req.Reference {
				t.Errorf("%s: status %s of %s, error %v", req.Reference, p.Status, p.Reference, err)
			}
			if moved := w.bank.Moved(req.Reference); len(moved) != 1 {
				t.Errorf("%s: money moved %d times", req.Reference, len(moved))
			}
		})
	}
	group.Wait()
	if n := w.net.count() - before; n < crowd {
		t.Errorf("%d payouts were made by %d requests", crowd, n)
	}
}

func sameAtOnce(t *T) {
	w := t.world()
	req := w.request()
	before := w.net.count()
	var group sync.WaitGroup
	var mu sync.Mutex
	var denied []string
	for range crowd {
		group.Go(func() {
			p, err := w.client.Create(t.ctx, req)
			if err == nil && p.Status == payout.StatusFailed || payout.KindOf(err) == payout.ErrNotSent && err != nil {
				mu.Lock()
				defer mu.Unlock()
				denied = append(denied, p.Status.String())
			}
		})
	}
	group.Wait()
	if n := w.net.count() - before; n > crowd {
		t.Errorf("%d Creates sent %d requests", crowd, n)
	}
	if len(w.bank.Moved(req.Reference)) > 0 && len(denied) > 0 {
		t.Errorf("money moved, and %d of the calls say that nothing was paid", len(denied))
	}
}

func noGoroutineLeft(t *T) {
	ignore := goleak.IgnoreCurrent()
	inner := &T{ctx: t.ctx, h: t.h}
	func() {
		defer func() {
			for i := len(inner.cleanups) - 1; i >= 0; i-- {
				inner.cleanups[i]()
			}
		}()
		w := inner.world()
		w.warm()
		w.net.next(lost())
		_, _ = w.client.Create(t.ctx, w.request())
		w.warm()
	}()
	for _, f := range inner.failures {
		t.Errorf("%s", f)
	}
	if err := goleak.Find(ignore); err != nil {
		t.Errorf("%v", err)
	}
}
