package dispatch

import (
	"time"

	"github.com/payoutkit/payout"
)

// found is what a question brought.
func (c *change) found(o Outcome) {
	a := c.attempt()
	a.Asked++
	switch {
	case o.Answered:
		a.Errors = 0
		if c.rules.Absence.Proves && o.knows() && !c.stranger(*a, o) && a.Transmissions == 1 && a.Tries > 0 { // made when we think it was
			c.shown = Shown{Account: a.Account, Sent: a.IntentAt, At: c.at}
		}
		if o.Status == payout.StatusFailed {
			c.notPaid(o)
		} else {
			c.stands(o)
		}
	case o.Kind == payout.ErrNotFound:
		a.Errors = 0
		c.notFound()
	default:
		a.Errors++
		a.Next = c.rules.askAfterError(c.at, *a, o.RetryAfter)
	}
	c.pace()
}

// pace keeps the schedules of what is final or for a person.
func (c *change) pace() {
	a := c.attempt()
	switch {
	case a.State.Final(), a.State == StateUnsent, !c.Decision.IsZero():
		a.Next = c.rules.patrolAt(c.at, *a)
	case c.State == StateReview:
		a.Next = later(a.Next, c.at.Add(c.rules.ReviewEvery))
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// stands is an answer that the order exists, or that says nothing.
func (c *change) stands(o Outcome) {
	a := c.attempt()
	if o.knows() && c.stranger(*a, o) {
		switch a.State {
		case StateSending, StatePlanned, StateUnsent:
			if a.Transmissions > 0 { // ours may be on its way
				c.become(StateUnknown)
			}
		}
		c.review(ReviewStranger, AlarmStranger)
		return
	}
	c.identify(o)
	a.Absent = Absent{} // whatever it says, it knows something
	if o.knows() {
		a.Transmissions = max(a.Transmissions, 1) // it may have been taken for unsent
	}
	before := a.State
	switch o.Status {
	case payout.StatusPaid:
		a.Refused = false
		a.State, a.Failure = StatePaid, payout.Failure{}
		switch before {
		case StateClosed, StateFailed, StateUnsent, StateReturned:
			c.alarm(AlarmContradiction)
		}
		if before != StatePaid {
			a.FinalAt = c.at
		}
		if before == StateReturned {
			c.review(ReviewContradiction, "")
		}
		a.Next = c.rules.patrolAt(c.at, *a)
	case payout.StatusReturned:
		a.State, a.Failure = StateReturned, payout.Failure{}
		if before != StateReturned {
			a.FinalAt = c.at
			c.alarm(AlarmReturned)
		}
		a.Next = c.rules.patrolAt(c.at, *a)
	case payout.StatusReview:
		if before != StatePaid && before != StateReturned {
			c.become(StateUnknown)
		}
		c.review(ReviewProvider, AlarmReview)
	case payout.StatusPending, payout.StatusActionRequired:
		a.Refused = false
		switch before {
		case StatePaid, StateReturned: // a slow part of the bank; it said paid
			a.Next = c.rules.patrolAt(c.at, *a)
		case StateFailed, StateUnsent:
			c.alarm(AlarmContradiction)
			c.become(StateOpen)
		default:
			c.become(StateOpen)
		}
	default: // no status that means anything: what was known stays
		if before == StateSending || before == StatePlanned {
			c.become(StateUnknown)
		}
		a.Next = c.rules.askAt(c.at, *a)
	}
}

// notPaid is an answer to a question, that the payout failed.
func (c *change) notPaid(o Outcome) {
	a := c.attempt()
	if c.stranger(*a, o) {
		c.review(ReviewStranger, AlarmStranger)
		return
	}
	switch a.State {
	case StatePaid, StateReturned:
		c.review(ReviewContradiction, AlarmContradiction)
	case StateClosed:
		c.confirm(o.Failure)
	case StateFailed, StateUnsent:
	default:
		c.identify(o)
		c.close(o.Failure, false)
	}
}

// notFound is an answer that the bank does not know the order. It takes nothing
// back that the bank has said.
func (c *change) notFound() {
	a := c.attempt()
	switch {
	case a.State == StateClosed && a.Refused:
		c.confirm(a.Failure)
	case a.State == StateUnknown && a.ProviderID == "" && c.rules.absent(&a.Absent, c.rules.settled(*a), c.at):
		if c.rules.Dedup != payout.DedupNone && !c.Stopped {
			a.State, a.Next = StatePlanned, c.at
			return
		}
		c.confirm(payout.Failure{})
	default:
		a.Next = c.rules.askAt(c.at, *a)
	}
}

// identify keeps what the bank says about where it keeps the order.
func (c *change) identify(o Outcome) {
	a := c.attempt()
	if o.ProviderID != "" {
		a.ProviderID = o.ProviderID
	}
	if o.Endpoint != "" {
		a.Endpoint = o.Endpoint
	}
}

// stranger reports whether an order is not the one that the attempt sent: it has
// another mark or another destination; or the bank had refused ours, and nothing
// shows that this is it all the same.
func (c *change) stranger(a Attempt, o Outcome) bool {
	if o.Mark != "" {
		return o.Mark != a.Mark
	}
	same, comparable := sameDestination(c.Destination, o.Destination)
	if comparable {
		return !same
	}
	return a.Refused || a.Transmissions == 0
}
