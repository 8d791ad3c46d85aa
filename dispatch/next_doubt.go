package dispatch

import (
	"slices"
	"strings"
	"time"

	"github.com/payoutkit/payout"
)

// Inquiry is what an account was asked because the journal is in doubt: whether it has
// an order of the payout that the journal knows nothing of. Each round asks about all
// references that one could have.
//
// No question is asked before its answer can prove something.
type Inquiry struct {
	Doubt             int64 // its number
	Provider, Account string
	// References is how many a round has, Asked how many of this one are answered.
	References, Asked int
	Rounds            int // that are complete
	// Seen is when, as this round began, the bank had last shown an order that was sent
	// after all that is lost.
	Seen time.Time
	// Absent counts the rounds in which the account knew of nothing new.
	Absent Absent
	// Proved: there is no order at the account but those that are attempts by now.
	Proved bool
	Errors int // in a row
	Begun  time.Time
	Next   time.Time // when to ask next
}

// inDoubt reports whether the payout may have been sent without the journal's knowing.
func (c *change) inDoubt() bool { return c.rules.Doubt != 0 && c.Checked != c.rules.Doubt }

func (c *change) inquiry(account string) *Inquiry {
	for i := range c.Inquiries {
		if c.Inquiries[i].Account == account {
			return &c.Inquiries[i]
		}
	}
	return nil
}

// doubted has accounts asked.
func (c *change) doubted(inquiries []Inquiry) {
	c.Inquiries = slices.DeleteFunc(c.Inquiries, func(q Inquiry) bool { return q.Doubt != c.rules.Doubt })
	for _, q := range inquiries {
		if have := c.inquiry(q.Account); have != nil {
			*have = q
		} else {
			c.Inquiries = append(c.Inquiries, q)
		}
	}
}

// checked is what a question brought about an attempt that may have been made.
func (c *change) checked(asked Attempt, o Outcome) {
	q := c.inquiry(asked.Account)
	switch {
	case q == nil:
	case o.knows():
		c.adopt(asked, o)
		c.advance(q)
	case asked.Refused, !o.Answered && o.Kind == payout.ErrNotFound:
		c.advance(q)
	default: // it proves nothing; the same question again
		q.Errors++
		q.Next = c.rules.askAfterError(c.at, q.paced(c.Reference), o.RetryAfter)
	}
}

// advance goes on to the next question, and at the end of a round draws what follows.
func (c *change) advance(q *Inquiry) {
	r := c.rules
	q.Errors = 0
	if q.Asked == 0 {
		q.Seen = r.LaterSeen
	}
	q.Asked++
	r.LaterSeen = q.Seen
	// The round that would prove it has to come after such an order was shown.
	early := q.Absent.Times >= r.answers()-1 && q.Seen.Before(q.Absent.First)
	if q.Asked < q.References && !early {
		q.Next = c.at
		return
	}
	if q.Asked == q.References {
		q.Rounds++
		q.Proved = q.Proved || r.absent(&q.Absent, r.LostUntil.Add(r.CallTimeout), c.at)
	}
	q.Asked = 0
	q.Next = later(r.askAt(c.at, q.paced(c.Reference)), q.Absent.Last.Add(r.Apart))
	if c.State == StateReview { // which only a person ends
		q.Next = later(q.Next, c.at.Add(r.ReviewEvery))
		return
	}
	if !slices.ContainsFunc(c.Inquiries, func(q Inquiry) bool { return !q.Proved }) {
		c.Checked, c.Inquiries = q.Doubt, nil
	}
}

// paced is an inquiry as the schedules see it.
func (q Inquiry) paced(reference string) Attempt {
	return Attempt{Reference: reference + q.Account, IntentAt: q.Begun, Asked: q.Rounds, Errors: q.Errors}
}

// adopt makes an order that was found an attempt: the commit of its intent is among
// those that the journal has lost.
func (c *change) adopt(asked Attempt, o Outcome) {
	n := slices.IndexFunc(c.Attempts, func(a Attempt) bool {
		return a.Account == asked.Account && strings.EqualFold(a.Reference, asked.Reference)
	})
	if n >= 0 {
		asked = c.Attempts[n]
	}
	if c.stranger(asked, o) {
		c.review(ReviewStranger, AlarmStranger)
		return
	}
	if n < 0 {
		c.unsend()
		c.Attempts = append(c.Attempts, asked)
		n = c.current()
	}
	c.n = n
	c.attempt().Transmissions = max(asked.Transmissions, 1)
	c.found(o)
}

// doubtful hands the payout to a person: nobody can prove that it was never sent. It is
// not stopped, since that may still turn out.
func (c *change) doubtful() {
	if c.State != StateReview || c.Review != ReviewDoubt {
		c.alarm(AlarmDoubt)
	}
	c.State, c.Review = StateReview, ReviewDoubt
	for i := range c.Inquiries {
		c.Inquiries[i].Next = later(c.Inquiries[i].Next, c.at.Add(c.rules.ReviewEvery))
	}
}

// trusted: the doubt is over, since a person said so.
func (c *change) trusted() {
	c.Inquiries = nil
	if c.State == StateReview && c.Review == ReviewDoubt {
		c.State, c.Review = StatePlanned, ReviewNone
	}
}

// send is a person's word that a payout was never sent, and is to be.
func (c *change) send() {
	c.State, c.Review, c.Stopped = StatePlanned, ReviewNone, false
	c.Checked, c.Inquiries = c.rules.Doubt, nil
	c.SendUntil = later(c.SendUntil, c.at.Add(c.rules.SendFor))
}

// asking reports whether what is due next are questions of inquiries.
func (c *change) asking() bool {
	unsent := c.State == StatePlanned || c.State == StateAwaiting
	return len(c.Inquiries) > 0 && (unsent || c.State == StateReview && c.Review == ReviewDoubt)
}
