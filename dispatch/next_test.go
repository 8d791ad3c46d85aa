package dispatch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// The life of a payout, row by row. What is expected is written out by hand, from the
// table in docs/architecture.md.

var (
	began = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	// tick is when the events of these tests happen: long after the intent, so that
	// nothing of it can be under way.
	tick = began.Add(10 * time.Minute)

	use = dispatch.Use{Bucket: "night/2026-11-22", Amount: payout.MustMoney("10.00 EUR"), MaxAmount: payout.MustMoney("100.00 EUR"), MaxCount: 9}
)

const (
	callTimeout = 90 * time.Second
	pollEvery   = 10 * time.Second
	retryEvery  = 5 * time.Second
	reviewEvery = time.Hour
)

// bare are rules of a bank that proves nothing by not knowing an order.
func bare() dispatch.Rules {
	return dispatch.Rules{
		Polling:     payout.Polling{{Every: pollEvery}},
		CallTimeout: callTimeout, Apart: time.Minute, RetryEvery: retryEvery, ReviewEvery: reviewEvery,
		Patrol: []time.Duration{time.Hour, 24 * time.Hour, 72 * time.Hour},
	}
}

// attempt is one that was sent once, and holds a part of a limit.
func attempt(s dispatch.State) dispatch.Attempt {
	return dispatch.Attempt{
		Route: "a", Provider: "a", Account: "account-of-a", Reference: "p-1", Mark: "mark-of-p-1",
		State: s, Transmissions: 1, Tries: 1, Epoch: 3, Intent: 7,
		IntentAt: began, SendBefore: began.Add(10 * time.Second), Next: tick,
		Reserved: []dispatch.Use{use},
	}
}

func second(s dispatch.State) dispatch.Attempt {
	a := attempt(s)
	a.Route, a.Provider, a.Account, a.Reference, a.Mark = "b", "b", "account-of-b", "derived", "mark-of-derived"
	return a
}

// entry is a payout that stands as its last attempt.
func entry(attempts ...dispatch.Attempt) dispatch.Entry {
	e := dispatch.Entry{
		Reference: "p-1", Version: 5, State: dispatch.StatePlanned, Amount: payout.MustMoney("10.00 EUR"),
		Destination: "card 411111******1111", Sealed: []byte("sealed"),
		CreatedAt: began, SendUntil: began.Add(24 * time.Hour), Due: tick, Attempts: attempts,
	}
	if n := len(attempts); n > 0 {
		e.State = attempts[n-1].State
	}
	e.Stopped = e.State.Final()
	return e
}

// answered is an answer about our own order.
func answered(s payout.Status) dispatch.Outcome {
	o := dispatch.Outcome{Answered: true, Status: s, Mark: "mark-of-p-1"}
	if s == payout.StatusFailed {
		o.Failure = payout.Failure{Reason: payout.ReasonInsufficientFunds, Code: "116"}
	}
	return o
}

func failing(k payout.ErrorKind) dispatch.Outcome { return dispatch.Outcome{Kind: k} }

func event(k dispatch.EventKind, o dispatch.Outcome) dispatch.Event {
	return dispatch.Event{Kind: k, At: tick, Outcome: o}
}

// told says in a few words what a change makes of a payout: its state, its attempts
// with their transmissions, what is released, the alarms.
func told(c dispatch.Change) string {
	var b strings.Builder
	b.WriteString(c.Entry.State.String())
	if c.Entry.Review != dispatch.ReviewNone {
		b.WriteString("(" + c.Entry.Review.String() + ")")
	}
	b.WriteString(":")
	for _, a := range c.Entry.Attempts {
		fmt.Fprintf(&b, " %s/%d", a.State, a.Transmissions)
		if a.Refused {
			b.WriteString(" refused")
		}
	}
	if len(c.Release) > 0 {
		fmt.Fprintf(&b, " released %d", len(c.Release))
	}
	for _, k := range c.Event.Alarms {
		b.WriteString(" !" + string(k))
	}
	return b.String()
}

var kinds = []payout.ErrorKind{
	payout.ErrOutcomeUnknown, payout.ErrInvalid, payout.ErrUnsupported, payout.ErrNotSent, payout.ErrRefused,
	payout.ErrUnauthorized, payout.ErrRateLimited, payout.ErrNotFound, payout.ErrConflict,
}

var statuses = []payout.Status{
	payout.StatusUnknown, payout.StatusActionRequired, payout.StatusPending, payout.StatusPaid,
	payout.StatusFailed, payout.StatusReturned, payout.StatusReview,
}

// What a first transmission brings.
func TestFirstTransmission(t *testing.T) {
	errs := map[payout.ErrorKind]string{
		payout.ErrOutcomeUnknown: "unknown: unknown/1",
		payout.ErrNotFound:       "unknown: unknown/1", // it proves nothing of a sending
		payout.ErrConflict:       "unknown: unknown/1",
		payout.ErrRefused:        "closed: closed/1 refused",
		payout.ErrNotSent:        "planned: planned/0 released 1",
		payout.ErrRateLimited:    "planned: planned/0 released 1",
		payout.ErrUnauthorized:   "planned: planned/0 released 1",
		payout.ErrInvalid:        "planned: unsent/0 refused released 1",
		payout.ErrUnsupported:    "planned: unsent/0 refused released 1",
	}
	answers := map[payout.Status]string{
		payout.StatusUnknown:        "unknown: unknown/1",
		payout.StatusActionRequired: "open: open/1",
		payout.StatusPending:        "open: open/1",
		payout.StatusPaid:           "paid: paid/1",
		payout.StatusFailed:         "closed: closed/1 refused",
		payout.StatusReturned:       "returned: returned/1 !returned",
		payout.StatusReview:         "review(provider): unknown/1 !review",
	}
	crossed(t, errs, answers, func(o dispatch.Outcome) dispatch.Change {
		return dispatch.Next(entry(attempt(dispatch.StateSending)), event(dispatch.EventCreated, o), bare())
	})
}

// What a later transmission brings: no refusal says anything about the earlier ones.
func TestLaterTransmission(t *testing.T) {
	const unknown = "unknown: unknown/2"
	errs := map[payout.ErrorKind]string{}
	for _, k := range kinds {
		errs[k] = unknown
	}
	answers := map[payout.Status]string{
		payout.StatusUnknown:        unknown,
		payout.StatusActionRequired: "open: open/2",
		payout.StatusPending:        "open: open/2",
		payout.StatusPaid:           "paid: paid/2",
		payout.StatusFailed:         unknown,
		payout.StatusReturned:       "returned: returned/2 !returned",
		payout.StatusReview:         "review(provider): unknown/2 !review",
	}
	crossed(t, errs, answers, func(o dispatch.Outcome) dispatch.Change {
		a := attempt(dispatch.StateSending)
		a.Transmissions = 2
		return dispatch.Next(entry(a), event(dispatch.EventCreated, o), bare())
	})
}

// The same after the payout has moved on: another worker took the intent for dead, and
// is asking. It is a reason to ask now, and unless the bank has the order, no more.
func TestLateOutcome(t *testing.T) {
	const asked = "unknown: unknown/1"
	errs := map[payout.ErrorKind]string{}
	for _, k := range kinds {
		errs[k] = asked
	}
	answers := map[payout.Status]string{
		payout.StatusUnknown:        asked,
		payout.StatusActionRequired: "open: open/1",
		payout.StatusPending:        "open: open/1",
		payout.StatusPaid:           "paid: paid/1",
		payout.StatusFailed:         asked,
		payout.StatusReturned:       "returned: returned/1 !returned",
		payout.StatusReview:         "review(provider): unknown/1 !review",
	}
	crossed(t, errs, answers, func(o dispatch.Outcome) dispatch.Change {
		a := attempt(dispatch.StateUnknown)
		a.Next = tick.Add(time.Hour)
		c := dispatch.Next(entry(a), event(dispatch.EventLate, o), bare())
		if c.Entry.State == dispatch.StateUnknown {
			assert.Equal(t, tick, c.Entry.Due, "it is asked about now")
		}
		return c
	})
}

func crossed(t *testing.T, errs map[payout.ErrorKind]string, answers map[payout.Status]string, next func(dispatch.Outcome) dispatch.Change) {
	t.Helper()
	require.Len(t, errs, len(kinds))
	require.Len(t, answers, len(statuses))
	for _, k := range kinds {
		assert.Equal(t, errs[k], told(next(failing(k))), "error: %s", k)
	}
	for _, s := range statuses {
		assert.Equal(t, answers[s], told(next(answered(s))), "answer: %s", s)
	}
	assert.Equal(t, errs[payout.ErrOutcomeUnknown], told(next(failing(99))), "a kind that nobody lists")
	assert.Equal(t, answers[payout.StatusUnknown], told(next(answered(99))), "a status that nobody lists")
}

func sum(uses []dispatch.Use) (n int64) {
	for _, u := range uses {
		n += u.Amount.Minor()
	}
	return n
}

// clean is a deep copy of an entry.
func clean(e dispatch.Entry) dispatch.Entry {
	e.Sealed = slices.Clone(e.Sealed)
	e.Attempts = slices.Clone(e.Attempts)
	for i := range e.Attempts {
		e.Attempts[i].Reserved = slices.Clone(e.Attempts[i].Reserved)
	}
	return e
}
