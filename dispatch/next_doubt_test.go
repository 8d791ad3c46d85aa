package dispatch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// doubting are rules of a bank that proves absence, in a journal that is in doubt since
// the tests began. Nothing that is lost can arrive after from.
func doubting() dispatch.Rules {
	r := proving(payout.DedupNone)
	r.Doubt, r.LostUntil = 1, began.Add(10*time.Second)
	return r
}

// inquiry is one at account-of-a with two references, of which none was asked about.
func inquiry() dispatch.Inquiry {
	return dispatch.Inquiry{Doubt: 1, Provider: "a", Account: "account-of-a", References: 2, Begun: from, Next: from}
}

// asked is the first or second attempt that may have been made at account-of-a.
func asked(n int) dispatch.Attempt {
	return dispatch.Attempt{
		Provider: "a", Account: "account-of-a", Reference: []string{"p-1", "derived"}[n], Mark: "mark-of-p-1",
		IntentAt: from, SendBefore: began.Add(10 * time.Second),
	}
}

func checkedEvent(at time.Time, n int, o dispatch.Outcome) dispatch.Event {
	return dispatch.Event{Kind: dispatch.EventChecked, At: at, Attempt: -1, Planned: asked(n), Outcome: o}
}

func inquired(attempts ...dispatch.Attempt) dispatch.Entry {
	e := entry(attempts...)
	e.State, e.Stopped = dispatch.StatePlanned, false
	e.Inquiries = []dispatch.Inquiry{inquiry()}
	return e
}

func TestNextChecked(t *testing.T) {
	planned := attempt(dispatch.StatePlanned)
	planned.Transmissions, planned.Reserved = 0, nil
	elsewhere := second(dispatch.StatePlanned)
	elsewhere.Transmissions = 0
	bareAnswer := dispatch.Outcome{Answered: true, Status: payout.StatusPaid}
	otherMark := answered(payout.StatusPaid)
	otherMark.Mark = "another"
	sameCard := bareAnswer
	sameCard.Destination = "card 411111******1111"
	table := []struct {
		name  string
		entry dispatch.Entry
		o     dispatch.Outcome
		want  string
	}{
		{"paid", inquired(), answered(payout.StatusPaid), "paid: paid/1"},
		{"pending", inquired(), answered(payout.StatusPending), "open: open/1"},
		{"somebody must act", inquired(), answered(payout.StatusActionRequired), "open: open/1"},
		{"returned", inquired(), answered(payout.StatusReturned), "returned: returned/1 !returned"},
		{"a person must look", inquired(), answered(payout.StatusReview), "review(provider): unknown/1 !review"},
		{"failed: one more question has to agree", inquired(), answered(payout.StatusFailed), "closed: closed/1"},
		{"an answer that says nothing", inquired(), dispatch.Outcome{Answered: true}, "planned:"},
		{"not found, once", inquired(), failing(payout.ErrNotFound), "planned:"},
		{"no answer", inquired(), failing(payout.ErrOutcomeUnknown), "planned:"},
		{"refused: it proves nothing", inquired(), failing(payout.ErrRefused), "planned:"},
		{"our own rules: it proves nothing", inquired(), failing(payout.ErrInvalid), "planned:"},
		{"another mark", inquired(), otherMark, "review(stranger): !stranger"},
		{"nothing shows that it is ours", inquired(), bareAnswer, "review(stranger): !stranger"},
		{"the same card", inquired(), sameCard, "paid: paid/1"},
		{"the attempt that is planned there", inquired(planned), answered(payout.StatusPaid), "paid: paid/1"},
		{"one that is planned elsewhere gives way", inquired(elsewhere), answered(payout.StatusPaid), "paid: unsent/0 paid/1 released 1"},
		{"beside one that has failed", inquired(second(dispatch.StateFailed)), answered(payout.StatusPaid), "paid: failed/1 paid/1"},
	}
	for _, row := range table {
		t.Run(row.name, func(t *testing.T) {
			c := dispatch.Next(row.entry, checkedEvent(from, 0, row.o), doubting())
			assert.Equal(t, row.want, told(c))
			if n := len(c.Entry.Attempts); n > 0 && c.Entry.Attempts[n-1].Tries == 0 {
				assert.Zero(t, c.Shown, "when it was sent nobody knows")
			}
			if len(c.Entry.Attempts) > len(row.entry.Attempts) {
				assert.Equal(t, len(c.Entry.Attempts)-1, c.Event.Attempt)
			}
		})
	}
	t.Run("in a review, which it does not end", func(t *testing.T) {
		e := inquired()
		e.State, e.Review = dispatch.StateReview, dispatch.ReviewDoubt
		assert.Equal(t, "review(doubt): paid/1", told(dispatch.Next(e, checkedEvent(from, 0, answered(payout.StatusPaid)), doubting())))
	})
}

// rounds asks whole rounds that begin at these times, and finds nothing.
func rounds(e dispatch.Entry, r dispatch.Rules, times ...time.Time) dispatch.Entry {
	for _, at := range times {
		for n := range 2 {
			if len(e.Inquiries) > 0 && (n == 0 || e.Inquiries[0].Asked == n) {
				e = dispatch.Next(e, checkedEvent(at.Add(time.Duration(n)*time.Second), n, failing(payout.ErrNotFound)), r).Entry
			}
		}
	}
	return e
}

func TestNextCheckedProves(t *testing.T) {
	with := func(change func(*dispatch.Rules)) dispatch.Rules {
		r := doubting()
		change(&r)
		return r
	}
	twice := []time.Time{after(0), after(2 * time.Minute)}
	table := []struct {
		name    string
		rules   dispatch.Rules
		times   []time.Time
		checked int64
	}{
		{"two rounds, apart, with a later order shown before the second", doubting(), twice, 1},
		{"one round", doubting(), twice[:1], 0},
		{"two that are not apart", doubting(), []time.Time{after(0), after(30 * time.Second)}, 0},
		{"before what is lost can have arrived", doubting(), []time.Time{after(-3 * time.Minute), after(-time.Minute)}, 0},
		{"the first one before that", doubting(), []time.Time{after(-time.Minute), after(time.Minute)}, 0},
		{"as often as configured", with(func(r *dispatch.Rules) { r.Absence.Times = 3 }), twice, 0},
		{"the third of three", with(func(r *dispatch.Rules) { r.Absence.Times = 3 }), append(twice, after(4*time.Minute)), 1},
		{"no later order was shown", with(func(r *dispatch.Rules) { r.LaterSeen = time.Time{} }), append(twice, after(time.Hour)), 0},
		{"one that was shown before the first round", with(func(r *dispatch.Rules) { r.LaterSeen = from.Add(-time.Second) }), append(twice, after(time.Hour)), 0},
		{"a bank that proves nothing", with(func(r *dispatch.Rules) { r.Absence.Proves = false }), append(twice, after(time.Hour)), 0},
	}
	for _, row := range table {
		t.Run(row.name, func(t *testing.T) {
			e := rounds(inquired(), row.rules, row.times...)
			assert.Equal(t, row.checked, e.Checked)
			assert.Equal(t, "planned", e.State.String())
			assert.Equal(t, row.checked == 0, len(e.Inquiries) == 1)
		})
	}
	t.Run("all accounts have to", func(t *testing.T) {
		e := inquired()
		other := inquiry()
		other.Account = "account-of-b"
		e.Inquiries = append(e.Inquiries, other)
		e = rounds(e, doubting(), twice...)
		assert.Zero(t, e.Checked)
		assert.Equal(t, []bool{true, false}, []bool{e.Inquiries[0].Proved, e.Inquiries[1].Proved})
	})
	t.Run("without a later order, the round that would prove it is not made", func(t *testing.T) {
		r := with(func(r *dispatch.Rules) { r.LaterSeen = time.Time{} })
		e := rounds(inquired(), r, after(0))
		e = dispatch.Next(e, checkedEvent(after(2*time.Minute), 0, failing(payout.ErrNotFound)), r).Entry
		assert.Equal(t, []int{0, 1}, []int{e.Inquiries[0].Asked, e.Inquiries[0].Rounds})
		assert.True(t, e.Due.After(after(2*time.Minute)))
	})
	t.Run("one that was shown in the middle of a round does not count for it", func(t *testing.T) {
		none, r := doubting(), doubting()
		none.LaterSeen = time.Time{}
		none.Absence.Times, r.Absence.Times = 3, 3
		e := rounds(inquired(), none, after(0))
		e = dispatch.Next(e, checkedEvent(after(2*time.Minute), 0, failing(payout.ErrNotFound)), none).Entry
		e = dispatch.Next(e, checkedEvent(after(2*time.Minute), 1, failing(payout.ErrNotFound)), r).Entry
		e = dispatch.Next(e, checkedEvent(after(4*time.Minute), 0, failing(payout.ErrNotFound)), none).Entry
		assert.Zero(t, e.Checked)
		assert.Equal(t, 0, e.Inquiries[0].Asked, "the last one waits")
		assert.Equal(t, int64(1), rounds(e, r, after(6*time.Minute)).Checked)
	})
	t.Run("a reference that the bank can't have needs no answer", func(t *testing.T) {
		ev := checkedEvent(from, 0, dispatch.Outcome{})
		ev.Planned.Refused = true
		c := dispatch.Next(inquired(), ev, doubting())
		assert.Equal(t, 1, c.Entry.Inquiries[0].Asked)
	})
	t.Run("the next question is due at once, one without an answer later", func(t *testing.T) {
		c := dispatch.Next(inquired(), checkedEvent(from, 0, failing(payout.ErrNotFound)), doubting())
		assert.Equal(t, from, c.Entry.Due)
		c = dispatch.Next(inquired(), checkedEvent(from, 0, failing(payout.ErrOutcomeUnknown)), doubting())
		assert.Equal(t, []int{0, 1}, []int{c.Entry.Inquiries[0].Asked, c.Entry.Inquiries[0].Errors})
		assert.True(t, c.Entry.Due.After(from))
	})
}

func TestNextDoubt(t *testing.T) {
	review := inquired()
	review.State, review.Review = dispatch.StateReview, dispatch.ReviewDoubt
	stopped := review
	stopped.Stopped = true
	awaiting := inquired()
	awaiting.State = dispatch.StateAwaiting
	stranger := review
	stranger.Review, stranger.Stopped = dispatch.ReviewStranger, true
	send := dispatch.Decision{Outcome: dispatch.StatePlanned, Evidence: "a list", By: "Ann", At: tick}
	table := []struct {
		name  string
		entry dispatch.Entry
		event dispatch.Event
		want  string
	}{
		{"it begins", entry(), dispatch.Event{Kind: dispatch.EventDoubted, Inquiries: []dispatch.Inquiry{inquiry()}}, "planned:"},
		{"it begins for one whose request is not at hand", awaiting, dispatch.Event{Kind: dispatch.EventDoubted, Inquiries: []dispatch.Inquiry{inquiry()}}, "awaiting_request:"},
		{"nobody can prove it", inquired(), dispatch.Event{Kind: dispatch.EventUnproved}, "review(doubt): !doubt"},
		{"still nobody can", review, dispatch.Event{Kind: dispatch.EventUnproved}, "review(doubt):"},
		{"it ends", inquired(), dispatch.Event{Kind: dispatch.EventTrusted}, "planned:"},
		{"it ends, and the request is not at hand", awaiting, dispatch.Event{Kind: dispatch.EventTrusted}, "awaiting_request:"},
		{"it ends a review", review, dispatch.Event{Kind: dispatch.EventTrusted}, "planned:"},
		{"it ends one of what was stopped", stopped, dispatch.Event{Kind: dispatch.EventTrusted}, "failed:"},
		{"it ends no other review", stranger, dispatch.Event{Kind: dispatch.EventTrusted}, "review(stranger):"},
		{"a person has it sent", review, dispatch.Event{Kind: dispatch.EventResolved, Decision: send}, "planned:"},
		{"what a person has sent was sent already", func() dispatch.Entry {
			e := review
			e.Attempts = []dispatch.Attempt{attempt(dispatch.StateOpen)}
			return e
		}(), dispatch.Event{Kind: dispatch.EventResolved, Decision: send}, "open: open/1"},
		{"a stranger's order is a harder reason", review, checkedEvent(tick, 0, func() dispatch.Outcome {
			o := answered(payout.StatusPaid)
			o.Mark = "another"
			return o
		}()), "review(stranger): !stranger"},
	}
	for _, row := range table {
		t.Run(row.name, func(t *testing.T) {
			row.event.At = tick
			if row.event.Kind != dispatch.EventChecked {
				row.event.Attempt = -1
			}
			r := doubting()
			if row.event.Kind == dispatch.EventTrusted {
				r.Doubt, r.LostUntil = 0, time.Time{}
			}
			c := dispatch.Next(row.entry, row.event, r)
			assert.Equal(t, row.want, told(c))
			assert.True(t, c.Entry.State == dispatch.StateFailed || !c.Entry.Due.IsZero() || c.Entry.State == dispatch.StateReview && c.Entry.Review == dispatch.ReviewStranger)
		})
	}
	t.Run("inquiries of an earlier doubt are over", func(t *testing.T) {
		old := inquiry()
		old.Doubt, old.Account = 0, "account-of-c"
		e := entry()
		e.Inquiries = []dispatch.Inquiry{old, inquiry()}
		again := inquiry()
		again.References = 9
		c := dispatch.Next(e, dispatch.Event{Kind: dispatch.EventDoubted, At: tick, Attempt: -1, Inquiries: []dispatch.Inquiry{again}}, doubting())
		require.Len(t, c.Entry.Inquiries, 1)
		assert.Equal(t, 9, c.Entry.Inquiries[0].References)
		assert.Len(t, e.Inquiries, 2, "what is given stays as it is")
		assert.Equal(t, 2, e.Inquiries[1].References)
	})
	t.Run("no payout is failed by itself that may have been sent elsewhere", func(t *testing.T) {
		e := entry(attempt(dispatch.StateClosed))
		e.State, e.Review, e.Stopped = dispatch.StateReview, dispatch.ReviewDeadline, true
		found := event(dispatch.EventFound, answered(payout.StatusFailed))
		assert.Equal(t, "review(doubt): failed/1 released 1 !doubt", told(dispatch.Next(e, found, doubting())))
		e.Checked = 1
		assert.Equal(t, "failed: failed/1 released 1", told(dispatch.Next(e, found, doubting())))
	})
	t.Run("what gives way may have been sent: it is asked about later", func(t *testing.T) {
		planned := second(dispatch.StatePlanned)
		planned.Transmissions = 0
		e := entry(attempt(dispatch.StateFailed), planned)
		paid := event(dispatch.EventFound, answered(payout.StatusPaid))
		c := dispatch.Next(e, paid, doubting())
		assert.Equal(t, "paid: paid/1 unsent/0 released 1 !contradiction", told(c))
		assert.False(t, c.Entry.Attempts[1].Next.IsZero())
		assert.True(t, dispatch.Next(e, paid, bare()).Entry.Attempts[1].Next.IsZero())
	})
	t.Run("what is lost may be under way, whatever is known", func(t *testing.T) {
		r := doubting()
		r.LostUntil = began.Add(time.Hour)
		e := notFound(entry(attempt(dispatch.StateUnknown)), r, after(0), after(2*time.Minute)).Entry
		assert.Equal(t, "unknown", e.State.String())
		late := began.Add(time.Hour + callTimeout + 10*time.Minute)
		assert.Equal(t, "planned", notFound(e, r, late, late.Add(2*time.Minute)).Entry.State.String())
	})
}
