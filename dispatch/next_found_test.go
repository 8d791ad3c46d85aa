package dispatch_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

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
