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

// What a question brings, by where the attempt stands. The columns are the statuses,
// then "not found" and a question without an answer.
func TestFound(t *testing.T) {
	const asked = "unknown !review" // the bank's own word for "a person must look"
	table := []struct {
		name   string
		before func() dispatch.Entry
		after  []string // of the attempt, with the alarms
		state  []string // of the payout
	}{
		{
			"open", func() dispatch.Entry { return entry(attempt(dispatch.StateOpen)) },
			[]string{"open", "open", "open", "paid", "closed", "returned !returned", asked, "open", "open"},
			[]string{"open", "open", "open", "paid", "closed", "returned", "review", "open", "open"},
		},
		{
			"unknown", func() dispatch.Entry { return entry(attempt(dispatch.StateUnknown)) },
			[]string{"unknown", "open", "open", "paid", "closed", "returned !returned", asked, "unknown", "unknown"},
			[]string{"unknown", "open", "open", "paid", "closed", "returned", "review", "unknown", "unknown"},
		},
		{
			"closed by an answer to a question", func() dispatch.Entry { return entry(attempt(dispatch.StateClosed)) },
			[]string{"closed", "open", "open", "paid !contradiction", "failed", "returned !returned", asked, "closed", "closed"},
			[]string{"closed", "open", "open", "paid", "planned", "returned", "review", "closed", "closed"},
		},
		{
			"closed by a refusal of the first transmission", func() dispatch.Entry {
				a := attempt(dispatch.StateClosed)
				a.Refused = true
				return entry(a)
			},
			[]string{"closed", "open", "open", "paid !contradiction", "failed", "returned !returned", asked, "failed", "closed"},
			[]string{"closed", "open", "open", "paid", "planned", "returned", "review", "planned", "closed"},
		},
		{
			"paid", func() dispatch.Entry { return entry(attempt(dispatch.StatePaid)) },
			[]string{"paid", "paid", "paid", "paid", "paid !contradiction", "returned !returned", "paid !review", "paid", "paid"},
			[]string{"paid", "paid", "paid", "paid", "review", "returned", "review", "paid", "paid"},
		},
		{
			"failed", func() dispatch.Entry { return entry(attempt(dispatch.StateFailed)) },
			[]string{"failed", "open !contradiction", "open !contradiction", "paid !contradiction", "failed", "returned !returned", asked, "failed", "failed"},
			[]string{"failed", "open", "open", "paid", "failed", "returned", "review", "failed", "failed"},
		},
		{
			"returned", func() dispatch.Entry { return entry(attempt(dispatch.StateReturned)) },
			[]string{"returned", "returned", "returned", "paid !contradiction", "returned !contradiction", "returned", "returned !review", "returned", "returned"},
			[]string{"returned", "returned", "returned", "review", "review", "returned", "review", "returned", "returned"},
		},
		{
			"unsent, and the payout has failed", func() dispatch.Entry {
				a := attempt(dispatch.StateUnsent)
				a.Transmissions, a.Reserved, a.Next = 0, nil, time.Time{}
				e := entry(a)
				e.State, e.Stopped = dispatch.StateFailed, true
				return e
			},
			[]string{"unsent", "open !contradiction", "open !contradiction", "paid !contradiction", "unsent", "returned !returned", asked, "unsent", "unsent"},
			[]string{"failed", "open", "open", "paid", "failed", "returned", "review", "failed", "failed"},
		},
	}
	for _, row := range table {
		outcomes := []dispatch.Outcome{}
		for _, s := range statuses {
			outcomes = append(outcomes, answered(s))
		}
		outcomes = append(outcomes, failing(payout.ErrNotFound), failing(payout.ErrOutcomeUnknown))
		for i, o := range outcomes {
			c := dispatch.Next(row.before(), event(dispatch.EventFound, o), bare())
			words := []string{c.Entry.Attempts[0].State.String()}
			for _, k := range c.Event.Alarms {
				words = append(words, "!"+string(k))
			}
			what := fmt.Sprintf("%s: %v %v", row.name, o.Status, o.Kind)
			assert.Equal(t, row.after[i], strings.Join(words, " "), what)
			assert.Equal(t, row.state[i], c.Entry.State.String(), what)
			if c.Entry.Attempts[0].State == dispatch.StateFailed && len(row.before().Attempts[0].Reserved) > 0 && row.before().State != dispatch.StateFailed {
				assert.Equal(t, []dispatch.Use{use}, c.Release, what+": failed for certain, so its part of the limit is free")
			} else {
				assert.Empty(t, c.Release, what+": it may be paid, so it keeps its part of the limit")
			}
		}
		// Every other error is a question without an answer.
		for _, k := range kinds {
			if k != payout.ErrNotFound {
				c := dispatch.Next(row.before(), event(dispatch.EventFound, failing(k)), bare())
				assert.Equal(t, row.before().Attempts[0].State, c.Entry.Attempts[0].State, "%s: %s", row.name, k)
				assert.Equal(t, 1, c.Entry.Attempts[0].Errors, "%s: %s", row.name, k)
			}
		}
	}
}

// When it is asked again, and how often it was.
func TestFoundSchedule(t *testing.T) {
	near := func(t *testing.T, want time.Duration, c dispatch.Change) {
		t.Helper()
		got := c.Entry.Attempts[0].Next.Sub(tick)
		assert.InDelta(t, want.Seconds(), got.Seconds(), want.Seconds()/10+0.001)
		assert.Equal(t, c.Entry.Attempts[0].Next, c.Entry.Due)
	}
	open := func() dispatch.Entry { return entry(attempt(dispatch.StateOpen)) }
	t.Run("an answer: on the bank's schedule", func(t *testing.T) {
		c := dispatch.Next(open(), event(dispatch.EventFound, answered(payout.StatusPending)), bare())
		near(t, pollEvery, c)
		assert.Equal(t, 1, c.Entry.Attempts[0].Asked)
	})
	t.Run("the schedule goes by how long ago it was sent", func(t *testing.T) {
		r := bare()
		r.Polling = payout.Polling{{Every: time.Second, For: time.Minute}, {Every: time.Hour}}
		near(t, time.Hour, dispatch.Next(open(), event(dispatch.EventFound, answered(payout.StatusPending)), r))
	})
	t.Run("errors: longer each time, an hour at most", func(t *testing.T) {
		for errors, want := range map[int]time.Duration{0: pollEvery, 1: 2 * pollEvery, 2: 4 * pollEvery, 5: 32 * pollEvery, 20: time.Hour, 1000: time.Hour} {
			e := open()
			e.Attempts[0].Errors = errors
			near(t, want, dispatch.Next(e, event(dispatch.EventFound, failing(payout.ErrOutcomeUnknown)), bare()))
		}
	})
	t.Run("an answer ends the row of errors", func(t *testing.T) {
		for _, o := range []dispatch.Outcome{answered(payout.StatusPending), failing(payout.ErrNotFound)} {
			e := open()
			e.Attempts[0].Errors = 5
			c := dispatch.Next(e, event(dispatch.EventFound, o), bare())
			near(t, pollEvery, c)
			assert.Zero(t, c.Entry.Attempts[0].Errors)
		}
	})
	t.Run("a schedule that is sparser than the cap stays", func(t *testing.T) {
		r := bare()
		r.Polling = payout.Polling{{Every: 3 * time.Hour}}
		near(t, 3*time.Hour, dispatch.Next(open(), event(dispatch.EventFound, failing(payout.ErrOutcomeUnknown)), r))
	})
	t.Run("a wish to be left alone: kept, up to ten minutes", func(t *testing.T) {
		for wish, want := range map[time.Duration]time.Duration{5 * time.Minute: 5 * time.Minute, 300 * time.Hour: 10 * time.Minute} {
			o := failing(payout.ErrRateLimited)
			o.RetryAfter = wish
			c := dispatch.Next(open(), event(dispatch.EventFound, o), bare())
			assert.Equal(t, tick.Add(want), c.Entry.Due)
		}
	})
	t.Run("jitter is the attempt's own, and another each time", func(t *testing.T) {
		seen := map[time.Duration]bool{}
		for n := range 50 {
			e := open()
			e.Attempts[0].Asked = n
			c := dispatch.Next(e, event(dispatch.EventFound, answered(payout.StatusPending)), bare())
			near(t, pollEvery, c)
			seen[c.Entry.Due.Sub(tick)] = true
		}
		assert.Greater(t, len(seen), 25)
	})
	t.Run("final: one question after an hour, a day more, three days more, and no more", func(t *testing.T) {
		e, at := open(), tick
		var asked []time.Duration
		for len(asked) < 5 {
			ev := event(dispatch.EventFound, answered(payout.StatusPaid))
			ev.At = at
			c := dispatch.Next(e, ev, bare())
			e, at = c.Entry, c.Entry.Due
			if at.IsZero() {
				break
			}
			asked = append(asked, at.Sub(tick))
		}
		assert.Equal(t, []time.Duration{time.Hour, 25 * time.Hour, 97 * time.Hour}, asked)
	})
	t.Run("in review: once an hour, and no more often than the bank's schedule", func(t *testing.T) {
		for every, want := range map[time.Duration]time.Duration{pollEvery: time.Hour, 3 * time.Hour: 3 * time.Hour} {
			e := open()
			e.State, e.Review, e.Stopped = dispatch.StateReview, dispatch.ReviewDeadline, true
			r := bare()
			r.Polling = payout.Polling{{Every: every}}
			near(t, want, dispatch.Next(e, event(dispatch.EventFound, answered(payout.StatusPending)), r))
		}
	})
	t.Run("unknown is asked first: the payout is due when the soonest attempt is", func(t *testing.T) {
		failed := attempt(dispatch.StateFailed)
		failed.Next = tick.Add(time.Second)
		other := second(dispatch.StateOpen)
		e := entry(failed, other)
		ev := event(dispatch.EventFound, answered(payout.StatusPending))
		ev.Attempt, ev.Outcome.Mark = 1, "mark-of-derived"
		assert.Equal(t, tick.Add(time.Second), dispatch.Next(e, ev, bare()).Entry.Due)
	})
}

// What the bank says about where it keeps the order stays with the attempt; an answer
// without it takes nothing away.
func TestFoundKeepsWhereToAsk(t *testing.T) {
	o := answered(payout.StatusPending)
	o.ProviderID, o.Endpoint = "id-1", "39915"
	c := dispatch.Next(entry(attempt(dispatch.StateUnknown)), event(dispatch.EventFound, o), bare())
	c = dispatch.Next(c.Entry, event(dispatch.EventFound, answered(payout.StatusPending)), bare())
	assert.Equal(t, []string{"id-1", "39915"}, []string{c.Entry.Attempts[0].ProviderID, c.Entry.Attempts[0].Endpoint})

	o = answered(payout.StatusUnknown)
	o.ProviderID = "id-2"
	c = dispatch.Next(entry(attempt(dispatch.StateSending)), event(dispatch.EventCreated, o), bare())
	assert.Equal(t, "id-2", c.Entry.Attempts[0].ProviderID, "also from an answer that says nothing else")

	o = answered(payout.StatusFailed)
	o.ProviderID = "id-3"
	c = dispatch.Next(entry(attempt(dispatch.StateSending)), event(dispatch.EventCreated, o), bare())
	assert.Equal(t, "id-3", c.Entry.Attempts[0].ProviderID, "and from one that it failed")
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
