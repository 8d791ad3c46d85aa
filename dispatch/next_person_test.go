package dispatch_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func reviewed(why dispatch.Review, attempts ...dispatch.Attempt) dispatch.Entry {
	e := entry(attempts...)
	e.State, e.Review, e.Stopped = dispatch.StateReview, why, true
	return e
}

func TestOverdue(t *testing.T) {
	e := entry(attempt(dispatch.StateUnknown))
	c := dispatch.Next(e, event(dispatch.EventOverdue, dispatch.Outcome{}), bare())
	assert.Equal(t, "review(deadline): unknown/1 !deadline", told(c))
	assert.True(t, c.Entry.Stopped)
	assert.Equal(t, tick.Add(reviewEvery), c.Entry.Due, "it is asked about once an hour")
}

// A review for want of an answer ends when the bank proves something; every other one
// when a person decides.
func TestReviewIsAskedOn(t *testing.T) {
	hard := []dispatch.Review{dispatch.ReviewDouble, dispatch.ReviewContradiction, dispatch.ReviewStranger, dispatch.ReviewProvider, dispatch.ReviewPoison}
	for _, row := range []struct {
		name, soft, hard string
		o                dispatch.Outcome
	}{
		{"paid", "paid: paid/1", "review(%): paid/1", answered(payout.StatusPaid)},
		{"returned", "returned: returned/1 !returned", "review(%): returned/1 !returned", answered(payout.StatusReturned)},
		{"failed", "review(deadline): closed/1", "review(%): closed/1", answered(payout.StatusFailed)},
		{"pending", "review(deadline): open/1", "review(%): open/1", answered(payout.StatusPending)},
		{"unknown", "review(deadline): unknown/1", "review(%): unknown/1", answered(payout.StatusUnknown)},
		{"the bank's own review", "review(provider): unknown/1 !review", "review(%): unknown/1 !review", answered(payout.StatusReview)},
		{"not found", "review(deadline): unknown/1", "review(%): unknown/1", failing(payout.ErrNotFound)},
		{"no answer", "review(deadline): unknown/1", "review(%): unknown/1", failing(payout.ErrOutcomeUnknown)},
	} {
		t.Run(row.name, func(t *testing.T) {
			found := event(dispatch.EventFound, row.o)
			assert.Equal(t, row.soft, told(dispatch.Next(reviewed(dispatch.ReviewDeadline, attempt(dispatch.StateUnknown)), found, bare())))
			for _, why := range hard {
				c := dispatch.Next(reviewed(why, attempt(dispatch.StateUnknown)), found, bare())
				want := replaced(row.hard, why.String())
				if why == dispatch.ReviewProvider {
					want = strings.TrimSuffix(want, " !review") // the alarm was given
				}
				assert.Equal(t, want, told(c))
			}
		})
	}
	t.Run("failed twice: failed, and no other route", func(t *testing.T) {
		c := dispatch.Next(reviewed(dispatch.ReviewDeadline, attempt(dispatch.StateClosed)), event(dispatch.EventFound, answered(payout.StatusFailed)), bare())
		assert.Equal(t, "failed: failed/1 released 1", told(c))
	})
	t.Run("a double outranks another reason", func(t *testing.T) {
		e := reviewed(dispatch.ReviewProvider, attempt(dispatch.StateFailed), second(dispatch.StateUnknown))
		c := dispatch.Next(e, event(dispatch.EventFound, answered(payout.StatusPaid)), bare())
		assert.Equal(t, "review(double): paid/1 unknown/1 !contradiction !double", told(c))
	})
}

func replaced(text, why string) string {
	for i := range text {
		if text[i] == '%' {
			return text[:i] + why + text[i+1:]
		}
	}
	return text
}

// An order under our reference that is not the one that we sent.
func TestStranger(t *testing.T) {
	refused := attempt(dispatch.StateClosed)
	refused.Refused = true
	for _, row := range []struct {
		name     string
		a        dispatch.Attempt
		mark, to string
		stranger bool
	}{
		{"our mark", attempt(dispatch.StateUnknown), "mark-of-p-1", "", false},
		{"our mark, whatever the destination looks like", attempt(dispatch.StateUnknown), "mark-of-p-1", "card 510510******5100", false},
		{"another mark", attempt(dispatch.StateUnknown), "mark-of-other", "", true},
		{"another mark and our card", attempt(dispatch.StateUnknown), "mark-of-other", "card 411111******1111", true},
		{"no mark, our card", attempt(dispatch.StateUnknown), "", "card 411111******1111", false},
		{"no mark, our card in another style of mask", attempt(dispatch.StateUnknown), "", "card ******1111", false},
		{"no mark, another card", attempt(dispatch.StateUnknown), "", "card 510510******5100", true},
		{"no mark, another card in another style of mask", attempt(dispatch.StateUnknown), "", "card ******5100", true},
		{"no mark, another card with the same end", attempt(dispatch.StateUnknown), "", "card 510510******1111", true},
		{"no mark, nothing of a card to be seen", attempt(dispatch.StateUnknown), "", "card ******", false},
		{"no mark, a destination of another kind", attempt(dispatch.StateUnknown), "", "sbp ******49", false},
		{"nothing to compare", attempt(dispatch.StateUnknown), "", "", false},
		{"ours was refused, and nothing shows that this is it", refused, "", "", true},
		{"ours was refused, and nothing of a card to be seen", refused, "", "card ******", true},
		{"ours was refused, and this is it all the same", refused, "mark-of-p-1", "", false},
		{"ours was refused, and this is to the same card", refused, "", "card 411111******1111", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, s := range []payout.Status{payout.StatusPaid, payout.StatusPending, payout.StatusReturned, payout.StatusFailed} {
				o := dispatch.Outcome{Answered: true, Status: s, Mark: row.mark, Destination: row.to, ProviderID: "id-1"}
				c := dispatch.Next(entry(row.a), event(dispatch.EventFound, o), bare())
				assert.Equal(t, row.stranger, c.Entry.Review == dispatch.ReviewStranger, "%s", s)
				if row.stranger {
					assert.Equal(t, row.a.State, c.Entry.Attempts[0].State, "%s: it says nothing of ours", s)
					assert.Empty(t, c.Entry.Attempts[0].ProviderID, "%s: and nothing of it sticks", s)
					assert.Equal(t, []dispatch.AlarmKind{dispatch.AlarmStranger}, c.Event.Alarms)
					assert.False(t, c.Entry.Due.IsZero(), "%s: asking goes on", s)
				}
			}
		})
	}
	t.Run("ours was refused, and then turned out to be there: from then on it is like any other", func(t *testing.T) {
		for _, s := range []payout.Status{payout.StatusPaid, payout.StatusPending} {
			c := dispatch.Next(entry(refused), event(dispatch.EventFound, answered(s)), bare())
			c = dispatch.Next(c.Entry, event(dispatch.EventFound, dispatch.Outcome{Answered: true, Status: s}), bare())
			assert.Equal(t, dispatch.ReviewNone, c.Entry.Review, "%s", s)
		}
	})
	t.Run("in the answer to a sending: unknown, and a person looks", func(t *testing.T) {
		for _, s := range []payout.Status{payout.StatusPaid, payout.StatusPending, payout.StatusReturned, payout.StatusFailed, payout.StatusReview} {
			o := answered(s)
			o.Mark = "mark-of-other"
			c := dispatch.Next(entry(attempt(dispatch.StateSending)), event(dispatch.EventCreated, o), bare())
			assert.Equal(t, "review(stranger): unknown/1 !stranger", told(c), "%s", s)
		}
	})
	t.Run("late, about one that is planned again: asked about, by itself", func(t *testing.T) {
		o := answered(payout.StatusPaid)
		o.Mark = "mark-of-other"
		c := dispatch.Next(entry(planned(1)), event(dispatch.EventLate, o), bare())
		assert.Equal(t, "review(stranger): unknown/1 !stranger", told(c))
		assert.False(t, c.Entry.Due.IsZero())
	})
}

func TestCancelled(t *testing.T) {
	cancel := func(e dispatch.Entry) dispatch.Change {
		return dispatch.Next(e, dispatch.Event{
			Kind: dispatch.EventCancelled, At: tick, Attempt: len(e.Attempts) - 1,
			Decision: dispatch.Decision{Outcome: dispatch.StateCancelled, By: "Ann", Evidence: "asked by the recipient", At: tick},
		}, bare())
	}
	c := cancel(entry())
	assert.Equal(t, "cancelled:", told(c))
	assert.Zero(t, c.Entry.Due)
	assert.Nil(t, c.Entry.Sealed)
	assert.True(t, c.Entry.Stopped)
	assert.Equal(t, "cancelled: unsent/0", told(cancel(entry(planned(0)))))

	t.Run("after a bank that failed: cancelled for good, whatever that bank says later", func(t *testing.T) {
		failed := attempt(dispatch.StateFailed)
		failed.Next = tick.Add(time.Hour)
		e := entry(failed)
		e.State, e.Stopped = dispatch.StatePlanned, false
		c := cancel(e)
		assert.Equal(t, "cancelled: failed/1", told(c))
		assert.Equal(t, tick.Add(time.Hour), c.Entry.Due, "the patrol goes on")
		c = dispatch.Next(c.Entry, event(dispatch.EventFound, answered(payout.StatusPending)), bare())
		assert.Equal(t, "open: open/1 !contradiction", told(c))
		for range 2 {
			c = dispatch.Next(c.Entry, event(dispatch.EventFound, answered(payout.StatusFailed)), bare())
		}
		assert.Equal(t, "failed: failed/1 released 1", told(c), "never planned again")
	})
}

func resolve(e dispatch.Entry, outcome dispatch.State) dispatch.Change {
	return dispatch.Next(e, dispatch.Event{
		Kind: dispatch.EventResolved, At: tick, Attempt: len(e.Attempts) - 1,
		Decision: dispatch.Decision{Outcome: outcome, By: "Ann", Evidence: "the bank's letter", At: tick},
	}, bare())
}

func TestResolved(t *testing.T) {
	for outcome, want := range map[dispatch.State]string{
		dispatch.StatePaid:     "paid: unknown/1",
		dispatch.StateFailed:   "failed: unknown/1 released 1",
		dispatch.StateReturned: "returned: unknown/1",
	} {
		c := resolve(reviewed(dispatch.ReviewDeadline, attempt(dispatch.StateUnknown)), outcome)
		assert.Equal(t, want, told(c))
		assert.Equal(t, "Ann", c.Entry.Decision.By)
		assert.True(t, c.Entry.Stopped)
		assert.Nil(t, c.Entry.Sealed)
		assert.Equal(t, tick.Add(time.Hour), c.Entry.Due, "the bank is asked again, as about anything final")
	}
	t.Run("whatever the bank says then that proves nothing, it is asked as sparsely", func(t *testing.T) {
		c := resolve(reviewed(dispatch.ReviewDeadline, attempt(dispatch.StateUnknown)), dispatch.StatePaid)
		for _, o := range []dispatch.Outcome{answered(payout.StatusPending), answered(payout.StatusUnknown), failing(payout.ErrNotFound), failing(payout.ErrOutcomeUnknown)} {
			found := dispatch.Next(c.Entry, event(dispatch.EventFound, o), bare())
			assert.Equal(t, tick.Add(time.Hour), found.Entry.Due)
		}
	})
	t.Run("what was planned is not sent", func(t *testing.T) {
		assert.Equal(t, "failed: unsent/0", told(resolve(reviewed(dispatch.ReviewPoison, planned(0)), dispatch.StateFailed)))
		assert.Equal(t, "failed: failed/1 released 1", told(resolve(reviewed(dispatch.ReviewPoison, planned(1)), dispatch.StateFailed)))
	})
	t.Run("nothing was ever sent", func(t *testing.T) {
		c := resolve(reviewed(dispatch.ReviewPoison), dispatch.StateFailed)
		assert.Equal(t, "failed:", told(c))
		assert.Zero(t, c.Entry.Due)
	})
}

// What the bank says after a person has decided.
func TestContradictedDecision(t *testing.T) {
	decided := func(outcome dispatch.State, attempts ...dispatch.Attempt) dispatch.Entry {
		return resolve(reviewed(dispatch.ReviewDeadline, attempts...), outcome).Entry
	}
	const wrong = "review(contradiction)"
	for _, row := range []struct {
		name, want string
		e          dispatch.Entry
		o          dispatch.Outcome
	}{
		{"decided paid, found paid", "paid: paid/1", decided(dispatch.StatePaid, attempt(dispatch.StateUnknown)), answered(payout.StatusPaid)},
		{"decided failed, found paid", wrong + ": paid/1 !contradiction", decided(dispatch.StateFailed, attempt(dispatch.StateUnknown)), answered(payout.StatusPaid)},
		{"decided returned, found paid", wrong + ": paid/1 !contradiction", decided(dispatch.StateReturned, attempt(dispatch.StateUnknown)), answered(payout.StatusPaid)},
		{"decided paid, found failed: one more question", "paid: closed/1", decided(dispatch.StatePaid, attempt(dispatch.StateUnknown)), answered(payout.StatusFailed)},
		{"decided paid, failed for certain", wrong + ": failed/1 released 1 !contradiction", decided(dispatch.StatePaid, attempt(dispatch.StateClosed)), answered(payout.StatusFailed)},
		{"decided failed, failed for certain", "failed: failed/1", decided(dispatch.StateFailed, attempt(dispatch.StateClosed)), answered(payout.StatusFailed)},
		{"decided failed, found pending", "failed: open/1", decided(dispatch.StateFailed, attempt(dispatch.StateUnknown)), answered(payout.StatusPending)},
		{"decided failed, found returned", "failed: returned/1 !returned", decided(dispatch.StateFailed, attempt(dispatch.StateUnknown)), answered(payout.StatusReturned)},
		{"decided paid, found returned", wrong + ": returned/1 !returned !contradiction", decided(dispatch.StatePaid, attempt(dispatch.StateUnknown)), answered(payout.StatusReturned)},
		{"decided paid, one of two failed: the other may have been paid", "paid: failed/1 unknown/1 released 1", decided(dispatch.StatePaid, attempt(dispatch.StateClosed), second(dispatch.StateUnknown)), answered(payout.StatusFailed)},
		{"decided paid with one of two paid, and the other is paid too", "review(double): paid/1 paid/1 !double", decided(dispatch.StatePaid, attempt(dispatch.StateUnknown), second(dispatch.StatePaid)), answered(payout.StatusPaid)},
		{"decided on what the bank says still: nothing new", "failed: paid/1", decided(dispatch.StateFailed, attempt(dispatch.StatePaid)), answered(payout.StatusPaid)},
		{"decided, and the bank does not answer", "failed: unknown/1", decided(dispatch.StateFailed, attempt(dispatch.StateUnknown)), failing(payout.ErrOutcomeUnknown)},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := dispatch.Next(row.e, event(dispatch.EventFound, row.o), bare())
			assert.Equal(t, row.want, told(c))
			assert.Equal(t, c.Entry.State == dispatch.StateReview, c.Entry.Decision.IsZero(), "a decision that is contradicted is taken back")
			if c.Entry.State == dispatch.StateReview {
				assert.False(t, c.Entry.Due.IsZero())
			}
		})
	}
}
