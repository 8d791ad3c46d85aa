package dispatch

import (
	"slices"
	"time"

	"github.com/payoutkit/payout"
)

// Next is the life of a payout: what follows from an event. It is pure: no clock, no
// I/O, and what it is given stays as it is. The rules are those of the attempt that
// the event is about.
//
// docs/architecture.md has the table and the picture of it.
func Next(e Entry, ev Event, r Rules) Change {
	c := change{Entry: e.clone(), rules: r, at: ev.At, n: ev.Attempt}
	if ev.Kind != EventStruck && ev.Kind != EventPoisoned {
		c.Strikes = 0
	}
	switch ev.Kind {
	case EventIntended:
		c.intended(ev.Planned)
	case EventCreated:
		c.created(ev.Outcome)
	case EventLate:
		c.late(ev.Outcome)
	case EventFound:
		c.found(ev.Outcome)
	case EventAged:
		c.become(StateUnknown)
		c.attempt().Next = c.at
	case EventHinted:
		c.attempt().Next = c.at
	case EventOverdue:
		c.review(ReviewDeadline, AlarmDeadline)
	case EventMissing:
		c.State = StateAwaiting
	case EventAttached:
		c.State = StatePlanned
	case EventExpired:
		c.end(payout.Failure{Reason: payout.ReasonExpired})
	case EventEnded:
		c.end(payout.Failure{})
	case EventDeferred:
		c.Deferred++
	case EventStruck:
		c.Strikes++
	case EventPoisoned:
		c.Strikes++
		c.review(ReviewPoison, AlarmPoison)
	case EventCancelled:
		c.unsend()
		c.State, c.Stopped = StateCancelled, true
	case EventResolved:
		c.resolved(ev.Decision)
	case EventDoubted:
		c.doubted(ev.Inquiries)
	case EventChecked:
		c.checked(ev.Planned, ev.Outcome)
		ev.Attempt = c.n
	case EventUnproved:
		c.doubtful()
	case EventTrusted:
		c.trusted()
	}
	c.contradict(ev.Kind, e)
	c.settle()
	ev.Alarms = c.alarms
	return Change{Entry: c.Entry, Event: ev, Release: c.release, Shown: c.shown}
}

// Change is a new entry, the event that made it, and what goes with it.
type Change struct {
	Entry Entry
	Event Event
	// Reserve is what the attempt takes of limits, Release what it gives back. Both
	// are part of the commit.
	Reserve, Release []Use
	// Shown is what the event says about the bank's search.
	Shown Shown
}

// change is a Change in the making.
type change struct {
	Entry
	rules   Rules
	at      time.Time
	n       int
	release []Use
	shown   Shown
	alarms  []AlarmKind
}

func (c *change) attempt() *Attempt { return &c.Attempts[c.n] }

// become moves the attempt to a state in which nothing is decided yet.
func (c *change) become(s State) {
	a := c.attempt()
	a.State, a.Failure = s, payout.Failure{}
	a.Next = c.rules.askAt(c.at, *a)
}

// intended is the one place from which something gets sent.
func (c *change) intended(planned Attempt) {
	switch n := c.current(); {
	case n >= 0 && c.Attempts[n].State == StatePlanned && c.Attempts[n].Reference == planned.Reference:
		c.n = n
	default:
		c.unsend() // a planned one gives way to this one
		c.Attempts = append(c.Attempts, planned)
		c.n = c.current()
	}
	a := c.attempt()
	a.State = StateSending
	c.Deferred, c.Inquiries = 0, nil
	a.Transmissions++
	a.Tries++
	a.Route = planned.Route // there may be several to one account
	a.Epoch, a.Intent, a.IntentAt, a.SendBefore = planned.Epoch, planned.Intent, planned.IntentAt, planned.SendBefore
	a.Reserved = planned.Reserved
	a.Absent, a.Asked, a.Errors, a.Refused = Absent{}, 0, 0, false
	a.Next = c.rules.settled(*a)
}

// created is what a sending brought. What a bank says of a second transmission says
// nothing of the first, unless it is that the order stands.
func (c *change) created(o Outcome) {
	a := c.attempt()
	only := a.Transmissions == 1
	switch {
	case o.knows() && o.Status != payout.StatusFailed:
		c.stands(o)
	case !only:
		c.become(StateUnknown)
	case o.Answered && o.Status == payout.StatusFailed:
		if c.stranger(*a, o) {
			c.become(StateUnknown)
			c.review(ReviewStranger, AlarmStranger)
			return
		}
		c.identify(o)
		c.close(o.Failure, true)
	case !o.Answered && o.Kind == payout.ErrRefused:
		c.close(payout.Failure{Reason: payout.ReasonUnknown, Code: o.Code}, true)
	case !o.Answered && (o.Kind == payout.ErrNotSent || o.Kind == payout.ErrRateLimited || o.Kind == payout.ErrUnauthorized):
		a.State, a.Transmissions = StatePlanned, 0
		a.Heard = a.Heard || o.Kind != payout.ErrNotSent
		a.Next = c.rules.sendAt(c.at, *a, o.RetryAfter)
		c.giveBack(a)
	case !o.Answered && (o.Kind == payout.ErrInvalid || o.Kind == payout.ErrUnsupported):
		a.Transmissions, a.Refused = 0, true // by our own rules; no use to try here again
		c.unsent(a)
	default:
		c.identify(o)
		c.become(StateUnknown)
	}
}

// late is what a sending brought after the payout had moved on.
func (c *change) late(o Outcome) {
	a := c.attempt()
	mistaken := a.Transmissions == 0 && !o.unsent() // it was taken for unsent, and was not
	if mistaken {
		a.Transmissions = 1
	}
	if o.knows() && o.Status != payout.StatusFailed {
		c.stands(o)
		return
	}
	if mistaken {
		c.become(StateUnknown)
	}
	a.Next = c.at
}

// close ends an attempt, until one question has agreed.
func (c *change) close(f payout.Failure, refused bool) {
	a := c.attempt()
	a.State, a.Failure, a.Refused = StateClosed, f, refused
	a.Asked, a.Next = 0, c.at
}

// confirm makes a closed attempt a failed one.
func (c *change) confirm(f payout.Failure) {
	a := c.attempt()
	if f == (payout.Failure{}) {
		f = a.Failure
	}
	a.State, a.Failure, a.FinalAt = StateFailed, f, c.at
	a.Next = c.rules.patrolAt(c.at, *a)
	c.giveBack(a)
}

// unsend gives up an attempt of which nothing can be under way.
func (c *change) unsend() {
	if n := c.current(); n >= 0 && c.Attempts[n].State == StatePlanned {
		a := &c.Attempts[n]
		if a.Transmissions > 0 { // proved absent
			c.n = n
			c.confirm(payout.Failure{})
			return
		}
		c.unsent(a)
	}
}

func (c *change) unsent(a *Attempt) {
	a.State, a.FinalAt = StateUnsent, c.at
	a.Heard = a.Heard || c.inDoubt()
	a.Next = c.rules.patrolAt(c.at, *a)
	c.giveBack(a)
}

func (c *change) giveBack(a *Attempt) {
	c.release = append(c.release, a.Reserved...)
	a.Reserved = nil
}

// review hands the payout to a person.
func (c *change) review(why Review, alarm AlarmKind) {
	if c.State != StateReview || c.Review != why {
		c.alarm(alarm)
	}
	if c.State != StateReview || !c.Review.hard() || c.Review == ReviewDoubt || why == ReviewDouble {
		c.Review = why
	}
	c.State, c.Stopped = StateReview, true
	for i := range c.Attempts {
		a := &c.Attempts[i]
		if !a.State.Final() && a.State != StateUnsent {
			a.Next = later(a.Next, c.at.Add(c.rules.ReviewEvery))
		}
	}
}

func (c *change) alarm(k AlarmKind) {
	if k != "" && !slices.Contains(c.alarms, k) {
		c.alarms = append(c.alarms, k)
	}
}

// end is for what is not to be sent any more.
func (c *change) end(why payout.Failure) {
	c.unsend()
	c.Stopped, c.Failure = true, why
}

func (c *change) resolved(d Decision) {
	if d.Outcome == StatePlanned {
		c.send()
		return
	}
	c.unsend()
	c.Inquiries = nil
	c.Decision, c.Stopped = d, true
	for i := range c.Attempts {
		a := &c.Attempts[i]
		if d.Outcome == StateFailed {
			c.giveBack(a)
		}
		a.FinalAt = c.at
		a.Next = c.rules.patrolAt(c.at, *a)
	}
}
