package dispatch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/payoutkit/payout"
)

// Step does the next thing that there is to do for a payout: at most one call to a
// bank, and commits. Whoever drives payouts decides only when to call it again: at
// next, or earlier; never, if done. Called too early, too often or by several at
// once it does no harm.
//
// An error says nothing about the payout. Call again at next.
func (d *Dispatcher) Step(ctx context.Context, reference string) (next time.Time, done bool, err error) {
	next, _, err = d.observed(ctx, reference)
	return next, err == nil && next.IsZero(), err
}

// observed is a step that the observer sees.
func (d *Dispatcher) observed(ctx context.Context, reference string) (time.Time, Stepped, error) {
	ctx, ended := d.observer.Step(ctx, reference)
	next, s, err := d.guarded(ctx, reference)
	s.Err = err
	if ended != nil {
		ended(s)
	}
	return next, s, err
}

// guarded makes a step, and strikes a payout whose step panics or fails.
func (d *Dispatcher) guarded(ctx context.Context, reference string) (next time.Time, s Stepped, err error) {
	defer func() {
		if r := recover(); r != nil {
			next, err = d.strike(ctx, reference), errPanic{}
			_ = r // it may hold anything, a request for instance, and is not shown
		}
	}()
	return d.step(ctx, reference)
}

type errPanic struct{}

func (errPanic) Error() string { return "dispatch: a step panicked" }

// strike counts a step that failed. With too many, the payout is parked.
func (d *Dispatcher) strike(ctx context.Context, reference string) time.Time {
	now := d.now()
	again := now.Add(d.times.RetryEvery)
	e, err := d.journal.Load(ctx, reference)
	if err != nil {
		return again
	}
	kind := EventStruck
	if e.Strikes+1 >= maxStrikes && e.State != StateReview {
		kind = EventPoisoned
	}
	if e, err = d.commit(ctx, e, Event{Kind: kind, At: now, Attempt: -1}); err != nil {
		return again
	}
	return e.Due
}

func (d *Dispatcher) step(ctx context.Context, reference string) (time.Time, Stepped, error) {
	e, err := d.journal.Load(ctx, reference)
	if err != nil {
		return d.now().Add(d.times.RetryEvery), Stepped{Idle: true}, err
	}
	doubt, err := d.doubted(ctx)
	if err != nil {
		return d.now().Add(d.times.RetryEvery), Stepped{Idle: true}, err
	}
	unsent := e.State == StatePlanned || e.State == StateAwaiting
	if unsent || e.State == StateReview && e.Review == ReviewDoubt {
		then := d.stepSend
		if d.inDoubt(e, doubt) || !unsent || len(e.Inquiries) > 0 {
			then = d.stepDoubt
		}
		next, s, err := then(ctx, e)
		if !s.Idle || err != nil {
			return next, s, err
		}
		// Nothing can be sent now; there may be something to ask.
		if n, ok := d.toAsk(e, d.now()); ok {
			return d.stepAsk(ctx, e, n)
		}
		return next, s, nil
	}
	if n, ok := d.toAsk(e, d.now()); ok {
		return d.stepAsk(ctx, e, n)
	}
	return e.Due, Stepped{State: e.State, Idle: true}, nil
}

// toAsk returns the attempt that is most urgent to ask about: the unknown first.
func (d *Dispatcher) toAsk(e Entry, now time.Time) (best int, ok bool) {
	best = -1
	for i, a := range e.Attempts {
		if a.State == StatePlanned || a.Next.IsZero() || a.Next.After(now) {
			continue
		}
		if best < 0 || urgency(a.State) < urgency(e.Attempts[best].State) {
			best = i
		}
	}
	return best, best >= 0
}

func urgency(s State) int {
	return slices.Index([]State{StateSending, StateUnknown, StateClosed, StateOpen}, s) & 7 // others last
}

// stepAsk asks about an attempt.
func (d *Dispatcher) stepAsk(ctx context.Context, e Entry, n int) (time.Time, Stepped, error) {
	a, now := e.Attempts[n], d.now()
	s := Stepped{State: e.State, Work: Ask, Idle: true}
	retry := now.Add(d.times.RetryEvery)
	if a.State == StateSending {
		// Its worker has not said in time what became of it.
		e, err := d.commit(ctx, e, Event{Kind: EventAged, At: now, Attempt: n})
		if err != nil {
			return d.again(err, retry), s, err
		}
		return e.Due, Stepped{State: e.State, Work: Ask}, nil
	}
	if a.State.alive() && a.State != StatePaid && e.State != StateReview && e.Decision.IsZero() &&
		now.Sub(a.IntentAt) > d.times.ReviewAfter {
		next, err := d.commit(ctx, e, Event{Kind: EventOverdue, At: now, Attempt: n})
		if err != nil {
			return d.again(err, retry), s, err
		}
		e = next // and ask all the same
	}
	l, ok := d.lanes[a.Account]
	if !ok {
		d.observer.Alarm(ctx, Alarm{Kind: AlarmAccount, Reference: e.Reference, Provider: a.Provider, Attempt: n})
		after, err := d.commit(ctx, e, Event{Kind: EventFound, At: now, Attempt: n, Outcome: Outcome{}})
		if err != nil {
			return d.again(err, retry), s, err
		}
		return after.Due, s, nil
	}
	if again, _, ok := d.turn(ctx, l, l.asks); !ok {
		return again, s, nil
	}
	s.Idle = false
	o := d.find(ctx, l, e.ref(n))
	now = d.now()
	if o.Hold {
		d.hold(ctx, l, HeldUnauthorized, now)
	}
	rules := d.rules(e, n)
	if !o.Answered && o.Kind == payout.ErrNotFound {
		if err := d.seen(ctx, &rules, a.Account, a.IntentAt); err != nil {
			return retry, s, err
		}
	}
	after, err := d.write(ctx, e, Next(e, Event{Kind: EventFound, At: now, Attempt: n, Outcome: o}, rules))
	if err != nil { // an answer that is lost is asked for again
		return d.again(err, retry), s, err
	}
	s.State = after.State
	return after.Due, s, nil
}

// seen completes the rules with what is known of a bank's search, for a question about
// what was sent at a time.
func (d *Dispatcher) seen(ctx context.Context, r *Rules, account string, sent time.Time) error {
	if !r.Absence.Proves {
		return nil
	}
	shown, err := d.journal.Shown(ctx, account)
	if err == nil && shown.Sent.After(sent) && shown.Sent.After(r.LostUntil) {
		r.LaterSeen = shown.At
	}
	return err
}

// again is when to step after a commit that failed: at once, if somebody else was
// faster.
func (d *Dispatcher) again(err error, retry time.Time) time.Time {
	if err == ErrStale { //nolint:errorlint // as the journal returns it
		return d.now()
	}
	return retry
}

// find asks a bank. A panic is an answer that says nothing.
func (d *Dispatcher) find(ctx context.Context, l *lane, ref payout.Ref) (o Outcome) {
	ctx, cancel := context.WithTimeout(ctx, d.times.CallTimeout)
	defer cancel()
	defer func() {
		if recover() != nil {
			o = Outcome{}
		}
	}()
	return outcomeOf(l.client.Find(ctx, ref))
}

func (e Entry) String() string {
	return fmt.Sprintf("payout %q %s %s to %s", e.Reference, e.State, e.Amount, e.Destination)
}
