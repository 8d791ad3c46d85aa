package dispatch_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func TestCancel(t *testing.T) {
	cancel := func(t *testing.T, d *desk) (dispatch.Entry, error) {
		return d.Cancel(t.Context(), "p-1", "Ann", "asked by the recipient")
	}
	t.Run("before it was sent: it wins, and the next Step sends nothing", func(t *testing.T) {
		b := bank("a")
		d := opened(t, dispatch.Config{}, b)
		d.take(order("p-1"))
		e, err := cancel(t, d)
		require.NoError(t, err)
		assert.Equal(t, "cancelled", e.State.String())
		assert.Equal(t, d.load("p-1"), e)
		_, done, err := d.Step(t.Context(), "p-1")
		require.NoError(t, err)
		assert.True(t, done)
		assert.Equal(t, "cancelled", d.take(order("p-1")).State.String(), "it is for good")
		d.Step(t.Context(), "p-1")
		assert.Zero(t, b.times())
		history, err := d.History(t.Context(), "p-1")
		require.NoError(t, err)
		require.Len(t, history, 1)
		assert.Equal(t, dispatch.Decision{Outcome: dispatch.StateCancelled, By: "Ann", Evidence: "asked by the recipient", At: began}, history[0].Decision)
		_, err = cancel(t, d)
		require.ErrorIs(t, err, payout.ErrInvalid)
	})
	t.Run("while the request is awaited", func(t *testing.T) {
		d := opened(t, dispatch.Config{}, bank("a"))
		d.take(order("p-1"))
		d.restart()
		d.pass(time.Minute)
		assert.Equal(t, "awaiting_request", d.step("p-1").State.String())
		e, err := cancel(t, d)
		require.NoError(t, err)
		assert.Equal(t, "cancelled", e.State.String())
	})
	t.Run("after a sending of which nothing left", func(t *testing.T) {
		d := opened(t, dispatch.Config{}, bank("a").does(fails(payout.ErrNotSent)))
		d.take(order("p-1"))
		d.step("p-1")
		e, err := cancel(t, d)
		require.NoError(t, err)
		assert.Equal(t, []string{"cancelled", "unsent"}, []string{e.State.String(), e.Attempts[0].State.String()})
	})
	for name, say := range map[string]reply{
		"open": says(payout.StatusPending), "unknown": fails(payout.ErrOutcomeUnknown), "closed": says(payout.StatusFailed),
		"paid": says(payout.StatusPaid), "returned": says(payout.StatusReturned), "review": says(payout.StatusReview),
	} {
		t.Run("too late: "+name, func(t *testing.T) {
			d := opened(t, dispatch.Config{}, bank("a").does(say))
			d.take(order("p-1"))
			before := d.step("p-1")
			require.Equal(t, name, before.State.String())
			_, err := cancel(t, d)
			require.ErrorIs(t, err, payout.ErrInvalid)
			require.ErrorContains(t, err, "is a payout that is "+name)
			assert.Equal(t, before, d.load("p-1"), "nothing has changed")
		})
	}
	t.Run("while it is being sent", func(t *testing.T) {
		b := bank("a")
		d := opened(t, dispatch.Config{}, b)
		b.does(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
			_, err := cancel(t, d)
			assert.ErrorIs(t, err, payout.ErrInvalid)
			return says(payout.StatusPaid)(ctx, asked)
		})
		assert.Equal(t, "paid", d.sends("p-1", "1.00 EUR").State.String())
	})
	t.Run("just before the intent", func(t *testing.T) {
		b, j := bank("a"), &flaky{Journal: dispatch.NewMemory()}
		d := opened(t, dispatch.Config{Journal: j}, b)
		d.take(order("p-1"))
		j.set(func(call string, c dispatch.Change) error {
			if c.Event.Kind == dispatch.EventIntended {
				j.set(nil, nil)
				_, err := cancel(t, d)
				require.NoError(t, err)
			}
			return nil
		}, nil)
		_, _, err := d.Step(t.Context(), "p-1")
		require.ErrorIs(t, err, dispatch.ErrStale)
		assert.Zero(t, b.times())
		assert.Equal(t, "cancelled", d.load("p-1").State.String())
	})
	t.Run("just after somebody else did something", func(t *testing.T) {
		j := &flaky{Journal: dispatch.NewMemory()}
		d := opened(t, dispatch.Config{Journal: j}, bank("a"))
		d.take(order("p-1"))
		j.set(func(call string, c dispatch.Change) error {
			if c.Event.Kind == dispatch.EventCancelled {
				j.set(nil, nil)
				d.step("p-1")
			}
			return nil
		}, nil)
		_, err := cancel(t, d)
		require.ErrorIs(t, err, payout.ErrInvalid)
		assert.Equal(t, "paid", d.load("p-1").State.String())
	})
	t.Run("proved absent, and about to be sent again", func(t *testing.T) {
		d := opened(t, dispatch.Config{}, bank("a"))
		e := entry(planned(1))
		e.Reference, e.Attempts[0].Account = "p-1", "account-of-a"
		_, _, err := d.journal.Insert(t.Context(), e)
		require.NoError(t, err)
		_, err = cancel(t, d)
		require.ErrorIs(t, err, payout.ErrInvalid, "something was sent for it, and a person should know")
	})
	t.Run("nobody", func(t *testing.T) {
		d := opened(t, dispatch.Config{}, bank("a"))
		_, err := cancel(t, d)
		require.ErrorIs(t, err, dispatch.ErrNoEntry)
		_, err = d.Cancel(t.Context(), "p-1", "", "")
		require.ErrorIs(t, err, payout.ErrInvalid)
		require.ErrorContains(t, err, "by")
	})
}

func TestResolve(t *testing.T) {
	// parked is a payout in review: its answer was lost, and the bank never knows it.
	parked := func(t *testing.T, reviewAfter time.Duration) (*desk, *teller, *teller) {
		a, b := bank("a").does(fails(payout.ErrOutcomeUnknown)).tells(fails(payout.ErrNotFound)), bank("b")
		a.info.Absence = payout.Absence{After: time.Hour}
		d := opened(t, dispatch.Config{NextRoute: []payout.Reason{payout.ReasonUnknown}, Times: dispatch.Times{ReviewAfter: reviewAfter}}, a, b)
		d.take(order("p-1"))
		e := d.until("p-1", dispatch.StateReview)
		require.Equal(t, dispatch.ReviewDeadline, e.Review)
		return d, a, b
	}
	for _, outcome := range []dispatch.State{dispatch.StatePaid, dispatch.StateFailed, dispatch.StateReturned} {
		t.Run(outcome.String(), func(t *testing.T) {
			d, a, b := parked(t, 3*time.Hour)
			e, err := d.Resolve(t.Context(), "p-1", outcome, "statement of 22 November, line 3", "Ann")
			require.NoError(t, err)
			assert.Equal(t, outcome, e.State)
			assert.Equal(t, dispatch.Decision{Outcome: outcome, Evidence: "statement of 22 November, line 3", By: "Ann", At: d.clock.now()}, e.Decision)
			assert.Equal(t, d.load("p-1"), e)
			asked := a.questions()
			d.step("p-1")
			assert.Equal(t, asked+1, a.questions(), "asking goes on")
			assert.Equal(t, outcome, d.load("p-1").State)
			assert.Equal(t, []int{1, 0}, []int{a.times(), b.times()}, "and nothing is sent, whatever routes there are")
			_, err = d.Resolve(t.Context(), "p-1", outcome, "again", "Ann")
			require.ErrorIs(t, err, payout.ErrInvalid)
		})
	}
	t.Run("not \"failed\" before nothing of it can arrive any more", func(t *testing.T) {
		d, _, _ := parked(t, time.Minute)
		until := began.Add(10*time.Second + 90*time.Second + time.Hour)
		d.clock.at = until.Add(-1)
		_, err := d.Resolve(t.Context(), "p-1", dispatch.StateFailed, "a letter", "Ann")
		require.ErrorIs(t, err, payout.ErrInvalid)
		require.ErrorContains(t, err, "2026-11-22T11:01:40Z")
		_, err = d.Resolve(t.Context(), "p-1", dispatch.StatePaid, "a letter", "Ann")
		require.NoError(t, err, "paid it may be at any time")

		d, _, _ = parked(t, time.Minute)
		d.clock.at = until
		_, err = d.Resolve(t.Context(), "p-1", dispatch.StateFailed, "a letter", "Ann")
		require.NoError(t, err)
	})
	t.Run("\"failed\" at once if nothing was ever sent", func(t *testing.T) {
		d := opened(t, dispatch.Config{}, bank("a"))
		e := reviewed(dispatch.ReviewPoison)
		_, _, err := d.journal.Insert(t.Context(), e)
		require.NoError(t, err)
		e, err = d.Resolve(t.Context(), "p-1", dispatch.StateFailed, "it never left", "Ann")
		require.NoError(t, err)
		assert.Equal(t, "failed", e.State.String())
	})
	t.Run("the bank proves the opposite", func(t *testing.T) {
		d, a, _ := parked(t, 3*time.Hour)
		_, err := d.Resolve(t.Context(), "p-1", dispatch.StateFailed, "a letter", "Ann")
		require.NoError(t, err)
		a.tells(says(payout.StatusPaid))
		e := d.step("p-1")
		assert.Equal(t, []any{"review", dispatch.ReviewContradiction}, []any{e.State.String(), e.Review})
		assert.Equal(t, []dispatch.AlarmKind{dispatch.AlarmDeadline, dispatch.AlarmContradiction}, d.seen.heard())
		e, err = d.Resolve(t.Context(), "p-1", dispatch.StatePaid, "another letter", "Bob")
		require.NoError(t, err)
		assert.Equal(t, "paid", e.State.String())
	})
	t.Run("what it refuses", func(t *testing.T) {
		d, _, _ := parked(t, 3*time.Hour)
		d.sends("p-2", "1.00 EUR")
		for _, row := range []struct {
			name, reference string
			outcome         dispatch.State
			evidence, by    string
		}{
			{"no evidence", "p-1", dispatch.StatePaid, "", "Ann"},
			{"no name", "p-1", dispatch.StatePaid, "a letter", ""},
			{"no outcome", "p-1", dispatch.StateUnknown, "a letter", "Ann"},
			{"cancelled is no outcome", "p-1", dispatch.StateCancelled, "a letter", "Ann"},
			{"nor is planned", "p-1", dispatch.StatePlanned, "a letter", "Ann"},
			{"not in review", "p-2", dispatch.StatePaid, "a letter", "Ann"},
		} {
			before := d.load(row.reference)
			_, err := d.Resolve(t.Context(), row.reference, row.outcome, row.evidence, row.by)
			require.ErrorIs(t, err, payout.ErrInvalid, row.name)
			assert.Equal(t, before, d.load(row.reference), row.name)
		}
		_, err := d.Resolve(t.Context(), "p-9", dispatch.StatePaid, "a letter", "Ann")
		require.ErrorIs(t, err, dispatch.ErrNoEntry)
	})
	t.Run("a journal that fails", func(t *testing.T) {
		j := &flaky{Journal: dispatch.NewMemory()}
		d := opened(t, dispatch.Config{Journal: j}, bank("a").does(says(payout.StatusReview)))
		d.sends("p-1", "1.00 EUR")
		j.set(never("commit resolved"), nil)
		_, err := d.Resolve(t.Context(), "p-1", dispatch.StatePaid, "a letter", "Ann")
		require.ErrorIs(t, err, errJournal)
		j.set(once("commit resolved"), nil)
		_, err = d.Resolve(t.Context(), "p-1", dispatch.StatePaid, "a letter", "Ann")
		require.ErrorIs(t, err, errJournal)
	})
}
