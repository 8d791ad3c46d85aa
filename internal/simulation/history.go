package simulation

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

var keys = dispatch.Keys{Current: 1, Versions: map[uint32]payout.Secret{
	1: payout.NewSecret("the key of the simulation, 32 bytes and more"),
}}

// live lives through one history.
func (o Options) live(t *testing.T, bytes []byte, telling bool) (s Story) {
	open := o.Open
	if open == nil {
		open = InMemory
	}
	synctest.Test(t, func(t *testing.T) {
		place := open(t)
		w := &world{
			choices: choices{bytes: bytes}, telling: telling, place: place, journal: place.Journal,
			wanted: map[string]payout.Request{}, acked: map[string]payout.Money{},
			buckets: map[string]dispatch.Limit{}, resolved: map[string]bool{}, before: map[string]dispatch.Entry{},
			owners: map[owned]string{}, adopted: map[string]bool{},
			alarms: map[string]map[dispatch.AlarmKind]int{}, yielded: make(chan *proc),
		}
		w.found()
		if place.Copy != nil {
			place.Copy()
		}
		for range 40 + w.of(80) {
			w.act()
			if w.broken != nil {
				break
			}
		}
		for range 40 * w.of(2) { // hours go by, with all their faults
			if w.broken == nil {
				w.pass([]time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 20 * time.Minute}[w.of(4)])
				w.drive(w.workers[w.of(len(w.workers))])
			}
		}
		if w.broken == nil {
			w.settleDown()
			w.judge()
		}
		for _, k := range w.workers { // whatever hangs ends with the bubble
			k.kill()
		}
		s = Story{Trace: w.trace, Used: w.choices.used, Broken: w.broken}
	})
	return s
}

// found makes the banks and the workers.
func (w *world) found() {
	w.sealed = w.of(3) < 2
	if w.of(6) == 5 {
		w.limits = []dispatch.Limit{{Name: "all", Count: 2, Period: dispatch.Daily}, {Name: "first", Amount: payout.MustMoney("120.00 EUR")}}
	}
	for i := range []int{1, 1, 2, 3, 5}[w.of(5)] {
		b := &simBank{world: w, name: fmt.Sprintf("bank%d", i+1), left: map[string]int{}, picks: map[string]int{}}
		b.duplicates = w.of(3)
		b.lag = []time.Duration{0, time.Minute, 10 * time.Minute}[w.of(3)]
		b.landing = []time.Duration{time.Second, time.Minute, 20 * time.Minute}[w.of(3)]
		b.liar = w.of(4) == 3
		b.info = payout.Info{
			Adapter: "sim", Name: b.name, Account: "account-of-" + b.name,
			Amounts:      []payout.AmountRange{{Min: payout.MustMoney("0.01 EUR"), Max: payout.MustMoney("9999.99 EUR")}},
			Destinations: []payout.Kind{payout.Card{}.Kind()},
			Polling: payout.Polling{
				{Every: 5 * time.Second, For: 30 * time.Second}, {Every: time.Minute, For: 10 * time.Minute}, {Every: 40 * time.Minute},
			},
		}
		if w.of(4) > 0 {
			b.info.Absence = payout.Absence{Proves: true, After: b.lag + b.landing, Times: 1 + w.of(3)}
			if b.liar {
				b.info.Absence.After /= 4
			}
			if b.duplicates < 2 || b.liar {
				b.info.Dedup = []payout.Dedup{payout.DedupNone, payout.DedupRefuses, payout.DedupReplays, payout.DedupRefuses, payout.DedupReplays}[w.of(5)]
			}
		}
		w.banks = append(w.banks, b)
		w.tell("%s: duplicates %d, lag %s, landing %s, liar %v, dedup %d, absence %+v", b.name, b.duplicates, b.lag, b.landing, b.liar, b.info.Dedup, b.info.Absence)
	}
	for i := range 1 + w.of(3) {
		k := &worker{world: w, id: i + 1}
		k.start()
		w.workers = append(w.workers, k)
	}
	w.submit()
}

var cards = []string{"4111111111111111", "5105105105105100", "4012888888881881", "4222222222222", "6011111111111117"}

// request is what the platform wants under a reference.
func (w *world) request(n int) payout.Request {
	reference := fmt.Sprintf("p%d", n)
	if req, ok := w.wanted[reference]; ok {
		return req
	}
	return payout.Request{
		Reference: reference, Amount: payout.FromMinor(int64(5000+n*100), payout.EUR),
		Destination: payout.Card{Number: payout.NewSecret(cards[n%len(cards)])},
	}
}

// act is one thing that happens.
func (w *world) act() {
	if running := w.running(); len(running) > 0 && w.of(5) < 3 {
		w.run(running[w.of(len(running))])
		return
	}
	k := w.workers[w.of(len(w.workers))]
	switch w.of(17) {
	default:
		w.stepSomething(k)
	case 3, 4, 5:
		w.drive(k)
	case 6:
		w.submit()
	case 7, 8, 9:
		w.pass([]time.Duration{time.Second, 5 * time.Second, 11 * time.Second, 2 * time.Minute, 3 * time.Minute, 15 * time.Minute, 2 * time.Hour, 13 * time.Hour}[w.of(8)])
	case 10:
		switch {
		case w.of(2) == 0:
		case w.place.Reopen != nil && w.of(2) == 1:
			w.powerCut()
		default:
			k.die()
		}
	case 11:
		w.hint(k)
	case 12:
		w.interfere(k)
	case 13:
		b := w.banks[w.of(len(w.banks))]
		if len(b.flight) > 0 {
			b.land(w.of(len(b.flight)))
		}
	case 16:
		w.mistrust()
	case 14:
		k.begin("tend", func(ctx context.Context) { _, _ = k.d.Tend(ctx) })
	case 15:
		b := w.banks[w.of(len(w.banks))]
		switch w.of(5) {
		case 4:
			b.blind = !b.blind
			w.tell("%s: finds nothing: %v", b.name, b.blind)
		case 1:
			b.locked = !b.locked
			w.tell("%s: credentials expired: %v", b.name, b.locked)
		case 2:
			b.down = !b.down
			w.tell("%s: down: %v", b.name, b.down)
		case 3:
			if w.of(4) == 3 {
				w.stranger(b)
			}
		}
	}
}

// drive goes to where something is next due, and begins the steps of all that is.
func (w *world) drive(k *worker) {
	entries := w.entries()
	next := time.Now().Add(20 * time.Minute)
	for _, e := range entries {
		if !e.Due.IsZero() && e.Due.Before(next) {
			next = e.Due
		}
	}
	w.pass(max(time.Until(next), 0))
	for _, e := range entries {
		if !e.Due.IsZero() && !e.Due.After(time.Now()) && len(k.procs) < 3 {
			p := k.begin("step "+e.Reference, func(ctx context.Context) { _, _, _ = k.d.Step(ctx, e.Reference) })
			for turns := 0; turns < 16 && !p.done && w.of(8) < 7; turns++ {
				w.run(p)
			}
		}
	}
}

// entries are all that the journal has.
func (w *world) entries() []dispatch.Entry {
	entries, err := w.journal.List(context.Background(), dispatch.Filter{})
	if err != nil {
		w.violated("the journal can't be read: %v", err)
	}
	return entries
}

func (w *world) running() (all []*proc) {
	for _, k := range w.workers {
		all = append(all, k.procs...)
	}
	return all
}

// stepSomething steps what is due, or anything at all.
func (w *world) stepSomething(k *worker) {
	if len(k.procs) >= 3 || len(w.wanted) == 0 {
		return
	}
	reference := fmt.Sprintf("p%d", 1+w.of(len(w.wanted)))
	k.begin("step "+reference, func(ctx context.Context) { _, _, _ = k.d.Step(ctx, reference) })
}

// submit has the platform submit a payout, or an old one again, or something else
// under an old reference.
func (w *world) submit() {
	k := w.workers[w.of(len(w.workers))]
	n := len(w.wanted) + 1
	if again := w.of(6); again > 3 && len(w.wanted) > 0 || len(w.wanted) >= 4 {
		n = 1 + w.of(max(len(w.wanted), 1))
	}
	req := w.request(n)
	_, known := w.wanted[req.Reference]
	other := known && w.of(8) == 7 && w.doubts == 0 // a journal that has lost the first content can't know
	if amount, taken := w.acked[req.Reference]; taken && w.doubts > 0 {
		req.Amount = amount
	}
	if other {
		req.Amount = payout.MustMoney("77.77 EUR")
	} else {
		w.wanted[req.Reference] = req
	}
	k.begin("submit "+req.Reference, func(ctx context.Context) {
		var options []dispatch.SubmitOption
		if w.of(4) == 3 {
			options = append(options, dispatch.AwaitAnswer())
		}
		_, err := k.d.Submit(ctx, req, options...)
		w.tell("submit %s %s: %v", req.Reference, req.Amount, err)
		switch {
		case err != nil:
		case w.acked[req.Reference] != payout.Money{} && w.acked[req.Reference] != req.Amount:
			w.violated("%s was taken with other content", req.Reference)
		default:
			w.acked[req.Reference] = req.Amount
		}
	})
}

// hint is a callback, about anything, at any time.
func (w *world) hint(k *worker) {
	b := w.banks[w.of(len(w.banks))]
	reference := fmt.Sprintf("p%d", 1+w.of(4))
	if len(b.orders) > 0 && w.of(3) > 0 {
		reference = b.orders[w.of(len(b.orders))].reference
	}
	w.tell("a callback of %s about %s", b.name, reference)
	handler := k.d.Callback(b.name)
	k.begin("callback "+reference, func(ctx context.Context) {
		handler.ServeHTTP(discard{}, callbackOf(reference).WithContext(ctx))
	})
}

// stranger is an order that somebody else made under a reference of ours.
func (w *world) stranger(b *simBank) {
	reference := fmt.Sprintf("p%d", 1+w.of(4))
	if b.find(reference) != nil {
		return
	}
	w.tell("somebody else makes order %s at %s", reference, b.name)
	o := b.make(payout.Request{
		Reference: reference, Amount: w.request(1).Amount,
		Destination: payout.Card{Number: payout.NewSecret("5555555555554444")},
	})
	o.stranger = true
}

// interfere is the operator.
func (w *world) interfere(k *worker) {
	reference := fmt.Sprintf("p%d", 1+w.of(4))
	b := w.banks[w.of(len(w.banks))]
	switch w.of(4) {
	case 0:
		k.begin("cancel "+reference, func(ctx context.Context) {
			_, err := k.d.Cancel(ctx, reference, "operator", "test")
			w.tell("cancel %s: %v", reference, err)
		})
	case 1:
		if w.of(4) < 3 {
			return
		}
		k.begin("hold "+b.name, func(ctx context.Context) { _ = k.d.Hold(ctx, b.name, "operator", "test") })
	case 2:
		k.begin("release "+b.name, func(ctx context.Context) { _ = k.d.Release(ctx, b.name, "operator") })
	case 3:
		// An operator who reads the bank's statements.
		outcome := dispatch.StateFailed
		if moved, _ := w.moved(reference); moved > 0 {
			outcome = dispatch.StatePaid
		} else if w.doubts > 0 && w.of(2) == 1 && w.nowhere(reference) {
			outcome = dispatch.StatePlanned
		}
		k.begin("resolve "+reference, func(ctx context.Context) {
			_, err := k.d.Resolve(ctx, reference, outcome, "statement", "operator")
			w.tell("resolve %s as %s: %v", reference, outcome, err)
		})
	}
}
