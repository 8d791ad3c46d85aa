package simulation

import (
	"context"
	"fmt"
	"time"

	"github.com/payoutkit/payout/dispatch"
)

// pass lets time pass, and lands on the way what has to land.
func (w *world) pass(d time.Duration) {
	end := time.Now().Add(d)
	for {
		next, bank, flight := end, (*simBank)(nil), 0
		for _, b := range w.banks {
			for i, f := range b.flight {
				if f.late.Before(next) {
					next, bank, flight = f.late, b, i
				}
			}
		}
		time.Sleep(time.Until(next))
		if bank == nil {
			w.tell("%s have passed", d)
			return
		}
		if w.chance(3) {
			w.tell("  %s is lost on its way to %s", bank.flight[flight].req.Reference, bank.name)
			bank.flight = append(bank.flight[:flight:flight], bank.flight[flight+1:]...)
			continue
		}
		bank.land(flight)
	}
}

// settleDown ends all faults, and lets the workers do what there is to do, for weeks.
func (w *world) settleDown() {
	w.tell("all is calm from here on")
	w.calm = true
	for _, b := range w.banks {
		b.locked, b.down, b.blind = false, false, false
	}
	k := w.workers[0]
	for _, b := range w.banks {
		w.finish(k.begin("release", func(ctx context.Context) { _ = k.d.Release(ctx, b.name, "operator") }))
	}
	for len(w.running()) > 0 {
		w.run(w.running()[0])
	}
	if w.of(2) == 1 || w.doubts > 0 { // the platform submits again what it knows
		for n := range len(w.wanted) {
			req := w.wanted[fmt.Sprintf("p%d", n+1)]
			if amount, taken := w.acked[req.Reference]; taken {
				req.Amount = amount
			}
			w.finish(k.begin("submit "+req.Reference, func(ctx context.Context) {
				_, _ = k.d.Submit(ctx, req)
			}))
		}
	}
	w.rest(k)
	if w.doubts > 0 && w.of(2) == 1 {
		w.decideDoubts(k)
		w.rest(k)
	}
}

// rest has a worker do what there is to do until there is no more.
func (w *world) rest(k *worker) {
	for range 3000 {
		entries := w.entries()
		next := time.Time{}
		for _, e := range entries {
			if !e.Due.IsZero() && (next.IsZero() || e.Due.Before(next)) && !w.hopeless(e) {
				next = e.Due
			}
		}
		if next.IsZero() {
			return
		}
		if wait := time.Until(next); wait > 0 {
			w.pass(wait)
		}
		for _, e := range entries {
			if !e.Due.IsZero() && !e.Due.After(time.Now()) {
				w.finish(k.begin("step "+e.Reference, func(ctx context.Context) {
					at, _, _ := k.d.Step(ctx, e.Reference)
					if at.After(time.Now()) {
						w.wait(at)
					}
				}))
			}
		}
		w.finish(k.begin("tend", func(ctx context.Context) { _, _ = k.d.Tend(ctx) }))
	}
	w.violated("it never comes to rest")
}

// wait notes that a step has to wait.
func (w *world) wait(at time.Time) {
	if d := time.Until(at); d > 0 && d < time.Minute {
		w.pass(d)
	}
}

// hopeless is a review that nobody ends: it is asked about for ever.
func (w *world) hopeless(e dispatch.Entry) bool {
	patience := 3 * 24 * time.Hour
	if e.Review == dispatch.ReviewDoubt {
		patience = 13 * time.Hour
	}
	return e.State == dispatch.StateReview && time.Since(e.CreatedAt) > patience
}

func (w *world) finish(p *proc) {
	for !p.done {
		w.run(p)
	}
}

// moved returns how often money moved for a payout, and whether a bank broke its
// word about it.
func (w *world) moved(reference string) (times int, brokeWord bool) {
	for _, b := range w.banks {
		for _, o := range b.orders {
			if o.stranger || w.owners[owned{b.info.Account, o.reference}] != reference {
				continue
			}
			brokeWord = brokeWord || o.brokeWord
			unheard := o.lie && o.asked && !o.told // asked at a bad time, and it is too late to hear of it
			if o.moved && !o.back && !unheard {
				times++
			}
		}
	}
	return times, brokeWord
}
