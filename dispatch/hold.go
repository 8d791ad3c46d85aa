package dispatch

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/payoutkit/payout"
)

// holdsFor is how old the known holds are when Tend learns of them anew. Where nobody calls
// it, who is about to send does, before they are twice as old.
const holdsFor = time.Second

// Hold keeps a provider from getting payouts to send, until Release. It is asked all
// the same.
func (d *Dispatcher) Hold(ctx context.Context, provider, by, note string) error {
	if _, ok := d.named[provider]; !ok || by == "" {
		return invalid("provider, by", "must be a provider's name, and a person's")
	}
	return d.setHold(ctx, Hold{Provider: provider, Reason: HeldByPerson, By: by, Note: note, Since: d.now()})
}

// Release lifts a hold, whatever it is for.
func (d *Dispatcher) Release(ctx context.Context, provider, by string) error {
	l, ok := d.named[provider]
	if !ok || by == "" {
		return invalid("provider, by", "must be a provider's name, and a person's")
	}
	l.forgive()
	return d.setHold(ctx, Hold{Provider: provider, By: by})
}

// Holds returns which providers are held, and why.
func (d *Dispatcher) Holds(ctx context.Context) ([]Hold, error) { return d.journal.Holds(ctx) }

func (d *Dispatcher) setHold(ctx context.Context, h Hold) error {
	if err := d.journal.SetHold(ctx, h); err != nil {
		return err
	}
	d.keep(h)
	kind := AlarmHeld
	if h.Reason == NotHeld {
		kind = AlarmLifted
	}
	d.observer.Alarm(ctx, Alarm{Kind: kind, Provider: h.Provider, Attempt: -1})
	return nil
}

// hold is a hold that a check can lift. One that stands already stays as it is.
func (d *Dispatcher) hold(ctx context.Context, l *lane, why HoldReason, now time.Time) {
	h := Hold{Provider: l.info.Name, Reason: why, Since: now, CheckAt: now.Add(d.times.Check)}
	if !d.claim(h) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.times.CallTimeout)
	defer cancel()
	if d.writeHold(ctx, h) != nil { // this process at least keeps to it
		d.holding.Lock()
		defer d.holding.Unlock()
		d.unwritten[h.Provider] = h
	}
}

// writeHold writes a hold down, unless another process was first, or a person.
func (d *Dispatcher) writeHold(ctx context.Context, h Hold) error {
	if have, err := d.standing(ctx, h.Provider); err == nil && have.Reason != NotHeld {
		d.keep(have)
		return nil
	}
	return d.setHold(ctx, h)
}

// writeHolds writes down those that the journal did not take before.
func (d *Dispatcher) writeHolds(ctx context.Context) {
	d.holding.Lock()
	all := slices.Collect(maps.Values(d.unwritten))
	d.holding.Unlock()
	for _, h := range all {
		_ = d.writeHold(ctx, h) // or the next time
	}
}

// claim notes a hold, if there is none of its provider. Of many that find the same one
// writes it down.
func (d *Dispatcher) claim(h Hold) bool {
	d.holding.Lock()
	defer d.holding.Unlock()
	if _, held := d.holds[h.Provider]; held {
		return false
	}
	d.holds[h.Provider] = h
	return true
}

// standing returns the hold of a provider that the journal has, or one for no reason.
func (d *Dispatcher) standing(ctx context.Context, provider string) (Hold, error) {
	all, err := d.journal.Holds(ctx)
	if i := slices.IndexFunc(all, func(h Hold) bool { return h.Provider == provider }); i >= 0 {
		return all[i], err
	}
	return Hold{Provider: provider}, err
}

func (d *Dispatcher) keep(h Hold) {
	d.holding.Lock()
	defer d.holding.Unlock()
	delete(d.unwritten, h.Provider)
	if h.Reason == NotHeld {
		delete(d.holds, h.Provider)
	} else {
		d.holds[h.Provider] = h
	}
}

func (d *Dispatcher) held(provider string) (Hold, bool) {
	d.holding.Lock()
	defer d.holding.Unlock()
	h, ok := d.holds[provider]
	return h, ok
}

// learnHolds learns of the holds that stand.
func (d *Dispatcher) learnHolds(ctx context.Context, now time.Time) ([]Hold, error) {
	all, err := d.journal.Holds(ctx)
	if err != nil {
		return nil, err
	}
	d.holding.Lock()
	defer d.holding.Unlock()
	known := maps.Clone(d.unwritten)
	for _, h := range all {
		known[h.Provider] = h
	}
	d.holds, d.heldAt = known, now
	return all, nil
}

// knowHolds sees to it that the holds that others made are known, also where nobody tends
// this dispatcher, or has not begun to.
func (d *Dispatcher) knowHolds(ctx context.Context, now time.Time) error {
	d.holding.Lock()
	known := now.Sub(d.heldAt) < 2*holdsFor
	d.holding.Unlock()
	if known {
		return nil
	}
	_, err := d.learnHolds(ctx, now)
	return err
}

// Tend looks after the providers: it learns of holds that others made, and checks
// whether those that a check can lift can be lifted. It learns whether the journal is in
// doubt, or not any more, and forgets the requests of payouts that came to nothing, see
// [Dispatcher.SubmitIn]. Whoever drives payouts calls it again at next.
func (d *Dispatcher) Tend(ctx context.Context) (next time.Time, err error) {
	now := d.now()
	next = now.Add(holdsFor)
	if _, err := d.learn(ctx); err != nil {
		return next, err
	}
	d.settleLoose(ctx, now)
	d.writeHolds(ctx)
	all, err := d.learnHolds(ctx, now)
	if err != nil {
		return next, err
	}
	for _, h := range all {
		l, ok := d.named[h.Provider]
		if !ok || h.Reason == HeldByPerson || now.Before(h.CheckAt) {
			continue
		}
		works := d.works(ctx, l)
		switch stands, standsErr := d.standing(ctx, h.Provider); {
		case standsErr != nil:
			err = errors.Join(err, standsErr)
			continue
		case stands != h: // a person was faster
			d.keep(stands)
			continue
		}
		if !works {
			h.Times++
			h.CheckAt = d.now().Add(min(doubled(d.times.Check, h.Times), maxRetry))
			err = errors.Join(err, d.journal.SetHold(ctx, h))
			continue
		}
		l.forgive()
		err = errors.Join(err, d.setHold(ctx, Hold{Provider: h.Provider}))
	}
	return next, err
}

// works makes a check call: a question about a reference that nobody ever used. An
// answer, whatever it says, shows that the bank knows us.
func (d *Dispatcher) works(ctx context.Context, l *lane) bool {
	if _, _, ok := d.turn(ctx, l, l.asks); !ok {
		return false
	}
	reference, err := d.keys.derived(Entry{Reference: l.info.Account, Fingerprint: Fingerprint{Version: d.keys.Current}}, -1, l.info.Reference)
	if err != nil || len(l.info.Amounts) == 0 {
		return false
	}
	o := d.find(ctx, l, payout.Ref{Reference: reference, Amount: l.info.Amounts[0].Min})
	return !o.Hold && (o.Answered || o.Kind == payout.ErrNotFound || o.Kind == payout.ErrOutcomeUnknown && o.HTTPStatus == 200)
}

func invalid(field, rule string) error {
	return &payout.Error{Kind: payout.ErrInvalid, Violations: []payout.Violation{{Field: field, Rule: rule}}}
}
