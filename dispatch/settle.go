package dispatch

import (
	"time"

	"github.com/payoutkit/payout"
)

// settle draws the payout's state, and when it is due, from its attempts.
func (c *change) settle() {
	c.draw()
	c.Due = time.Time{}
	for _, a := range c.Attempts {
		if a.State != StatePlanned || c.State == StatePlanned && !c.asking() {
			c.sooner(a.Next)
		}
	}
	switch n := c.current(); {
	case c.asking():
		for _, q := range c.Inquiries {
			if c.asks(q) {
				c.sooner(q.Next)
			}
		}
	case c.State == StateReview && c.Review == ReviewDoubt:
		c.sooner(c.at.Add(c.rules.ReviewEvery)) // the doubt may end
	case c.State == StatePlanned && (n < 0 || c.Attempts[n].State != StatePlanned):
		c.Due = c.at // a route has to be chosen
	case c.State == StateAwaiting:
		c.sooner(c.SendUntil)
	}
	if c.Deferred > 0 && c.State == StatePlanned {
		c.Due = later(c.Due, c.at.Add(min(doubled(c.rules.RetryEvery, c.Deferred-1), maxDefer)))
	}
	if c.Strikes > 0 && !c.Due.IsZero() {
		c.Due = later(c.Due, c.at.Add(doubled(time.Second, c.Strikes-1)))
	}
	if c.State.Final() {
		c.Sealed, c.Inquiries = nil, nil
	}
}

func (c *change) sooner(t time.Time) {
	if !t.IsZero() && (c.Due.IsZero() || t.Before(c.Due)) {
		c.Due = t
	}
}

func (c *change) draw() {
	var standing State
	alive, paid, returned := 0, false, false
	for _, a := range c.Attempts {
		if a.State.alive() {
			alive++
			standing = a.State
		}
		paid = paid || a.State == StatePaid
		returned = returned || a.State == StateReturned
	}
	if paid || returned {
		c.unsend() // nothing more is to be sent
		c.Stopped = true
	}
	switch {
	case !c.Decision.IsZero():
		c.State, c.Review = c.Decision.Outcome, ReviewNone
	case alive > 1:
		if c.State != StateReview || c.Review != ReviewDouble {
			c.review(ReviewDouble, AlarmDouble)
		}
	case c.State == StateReview && c.Review.hard():
	case paid:
		c.State, c.Review = StatePaid, ReviewNone
	case alive == 1 && c.State == StateReview: // asked on, until the bank proves something
	case alive == 1:
		c.State = standing
	case returned:
		c.State, c.Review = StateReturned, ReviewNone
	case c.State == StateCancelled:
	case c.Stopped && c.State != StateFailed && c.inDoubt():
		c.doubtful()
	case c.Stopped:
		c.State, c.Review, c.Failure = StateFailed, ReviewNone, c.whyFailed()
	case c.State != StateAwaiting:
		c.State = StatePlanned
	}
}

// contradict takes a person's decision back where a bank has now proved the
// opposite. What it had said before, the person knew.
func (c *change) contradict(kind EventKind, before Entry) {
	if c.Decision.IsZero() || kind == EventResolved || c.n < 0 || c.n >= len(before.Attempts) {
		return
	}
	is := c.attempt().State
	if before.Attempts[c.n].State == is {
		return
	}
	alive, paid := false, false // of the other attempts
	for i, a := range c.Attempts {
		alive = alive || i != c.n && a.State.alive()
		paid = paid || i != c.n && a.State == StatePaid
	}
	said := c.Decision.Outcome
	switch {
	case is == StatePaid && paid:
		c.Decision = Decision{}
		c.review(ReviewDouble, AlarmDouble)
	case is == StatePaid && said != StatePaid,
		is == StateReturned && said == StatePaid && !alive,
		is == StateFailed && said != StateFailed && !alive:
		c.Decision = Decision{}
		c.review(ReviewContradiction, AlarmContradiction)
	}
}

// whyFailed is why the last attempt that a bank judged failed; without one, why
// there was none.
func (c *change) whyFailed() payout.Failure {
	for i := len(c.Attempts) - 1; i >= 0; i-- {
		if a := c.Attempts[i]; a.State == StateFailed {
			return a.Failure
		}
	}
	return c.Failure
}
