package dispatch

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/payoutkit/payout"
)

// doubted returns the journal's doubt, as it was last heard of.
func (d *Dispatcher) doubted(ctx context.Context) (Doubt, error) {
	if known := d.doubt.Load(); known != nil {
		return *known, nil
	}
	return d.learn(ctx)
}

// known is doubted without asking: the zero Doubt, if the journal was never asked.
func (d *Dispatcher) known() Doubt {
	if known := d.doubt.Load(); known != nil {
		return *known
	}
	return Doubt{}
}

// learn asks the journal whether it is in doubt.
func (d *Dispatcher) learn(ctx context.Context) (Doubt, error) {
	d.learning.Lock() // an older answer must not come after a newer one
	defer d.learning.Unlock()
	is, err := d.journal.Doubt(ctx)
	if err != nil {
		return Doubt{}, err
	}
	was := d.doubt.Swap(&is)
	if is.Number != 0 && (was == nil || was.Number != is.Number) {
		d.observer.Alarm(ctx, Alarm{Kind: AlarmDoubt, Attempt: -1})
	}
	return is, nil
}

// inDoubt reports whether the banks have to be asked before a payout is sent, or said
// never to have been. One that is sent again under its reference to a bank that keeps one
// order a reference is safe without.
func (d *Dispatcher) inDoubt(e Entry, doubt Doubt) bool {
	if doubt.Number == 0 || e.Checked == doubt.Number {
		return false
	}
	n := e.current()
	again := n >= 0 && e.Attempts[n].State == StatePlanned && e.Attempts[n].Transmissions > 0
	return !again || d.rules(e, n).Dedup == payout.DedupNone
}

// carriers are the providers that a payout may have been sent to, whatever the routes
// are now.
func (d *Dispatcher) carriers(e Entry) (out []*lane) {
	kind, _, _ := strings.Cut(e.Destination, " ")
	for _, p := range d.config.Providers {
		l := d.named[p.Name()]
		_, pays := l.info.Range(e.Amount.Currency())
		if pays && slices.ContainsFunc(l.info.Destinations, func(k payout.Kind) bool { return k.Name() == kind }) {
			out = append(out, l)
		}
	}
	return out
}

// candidates is how many references an attempt at one of so many accounts may have been
// made under: the payout's own, and derived ones by each key. A payout that was lost and
// submitted again may have another key's fingerprint now.
func (d *Dispatcher) candidates(accounts int) int {
	return 1 + len(d.keys.Versions)*(max(d.config.MaxAttempts, mostAttempts(accounts))-1)
}

// candidate is one of the attempts that may have been made at an account. Refused: it
// can't have been, since the bank does not take such a reference.
func (d *Dispatcher) candidate(e Entry, l *lane, i int) Attempt {
	a := Attempt{Provider: l.info.Name, Account: l.info.Account, Reference: e.Reference}
	if i == 0 {
		a.Refused = l.info.Reference.Check(e.Reference) != ""
	} else {
		versions := slices.Sorted(maps.Keys(d.keys.Versions))
		e.Fingerprint.Version = versions[(i-1)%len(versions)]
		reference, err := d.keys.derived(e, 1+(i-1)/len(versions), l.info.Reference)
		a.Reference, a.Refused = reference, err != nil
	}
	a.Mark = d.keys.mark(e, a.Account, a.Reference)
	return a
}

// mostAttempts is how many attempts a payout can have, those included of which nothing
// left: see tried. One of these at each account, for what gives way does so to an account
// that nobody has tried, so never to the first; and one at each that was sent or refused.
func mostAttempts(accounts int) int { return 2*accounts - 1 }

// begun returns the inquiries that a payout lacks.
func (d *Dispatcher) begun(e Entry, doubt Doubt, now time.Time) (out []Inquiry) {
	carriers := d.carriers(e)
	references := d.candidates(len(carriers))
	for _, l := range carriers {
		if slices.ContainsFunc(e.Inquiries, func(q Inquiry) bool {
			return q.Account == l.info.Account && q.Doubt == doubt.Number && q.References == references
		}) {
			continue
		}
		at := later(now, d.lostUntil(l, doubt)) // before that an answer proves nothing
		out = append(out, Inquiry{
			Doubt: doubt.Number, Provider: l.info.Name, Account: l.info.Account, References: references, Begun: at, Next: at,
		})
	}
	return out
}

// lostUntil is until when something may arrive at a bank that the journal has lost.
func (d *Dispatcher) lostUntil(l *lane, doubt Doubt) time.Time {
	return doubt.Since.Add(d.times.SendWindow + d.times.CallTimeout + l.info.Absence.After)
}

// unprovable reports whether a payout has to go to a person: some account can't prove
// that it has no order of it, and all were asked; or it took too long.
func (d *Dispatcher) unprovable(e Entry, now time.Time) bool {
	unable, unasked := len(e.Inquiries) == 0, false
	for _, q := range e.Inquiries {
		if now.Sub(q.Begun) > d.times.ReviewAfter {
			return true
		}
		l, ok := d.lanes[q.Account]
		unable = unable || !ok || !q.Proved && !l.info.Absence.Proves
		unasked = unasked || ok && !q.Proved && q.Rounds == 0
	}
	return unable && !unasked
}

// stepDoubt asks a bank whether it has an order that the journal knows nothing of.
func (d *Dispatcher) stepDoubt(ctx context.Context, e Entry) (time.Time, Stepped, error) {
	now, doubt := d.now(), d.known()
	s := Stepped{State: e.State, Work: Ask, Idle: true}
	retry := now.Add(d.times.RetryEvery)
	write := func(ev Event, r Rules) (time.Time, Stepped, error) {
		ev.Attempt = -1
		after, err := d.write(ctx, e, Next(e, ev, r))
		if err != nil {
			return d.again(err, retry), s, err
		}
		return after.Due, Stepped{State: after.State, Work: Ask}, nil
	}
	if doubt.Number == 0 {
		return write(Event{Kind: EventTrusted, At: now}, d.rulesAt(""))
	}
	if begun := d.begun(e, doubt, now); len(begun) > 0 {
		return write(Event{Kind: EventDoubted, At: now, Inquiries: begun}, d.rulesAt(""))
	}
	q, l := d.toInquire(e, now)
	_, other := d.toAsk(e, now)
	idle := e.State == StateReview && l == nil && !other && !e.Due.After(now) // nobody can be asked
	if idle || e.State != StateReview && d.unprovable(e, now) {
		return write(Event{Kind: EventUnproved, At: now}, d.rulesAt(""))
	}
	if l == nil {
		return later(e.Due, retry), s, nil
	}
	if again, _, ok := d.turn(ctx, l, l.asks); !ok {
		return again, s, nil
	}
	rules := d.rulesAt(q.Account)
	if err := d.seen(ctx, &rules, q.Account, doubt.Since); err != nil {
		return retry, s, err
	}
	a, o := d.candidate(e, l, q.Asked), Outcome{}
	s.Idle = false
	if !a.Refused {
		o = d.find(ctx, l, payout.Ref{Reference: a.Reference, Amount: e.Amount})
		now = d.now()
	}
	if o.Hold {
		d.hold(ctx, l, HeldUnauthorized, now)
	}
	a.IntentAt, a.SendBefore = now, doubt.Since.Add(d.times.SendWindow)
	if o.Mark != "" {
		a.Mark = d.markOf(e, a, o)
	}
	return write(Event{Kind: EventChecked, At: now, Planned: a, Outcome: o}, rules)
}

// asks reports whether an inquiry goes on. For a person it does, whatever is proved.
func (e Entry) asks(q Inquiry) bool { return !q.Proved || e.State == StateReview }

// toInquire returns the inquiry that is due the longest, and its lane.
func (d *Dispatcher) toInquire(e Entry, now time.Time) (best Inquiry, l *lane) {
	for _, q := range e.Inquiries {
		have := d.lanes[q.Account]
		if have == nil || !e.asks(q) || q.Next.After(now) || l != nil && !q.Next.Before(best.Next) {
			continue
		}
		best, l = q, have
	}
	return best, l
}

// markOf is the mark of an order that was found: that of the key that it was made with,
// if it is of one of ours.
func (d *Dispatcher) markOf(e Entry, a Attempt, o Outcome) string {
	for version := range d.keys.Versions {
		e.Fingerprint.Version = version
		if mark := d.keys.mark(e, a.Account, a.Reference); mark == o.Mark {
			return mark
		}
	}
	return a.Mark
}
