package dispatch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// proving are rules of a bank whose "not found" proves absence: ten minutes after the
// last moment at which it could have been sent, seen twice, a minute apart.
func proving(d payout.Dedup) dispatch.Rules {
	r := bare()
	r.Dedup = d
	r.Absence = payout.Absence{Proves: true, After: 10 * time.Minute, Times: 2}
	r.LaterSeen = began.Add(48 * time.Hour)
	return r
}

// from is when "not found" begins to count: the window to send, a call, the bank's delay.
var from = began.Add(10*time.Second + callTimeout + 10*time.Minute)

// notFound asks at some times, each time to learn that the bank knows nothing.
func notFound(e dispatch.Entry, r dispatch.Rules, times ...time.Time) dispatch.Change {
	var c dispatch.Change
	for _, at := range times {
		c = dispatch.Next(e, dispatch.Event{Kind: dispatch.EventFound, At: at, Outcome: failing(payout.ErrNotFound)}, r)
		e = c.Entry
	}
	return c
}

func after(d time.Duration) time.Time { return from.Add(d) }

func TestAbsence(t *testing.T) {
	unknown := func(change func(*dispatch.Attempt)) dispatch.Entry {
		a := attempt(dispatch.StateUnknown)
		if change != nil {
			change(&a)
		}
		return entry(a)
	}
	twice := []time.Time{after(0), after(time.Minute)}
	table := []struct {
		name  string
		entry dispatch.Entry
		rules dispatch.Rules
		at    []time.Time
		want  string
	}{
		{"not found proves nothing unless the provider says so", unknown(nil), bare(), []time.Time{after(0), after(time.Hour), after(2 * time.Hour)}, "unknown: unknown/1"},
		{"twice, apart, with a later order seen: proved", unknown(nil), proving(payout.DedupNone), twice, "planned: failed/1 released 1"},
		{"proved, and the bank refuses a second order: transmit again", unknown(nil), proving(payout.DedupRefuses), twice, "planned: planned/1"},
		{"proved, and the bank replays the first answer: transmit again", unknown(nil), proving(payout.DedupReplays), twice, "planned: planned/1"},
		{"once is not enough", unknown(nil), proving(payout.DedupNone), twice[:1], "unknown: unknown/1"},
		{"once is not enough where one was configured", unknown(nil), func() dispatch.Rules {
			r := proving(payout.DedupNone)
			r.Absence.Times = 1
			return r
		}(), twice[:1], "unknown: unknown/1"},
		{"as often as configured", unknown(nil), func() dispatch.Rules {
			r := proving(payout.DedupNone)
			r.Absence.Times = 3
			return r
		}(), twice, "unknown: unknown/1"},
		{"the third of three", unknown(nil), func() dispatch.Rules {
			r := proving(payout.DedupNone)
			r.Absence.Times = 3
			return r
		}(), append(twice, after(2*time.Minute)), "planned: failed/1 released 1"},
		{"the first one came before its time", unknown(nil), proving(payout.DedupNone), []time.Time{after(-time.Nanosecond), after(time.Minute)}, "unknown: unknown/1"},
		{"two that are not apart are one", unknown(nil), proving(payout.DedupNone), []time.Time{after(0), after(time.Minute - 1)}, "unknown: unknown/1"},
		{"many that are not apart do not keep the clock from running", unknown(nil), proving(payout.DedupNone), []time.Time{after(0), after(20 * time.Second), after(40 * time.Second), after(time.Minute)}, "planned: failed/1 released 1"},
		{"no order of the account was ever seen", unknown(nil), func() dispatch.Rules {
			r := proving(payout.DedupNone)
			r.LaterSeen = time.Time{}
			return r
		}(), twice, "unknown: unknown/1"},
		{"a later order was seen, but before the first question", unknown(nil), func() dispatch.Rules {
			r := proving(payout.DedupNone)
			r.LaterSeen = after(-1)
			return r
		}(), twice, "unknown: unknown/1"},
		{"a later order was seen with the first question", unknown(nil), func() dispatch.Rules {
			r := proving(payout.DedupNone)
			r.LaterSeen = after(0)
			return r
		}(), twice, "planned: failed/1 released 1"},
		{"the bank has given an id, so it has the order", unknown(func(a *dispatch.Attempt) { a.ProviderID = "id-1" }), proving(payout.DedupNone), twice, "unknown: unknown/1"},
		{"what the bank has shown can't be absent", entry(attempt(dispatch.StateOpen)), proving(payout.DedupNone), twice, "open: open/1"},
		{"a failed one that is not found stays closed until the bank says failed again", entry(attempt(dispatch.StateClosed)), proving(payout.DedupNone), twice, "closed: closed/1"},
		{"paid", entry(attempt(dispatch.StatePaid)), proving(payout.DedupNone), twice, "paid: paid/1"},
		{"a second transmission", unknown(func(a *dispatch.Attempt) { a.Transmissions = 2 }), proving(payout.DedupReplays), twice, "planned: planned/2"},
		{"in review after the deadline: failed, and not sent again", func() dispatch.Entry {
			e := unknown(nil)
			e.State, e.Review, e.Stopped = dispatch.StateReview, dispatch.ReviewDeadline, true
			return e
		}(), proving(payout.DedupReplays), twice, "failed: failed/1 released 1"},
		{"in review for a person: the attempt has failed, the person decides", func() dispatch.Entry {
			e := unknown(nil)
			e.State, e.Review, e.Stopped = dispatch.StateReview, dispatch.ReviewProvider, true
			return e
		}(), proving(payout.DedupReplays), twice, "review(provider): failed/1 released 1"},
	}
	for _, row := range table {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.want, told(notFound(row.entry, row.rules, row.at...)))
		})
	}
}

// Whatever shows that the bank may know it starts the count anew.
func TestAbsenceStartsAnew(t *testing.T) {
	for _, s := range []payout.Status{payout.StatusUnknown, payout.StatusPending, payout.StatusActionRequired, payout.StatusPaid, payout.StatusReview} {
		e := notFound(entry(attempt(dispatch.StateUnknown)), proving(payout.DedupNone), after(0)).Entry
		assert.Equal(t, dispatch.Absent{Times: 1, First: after(0), Last: after(0)}, e.Attempts[0].Absent)
		c := dispatch.Next(e, dispatch.Event{Kind: dispatch.EventFound, At: after(time.Minute), Outcome: answered(s)}, proving(payout.DedupNone))
		assert.Zero(t, c.Entry.Attempts[0].Absent, "%s", s)
	}
	t.Run("and so does another intent", func(t *testing.T) {
		e := notFound(entry(attempt(dispatch.StateUnknown)), proving(payout.DedupReplays), after(0), after(time.Minute)).Entry
		planned := attempt(dispatch.StateUnknown)
		planned.Intent, planned.IntentAt, planned.SendBefore = 8, after(2*time.Minute), after(3*time.Minute)
		c := dispatch.Next(e, dispatch.Event{Kind: dispatch.EventIntended, At: after(2 * time.Minute), Planned: planned}, proving(payout.DedupReplays))
		assert.Equal(t, "sending: sending/2", told(c))
		assert.Zero(t, c.Entry.Attempts[0].Absent)
		assert.Equal(t, after(3*time.Minute).Add(callTimeout), c.Entry.Due, "when its worker must have said what became of it")
	})
	t.Run("an answer that does not come leaves it as it is", func(t *testing.T) {
		e := notFound(entry(attempt(dispatch.StateUnknown)), proving(payout.DedupNone), after(0)).Entry
		c := dispatch.Next(e, dispatch.Event{Kind: dispatch.EventFound, At: after(time.Minute), Outcome: failing(payout.ErrOutcomeUnknown)}, proving(payout.DedupNone))
		assert.Equal(t, e.Attempts[0].Absent, c.Entry.Attempts[0].Absent)
	})
}

// A payout that is proved absent is sent again at once, by whoever has the request, or
// ends as failed.
func TestProvedAbsentIsDueNow(t *testing.T) {
	c := notFound(entry(attempt(dispatch.StateUnknown)), proving(payout.DedupReplays), after(0), after(time.Minute))
	assert.Equal(t, after(time.Minute), c.Entry.Due)
	assert.Equal(t, []dispatch.Use{use}, c.Entry.Attempts[0].Reserved, "it keeps its part of the limit")

	c = dispatch.Next(c.Entry, dispatch.Event{Kind: dispatch.EventExpired, At: after(time.Hour), Attempt: 0}, proving(payout.DedupReplays))
	assert.Equal(t, "failed: failed/1 released 1", told(c), "its time has passed: proved absent, so failed")
}

// An order that the bank shows says that its search finds what was sent then: one of
// ours, sent once.
func TestShown(t *testing.T) {
	shown := dispatch.Shown{Account: "account-of-a", Sent: began, At: tick}
	proves := bare()
	proves.Absence.Proves = true
	found := func(a dispatch.Attempt, o dispatch.Outcome) dispatch.Shown {
		assert.Zero(t, dispatch.Next(entry(a), event(dispatch.EventFound, o), bare()).Shown, "where it could prove nothing")
		return dispatch.Next(entry(a), event(dispatch.EventFound, o), proves).Shown
	}
	for _, s := range statuses {
		want := shown
		if s == payout.StatusUnknown {
			want = dispatch.Shown{}
		}
		assert.Equal(t, want, found(attempt(dispatch.StateOpen), answered(s)), "%s", s)
	}
	for _, k := range kinds {
		assert.Zero(t, found(attempt(dispatch.StateOpen), failing(k)), "%s", k)
	}
	stranger := answered(payout.StatusPaid)
	stranger.Mark = "another"
	assert.Zero(t, found(attempt(dispatch.StateOpen), stranger), "nobody knows when that was made")
	twice := attempt(dispatch.StateOpen)
	twice.Transmissions = 2
	assert.Zero(t, found(twice, answered(payout.StatusPaid)), "it may be the first one")
	c := dispatch.Next(entry(attempt(dispatch.StateSending)), event(dispatch.EventCreated, answered(payout.StatusPaid)), proves)
	assert.Zero(t, c.Shown, "an answer to a sending says nothing of the search")
}
