package dispatch

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/payoutkit/payout"
)

// Ticket is what Submit returns: where the payout stands, and the page to be acted
// on, if the bank's answer named one.
type Ticket struct {
	Entry
	Action payout.Action
}

// SubmitOption changes what Submit waits for.
type SubmitOption func(*submission)

type submission struct{ answer bool }

// AwaitAnswer has Submit wait for the first bank's first answer, or until sending has
// to wait, or the context ends. Without it Submit returns as soon as the payout is in
// the journal.
func AwaitAnswer() SubmitOption { return func(s *submission) { s.answer = true } }

// Submit takes a payout on. It is idempotent by the reference: the same content
// again returns what stands, and gives a request back that a restart has lost.
//
// The content is the amount, the destination, the source and the options. The recipient
// is a part of it only where the destination holds nothing, as [payout.HostedPage]: then
// another id, name, birth date, phone or email is other content. In all else two requests
// may differ, and the bank is told what one of them says.
//
// Two errors mean that it was not taken: ErrInvalid (or ErrUnsupported), because no
// route could carry it, and ErrConflict, because the reference stands for other
// content. After any other error submit the same reference and content again.
func (d *Dispatcher) Submit(ctx context.Context, req payout.Request, options ...SubmitOption) (Ticket, error) {
	var s submission
	for _, o := range options {
		o(&s)
	}
	e, mine, err := d.prepare(ctx, req)
	if err == nil {
		err = d.CheckKeys(ctx)
	}
	if err != nil {
		return Ticket{}, err
	}
	d.settleLoose(ctx, d.now())
	// Before the entry is there: a worker that sees it must find its request.
	_, others := d.pending.LoadOrStore(req.Reference, mine)
	sealed := e.Sealed
	e, _, err = d.journal.Insert(ctx, e)
	if errors.Is(err, ErrNotBegun) {
		d.pending.CompareAndDelete(req.Reference, mine)
		return Ticket{}, err
	}
	if err != nil { // it may be there: the request stays at hand
		d.loose.add(req.Reference, mine, d.now())
		return Ticket{}, err
	}
	same, err := d.isOf(e, mine)
	switch {
	case err != nil:
		d.pending.CompareAndDelete(req.Reference, mine)
		return Ticket{}, err
	case !same:
		d.pending.CompareAndDelete(req.Reference, mine)
		return Ticket{}, &payout.Error{Kind: payout.ErrConflict}
	case others: // who may be submitting other content under this reference
		d.pending.Store(req.Reference, mine)
		if e, err = d.journal.Load(ctx, req.Reference); err != nil {
			return Ticket{}, err
		}
	}
	if e.State.Final() {
		d.pending.Delete(req.Reference)
	}
	unsealed := len(e.Sealed) == 0 && len(sealed) > 0 // it was taken on without a Sealer
	if e.State == StateAwaiting || e.State == StatePlanned && unsealed {
		c := Next(e, Event{Kind: EventAttached, At: d.now(), Attempt: -1}, d.rules(e, -1))
		if unsealed {
			c.Entry.Sealed = sealed
		}
		attached, err := d.write(ctx, e, c)
		if err != nil && !errors.Is(err, ErrStale) {
			return Ticket{}, err
		}
		e = attached
	}
	d.awake(Send)
	if s.answer {
		e = d.await(ctx, e)
	}
	return Ticket{e, d.action(e.Reference)}, nil
}

// prepare makes the entry of a request that a route could carry, and what is kept of
// the request in memory.
func (d *Dispatcher) prepare(ctx context.Context, req payout.Request) (Entry, *held, error) {
	if err := d.Check(req); err != nil {
		return Entry{}, nil, err
	}
	req = own(req)
	now := d.now()
	f, _ := d.keys.fingerprint(d.keys.Current, req)
	e := Entry{
		Reference: req.Reference, State: StatePlanned, Amount: req.Amount, Destination: payout.Masked(req.Destination),
		Fingerprint: f, CreatedAt: now, SendUntil: now.Add(d.times.SendFor), Due: now,
	}
	if d.sealer != nil && storable(req) {
		text, err := d.kinds.encode(req)
		if err != nil {
			return Entry{}, nil, err
		}
		switch e.Sealed, err = d.sealer.Seal(ctx, text, req.Reference); {
		case errors.Is(err, ErrErased):
			e.Sealed = nil
		case err != nil:
			return Entry{}, nil, err
		}
	}
	return e, &held{req, f}, nil
}

// own returns a copy that shares nothing with the caller's request.
func own(req payout.Request) payout.Request {
	req.Destination = value(req.Destination)
	req.Metadata = maps.Clone(req.Metadata)
	req.Options = slices.Clone(req.Options)
	for i, o := range req.Options {
		req.Options[i] = value(o)
	}
	return req
}

// value returns what a record points to, if it is a pointer.
func value[R payout.Record](rec R) R {
	if v := reflect.ValueOf(rec); v.Kind() == reflect.Pointer {
		if pointed, ok := v.Elem().Interface().(R); ok {
			return pointed
		}
	}
	return rec
}

// held is a request at hand, with its fingerprint under the current key.
type held struct {
	payout.Request
	fingerprint Fingerprint
}

// isOf reports whether a request is the one that an entry was made for. An error: the
// key is not there that could say it.
func (d *Dispatcher) isOf(e Entry, req *held) (bool, error) {
	if req.fingerprint.Version != e.Fingerprint.Version {
		return d.keys.same(e, req.Request)
	}
	return req.fingerprint.of(e, req.Request), nil
}

// glance is how often await looks whether somebody else has an answer.
const glance = 20 * time.Millisecond

// await steps until a bank has answered, or there is nothing to do for now. Somebody
// else may be at it: then it waits for him.
func (d *Dispatcher) await(ctx context.Context, e Entry) Entry {
	for e.State == StatePlanned || e.State == StateAwaiting || e.State == StateSending {
		before := e.Version
		next, _, err := d.Step(ctx, e.Reference)
		now, loadErr := d.journal.Load(context.WithoutCancel(ctx), e.Reference)
		if loadErr != nil {
			return e
		}
		e = now
		switch {
		case ctx.Err() != nil, err != nil && !errors.Is(err, ErrStale):
			return e
		case e.State == StateSending:
			timer := time.NewTimer(glance)
			select {
			case <-ctx.Done():
			case <-timer.C:
			}
			timer.Stop()
		case err == nil && e.Version == before && next.After(d.now()):
			return e
		}
	}
	return e
}

// Check is what Submit asks of a request before it takes it on: that a route could
// carry it. At least one of those that match takes it, and all of them its reference.
// The error is ErrInvalid or ErrUnsupported, with violations that hold no value of the
// request. Nothing is written or sent, and the journal is not asked.
func (d *Dispatcher) Check(req payout.Request) error {
	for name := range req.Metadata {
		if strings.EqualFold(name, markName) {
			return invalid("metadata."+markName, "is the dispatcher's own name")
		}
	}
	if payout.Masked(req.Destination) == "" {
		return invalid("destination", "is required")
	}
	if req.Amount == (payout.Money{}) {
		return invalid("amount", "is required")
	}
	var first, unsupported error
	accepted := false
	for _, r := range d.routes {
		if r.Match.misses(req) != "" {
			continue
		}
		if _, pays := r.lane.info.Range(req.Amount.Currency()); !pays || !carries(r.lane.info, req) {
			if err := r.lane.client.Check(req); unsupported == nil && errors.Is(err, payout.ErrUnsupported) {
				unsupported = err
			}
			continue // what it would say of the rest is no help
		}
		err := r.lane.client.Check(req)
		if err == nil {
			accepted = true
			continue
		}
		if r.lane.info.Reference.Check(req.Reference) != "" {
			return err
		}
		if first == nil {
			first = err
		}
	}
	switch {
	case accepted:
		return nil
	case first != nil || unsupported != nil:
		return cmp.Or(first, unsupported)
	default:
		return &payout.Error{Kind: payout.ErrUnsupported, Violations: []payout.Violation{{
			Field: "routes", Rule: "none takes this amount and currency to this kind of destination, from this source",
		}}}
	}
}

// Status returns where a payout stands, or ErrNoEntry.
func (d *Dispatcher) Status(ctx context.Context, reference string) (Ticket, error) {
	e, err := d.journal.Load(ctx, reference)
	if err != nil {
		return Ticket{}, err
	}
	return Ticket{e, d.action(reference)}, nil
}

// action is the page that a bank named in this process's lifetime: addresses of pages
// are not in the journal, since whoever has one can act in the recipient's place.
func (d *Dispatcher) action(reference string) payout.Action {
	v, _ := d.actions.Load(reference)
	a, _ := v.(payout.Action)
	return a
}

// List returns payouts in the order of their references.
func (d *Dispatcher) List(ctx context.Context, f Filter) ([]Entry, error) {
	return d.journal.List(ctx, f)
}

// History returns what happened to a payout, in order.
func (d *Dispatcher) History(ctx context.Context, reference string) ([]Event, error) {
	return d.journal.History(ctx, reference)
}

// Cancel withdraws a payout. It wins only while nothing of it can be under way: then
// the payout is cancelled for good. Otherwise the error is ErrInvalid, and nothing has
// changed.
func (d *Dispatcher) Cancel(ctx context.Context, reference, by, why string) (Entry, error) {
	if by == "" {
		return Entry{}, invalid("by", "is required: a person's name")
	}
	return d.decide(ctx, reference, func(e Entry) (Event, error) {
		resent := e.current() >= 0 && e.Attempts[e.current()].State == StatePlanned && e.Attempts[e.current()].Transmissions > 0
		if doubt, err := d.doubted(ctx); err != nil {
			return Event{}, err
		} else if d.inDoubt(e, doubt) {
			return Event{}, invalid("reference", "is a payout that may have been sent: the journal is in doubt")
		}
		if e.State != StatePlanned && e.State != StateAwaiting || resent {
			return Event{}, invalid("reference", "is a payout that is "+e.State.String()+": only one that is not being sent can be cancelled")
		}
		return Event{Kind: EventCancelled, Attempt: e.current(), Decision: Decision{Outcome: StateCancelled, By: by, Evidence: why, At: d.now()}}, nil
	})
}

// Resolve ends a review: a person says what became of a payout, on what evidence. It
// starts nothing: to pay anew is a new payout, under a new reference. "Failed" is
// taken only when nothing of ours can be under way any more. Of a payout in ReviewDoubt
// it may also be that it was never sent, and is to be: StatePlanned. A bank that proves the
// opposite later brings the payout back to review, with an alarm.
func (d *Dispatcher) Resolve(ctx context.Context, reference string, outcome State, evidence, by string) (Entry, error) {
	switch {
	case outcome != StatePaid && outcome != StateFailed && outcome != StateReturned && outcome != StatePlanned:
		return Entry{}, invalid("outcome", "must be paid, failed or returned, or planned")
	case evidence == "" || by == "":
		return Entry{}, invalid("evidence, by", "are required")
	}
	return d.decide(ctx, reference, func(e Entry) (Event, error) {
		now := d.now()
		if e.State != StateReview {
			return Event{}, invalid("reference", "is a payout that is "+e.State.String()+", not in review")
		}
		if outcome == StatePlanned && e.Review != ReviewDoubt {
			return Event{}, invalid("outcome", "can be planned only where the journal's doubt is why a person decides")
		}
		if outcome == StatePlanned && slices.ContainsFunc(e.Attempts, func(a Attempt) bool { return a.State.alive() || a.State == StateReturned }) {
			return Event{}, invalid("outcome", "can't be planned: a bank has it")
		}
		if outcome == StateFailed || outcome == StatePlanned {
			doubt, err := d.doubted(ctx)
			if err != nil {
				return Event{}, err
			}
			for _, l := range d.carriers(e) {
				if until := d.lostUntil(l, doubt); e.Checked != doubt.Number && now.Before(until) {
					return Event{}, invalid("outcome", "can't be "+outcome.String()+" before "+until.UTC().Format(time.RFC3339)+": what the journal has lost may still arrive")
				}
			}
			for n, a := range e.Attempts {
				r := d.rules(e, n)
				if until := r.settled(a).Add(r.Absence.After); a.Transmissions > 0 && now.Before(until) {
					return Event{}, invalid("outcome", "can't be "+outcome.String()+" before "+until.UTC().Format(time.RFC3339)+": what was sent may still arrive")
				}
			}
		}
		return Event{Kind: EventResolved, Attempt: e.current(), Decision: Decision{Outcome: outcome, Evidence: evidence, By: by, At: now}}, nil
	})
}

// decide commits what a person decides, as often as others are faster.
func (d *Dispatcher) decide(ctx context.Context, reference string, what func(Entry) (Event, error)) (Entry, error) {
	for {
		e, err := d.journal.Load(ctx, reference)
		if err != nil {
			return Entry{}, err
		}
		ev, err := what(e)
		if err != nil {
			return e, err
		}
		ev.At = d.now()
		after, err := d.commit(ctx, e, ev)
		if !errors.Is(err, ErrStale) {
			return after, err
		}
	}
}
