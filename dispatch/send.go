package dispatch

import (
	"context"
	"errors"
	"maps"
	"sync/atomic"
	"time"

	"github.com/payoutkit/payout"
)

// stepSend sends a payout, or finds out that it is not to be sent.
func (d *Dispatcher) stepSend(ctx context.Context, e Entry) (time.Time, Stepped, error) {
	now := d.now()
	s := Stepped{State: e.State, Work: Send, Idle: true}
	retry := now.Add(d.times.RetryEvery)
	end := func(k EventKind) (time.Time, Stepped, error) {
		after, err := d.commit(ctx, e, Event{Kind: k, At: now, Attempt: e.current()})
		if err != nil {
			return d.again(err, retry), s, err
		}
		return after.Due, Stepped{State: after.State, Work: Send}, nil
	}
	if !now.Before(e.SendUntil) {
		return end(EventExpired)
	}
	if e.State == StatePlanned {
		at := e.Due
		if n := e.current(); n >= 0 && e.Attempts[n].State == StatePlanned {
			at = later(at, e.Attempts[n].Next) // Due may be for a question about another attempt
		}
		if at.After(now) {
			return e.Due, s, nil
		}
	}
	if !d.mayGoOn(e) {
		return end(EventEnded)
	}
	req, have, err := d.request(ctx, e)
	switch {
	case err != nil: // a key that can't be had for now, perhaps
		next, s, deferred := end(EventDeferred)
		return next, s, errors.Join(err, deferred)
	case !have && e.State == StateAwaiting:
		return e.SendUntil, s, nil
	case !have && now.Sub(e.Due) < d.times.SendWindow: // another process may have it
		return e.Due.Add(d.times.SendWindow), s, nil
	case !have:
		return end(EventMissing)
	case e.State == StateAwaiting:
		if e, err = d.commit(ctx, e, Event{Kind: EventAttached, At: now, Attempt: -1}); err != nil {
			return d.again(err, retry), s, err
		}
	}
	if err := d.knowHolds(ctx, now); err != nil {
		return retry, s, err
	}
	blocked := map[string]verdict(nil)
	var turn *lane // whose turn was waited for
	for {
		best, wait := d.choose(&e, req, now, blocked, nil)
		switch {
		case best < 0 && wait:
			next, s, err := end(EventDeferred)
			s.Idle = err == nil
			return next, s, err
		case best < 0:
			return end(EventEnded)
		}
		r := &d.routes[best]
		if turn != r.lane {
			again, waited, ok := d.turn(ctx, r.lane, r.lane.sends)
			if !ok {
				return again, s, nil
			}
			if turn = r.lane; waited { // a provider may be held since, or the time be over
				if now = d.now(); !now.Before(e.SendUntil) {
					return end(EventExpired)
				}
				continue
			}
		}
		epoch, err := d.begin(ctx)
		if err != nil {
			return retry, s, err
		}
		if d.inDoubt(e, d.known()) { // it has only just begun
			return now, s, nil
		}
		intent := d.intent.Add(1)
		intended, err := d.intend(ctx, e, r, req, epoch, intent)
		switch {
		case errors.Is(err, ErrLimit), errors.Is(err, ErrReferenceTaken):
			if blocked == nil {
				blocked = map[string]verdict{}
			}
			blocked[r.Name] = limited
			if errors.Is(err, ErrReferenceTaken) {
				blocked[r.Name] = foreign
				d.observer.Alarm(ctx, Alarm{Kind: AlarmReferenceTaken, Reference: e.Reference, Provider: r.Provider, Attempt: -1})
			}
		case err != nil:
			if !settledError(err) {
				d.withdraw(ctx, e.Reference, epoch, intent)
			}
			return d.again(err, retry), s, err
		default:
			return d.transmit(ctx, intended, r.lane, req)
		}
	}
}

// intend writes down that a payout is about to be sent. Nothing has left before it
// returns without an error, and nothing may leave if it returns one.
func (d *Dispatcher) intend(ctx context.Context, e Entry, r *route, req payout.Request, epoch, intent int64) (Entry, error) {
	now := d.now()
	account := r.lane.info.Account
	a := Attempt{Route: r.Name, Provider: r.lane.info.Name, Account: account, Reference: e.Reference}
	switch n := e.current(); {
	case n >= 0 && e.Attempts[n].State == StatePlanned && e.Attempts[n].Account == account:
		a.Reference = e.Attempts[n].Reference
	case n >= 0:
		var err error
		if a.Reference, err = d.keys.derived(e, len(e.Attempts), r.lane.info.Reference); err != nil {
			return e, err
		}
	}
	a.Mark = d.keys.mark(e, account, a.Reference)
	a.Epoch, a.Intent = epoch, intent
	a.IntentAt, a.SendBefore = now, now.Add(d.times.SendWindow)
	reserve := uses(r.Limits, req.Amount, now)
	a.Reserved = reserve
	if holds, ok := e.holding(account); ok {
		reserve, a.Reserved = nil, holds // it has not given back what it took
	}
	c := Next(e, Event{Kind: EventIntended, At: now, Attempt: e.current(), Planned: a}, d.rules(e, e.current()))
	c.Reserve = reserve
	return d.write(ctx, e, c)
}

// withdraw takes back an intent whose commit failed, if it happened all the same:
// this worker knows that it has sent nothing for it. If it can't, the intent ages,
// and the bank is asked.
func (d *Dispatcher) withdraw(ctx context.Context, reference string, epoch, intent int64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.times.CallTimeout)
	defer cancel()
	e, err := d.journal.Load(ctx, reference)
	if err != nil || e.State != StateSending {
		return
	}
	if a := e.Attempts[e.current()]; a.Epoch == epoch && a.Intent == intent {
		_, _ = d.commit(ctx, e, Event{
			Kind: EventCreated, At: d.now(), Attempt: e.current(), Outcome: Outcome{Kind: payout.ErrNotSent},
		})
	}
}

// transmit sends what is intended, once, and writes down what came of it, even if
// the caller has gone by then.
func (d *Dispatcher) transmit(ctx context.Context, e Entry, l *lane, req payout.Request) (time.Time, Stepped, error) {
	n := e.current()
	a := e.Attempts[n]
	req.Reference = a.Reference
	req.Metadata = maps.Clone(req.Metadata)
	if req.Metadata == nil {
		req.Metadata = map[string]string{}
	}
	req.Metadata[markName] = a.Mark
	o, action, ours := d.create(ctx, l, a, req)
	now := d.now()
	if o.Hold {
		d.hold(ctx, l, HeldUnauthorized, now)
	}
	if !ours && l.sent(o, now) {
		d.hold(ctx, l, HeldUnknowns, now)
	}
	if !action.IsZero() {
		d.actions.Store(e.Reference, action)
	}
	record, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.times.CallTimeout)
	defer cancel()
	s := Stepped{State: e.State, Work: Send}
	after, err := d.commit(record, e, Event{Kind: EventCreated, At: now, Attempt: n, Outcome: o})
	for tries := 0; errors.Is(err, ErrStale) && tries < 8; tries++ {
		if e, err = d.journal.Load(record, e.Reference); err == nil {
			after, err = d.commit(record, e, Event{Kind: EventLate, At: now, Attempt: n, Outcome: o})
		}
	}
	if err != nil {
		d.observer.Alarm(record, Alarm{Kind: AlarmUnrecorded, Reference: e.Reference, Provider: a.Provider, Attempt: n})
		return now.Add(d.times.RetryEvery), s, err
	}
	s.State = after.State
	return after.Due, s, nil
}

// create makes the call. A panic leaves the outcome unknown. That nothing was sent may
// be ours, and then says nothing about the bank.
func (d *Dispatcher) create(ctx context.Context, l *lane, a Attempt, req payout.Request) (o Outcome, action payout.Action, ours bool) {
	call, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.times.CallTimeout)
	defer cancel()
	// The clock is read right before the first byte leaves: after SendBefore somebody
	// else may take it for certain that nothing does. And who asked may have gone.
	var denied atomic.Bool
	permit := func() bool {
		if ctx.Err() != nil || d.epoch.Load() != a.Epoch {
			denied.Store(true)
			return false
		}
		return !d.now().After(a.SendBefore) // a bank that takes so long to connect is not well
	}
	if !permit() {
		return Outcome{Kind: payout.ErrNotSent}, payout.Action{}, true
	}
	defer func() {
		if recover() != nil {
			o, action, ours = Outcome{}, payout.Action{}, false
		}
	}()
	p, err := l.client.Create(payout.WithSendPermit(call, permit), req)
	o = outcomeOf(p, err)
	return o, p.Action, o.unsent() && denied.Load()
}
