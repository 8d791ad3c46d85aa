package dispatch_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func TestStatusAndList(t *testing.T) {
	a, b := bank("a").does(says(payout.StatusPending)), bank("b")
	d := opened(t, dispatch.Config{Routes: []dispatch.Route{{Provider: "a", Match: dispatch.Match{Max: payout.MustMoney("5.00 EUR")}}, {Provider: "b", Priority: 1}}}, a, b)
	for i := range 5 {
		d.sends(fmt.Sprint("p-", i), "4.00 EUR")
		d.sends(fmt.Sprint("q-", i), "6.00 EUR")
	}
	status, err := d.Status(t.Context(), "p-3")
	require.NoError(t, err)
	assert.Equal(t, d.load("p-3"), status.Entry)
	_, err = d.Status(t.Context(), "nobody")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)

	list := func(f dispatch.Filter) (out []string) {
		entries, err := d.List(t.Context(), f)
		require.NoError(t, err)
		for _, e := range entries {
			out = append(out, e.Reference)
		}
		return out
	}
	assert.Equal(t, []string{"p-0", "p-1", "p-2", "p-3", "p-4"}, list(dispatch.Filter{States: []dispatch.State{dispatch.StateOpen}}))
	assert.Equal(t, []string{"q-0", "q-1"}, list(dispatch.Filter{Provider: "b", Limit: 2}))
	assert.Equal(t, []string{"q-2", "q-3", "q-4"}, list(dispatch.Filter{After: "q-1"}))
	assert.Len(t, list(dispatch.Filter{}), 10)
}

// Unfinished payouts at an account that is not configured are an alarm at start, and
// nobody asks or sends about them elsewhere.
func TestAccountMissing(t *testing.T) {
	a, b := bank("a"), bank("b")
	d := opened(t, dispatch.Config{}, a, b)
	a.does(says(payout.StatusPending), fails(payout.ErrOutcomeUnknown), says(payout.StatusPaid), fails(payout.ErrNotSent), says(payout.StatusFailed))
	for i, want := range []string{"open", "unknown", "paid", "planned", "closed"} {
		assert.Equal(t, want, d.sends(fmt.Sprint("p-", i), "1.00 EUR").State.String())
	}
	orphans, err := d.Start(t.Context())
	require.NoError(t, err)
	assert.Zero(t, orphans)
	assert.Empty(t, d.seen.heard())

	d.config.Providers, d.config.Routes = d.config.Providers[1:], d.config.Routes[1:]
	d.restart()
	orphans, err = d.Start(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 4, orphans, "what is paid is none")
	var alarms []string
	for _, alarm := range d.seen.alarms {
		assert.Equal(t, []any{dispatch.AlarmAccount, "a", 0}, []any{alarm.Kind, alarm.Provider, alarm.Attempt})
		alarms = append(alarms, alarm.Reference)
	}
	assert.Equal(t, []string{"p-0", "p-1", "p-3", "p-4"}, alarms)

	asked, questions := a.questions(), b.questions()
	for range 5 {
		d.step("p-1")
	}
	assert.Equal(t, []int{asked, questions}, []int{a.questions(), b.questions()})
	assert.Equal(t, 5, d.load("p-1").Attempts[0].Errors)
	assert.Len(t, d.seen.alarms, 9, "each look is an alarm")
	e := d.until("p-1", dispatch.StateReview)
	assert.Equal(t, dispatch.ReviewDeadline, e.Review)

	assert.Equal(t, "unknown", d.load("p-1").Attempts[0].State.String())
	t.Run("what a person has decided is an alarm when it is to be asked about", func(t *testing.T) {
		_, err := d.Resolve(t.Context(), "p-1", dispatch.StatePaid, "statement, line 3", "Änne")
		require.NoError(t, err)
		orphans, err := d.Start(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 3, orphans)
		before := len(d.seen.alarms)
		d.clock.at = d.load("p-1").Due
		d.step("p-1")
		require.Len(t, d.seen.alarms, before+1)
		assert.Equal(t, dispatch.AlarmAccount, d.seen.alarms[before].Kind)
		assert.Equal(t, "p-1", d.seen.alarms[before].Reference)
	})
	t.Run("what was never sent there goes elsewhere", func(t *testing.T) {
		req := order("p-3")
		req.Amount = payout.MustMoney("1.00 EUR")
		d := opened(t, dispatch.Config{Journal: d.journal}, b)
		d.clock.at = began.Add(time.Minute)
		d.take(req)
		assert.Equal(t, "b", d.until("p-3", dispatch.StatePaid).Attempts[1].Provider)
	})

	t.Run("more payouts than a page", func(t *testing.T) {
		d := opened(t, dispatch.Config{}, bank("a").does(says(payout.StatusPending)))
		d.config.Rates.SendsPerSecond = 1e6
		d.restart()
		for i := range 1005 {
			d.sends(fmt.Sprintf("p-%04d", i), "1.00 EUR")
		}
		d.config.Providers, d.config.Routes = []*payout.Client{payout.NewClient(bank("z"))}, []dispatch.Route{{Provider: "z"}}
		d.restart()
		orphans, err := d.Start(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 1005, orphans)
	})
}

// A proof at an account that is not configured: none.
func TestAccountMissingProvesNothing(t *testing.T) {
	d := opened(t, dispatch.Config{}, bank("z"))
	e := entry(attempt(dispatch.StateUnknown))
	_, _, err := d.journal.Insert(t.Context(), e)
	require.NoError(t, err)
	for range 20 {
		d.step("p-1")
	}
	assert.NotEqual(t, "failed", d.load("p-1").State.String())
}

func TestCallback(t *testing.T) {
	call := func(t *testing.T, d *desk, provider, reference string) int {
		t.Helper()
		w := httptest.NewRecorder()
		d.Callback(provider).ServeHTTP(w, callbackOf(reference))
		assert.NotContains(t, w.Body.String(), reference)
		return w.Code
	}
	open := func(t *testing.T) (*desk, *teller, *flaky) {
		b, j := bank("a").does(says(payout.StatusPending)).tells(says(payout.StatusPending)), &flaky{Journal: dispatch.NewMemory()}
		d := opened(t, dispatch.Config{Journal: j}, b, bank("b"))
		d.sends("p-1", "1.00 EUR")
		d.step("p-1")
		return d, b, j
	}
	t.Run("of a payout: asked about soon, and no more", func(t *testing.T) {
		d, b, _ := open(t)
		due := d.load("p-1").Due
		assert.True(t, due.After(d.clock.now()))
		assert.Equal(t, http.StatusOK, call(t, d, "a", "p-1"))
		e := d.load("p-1")
		assert.Equal(t, []any{"open", d.clock.now()}, []any{e.State.String(), e.Due})
		assert.Equal(t, 1, b.questions(), "it does not ask by itself")
		for range 10 { // repeated
			assert.Equal(t, http.StatusOK, call(t, d, "a", "p-1"))
		}
		assert.Equal(t, e, d.load("p-1"), "one hint is enough")
		b.tells(says(payout.StatusPaid))
		assert.Equal(t, "paid", d.step("p-1").State.String())
		assert.Equal(t, http.StatusOK, call(t, d, "a", "p-1"))
		d.step("p-1")
		assert.Equal(t, 3, b.questions(), "also about one that is final")
		assert.True(t, d.load("p-1").Due.After(d.clock.now().Add(50*time.Minute)), "and then as sparsely as before")
	})
	t.Run("of nobody: 200, and nothing happens", func(t *testing.T) {
		d, b, _ := open(t)
		before := d.load("p-1")
		assert.Equal(t, http.StatusOK, call(t, d, "a", "p-9"))
		assert.Equal(t, http.StatusOK, call(t, d, "b", "p-1"), "another bank's reference")
		assert.Equal(t, before, d.load("p-1"))
		assert.Equal(t, 1, b.questions())
	})
	t.Run("of one that is being sent: its worker will say", func(t *testing.T) {
		b := bank("a")
		d := opened(t, dispatch.Config{}, b)
		b.does(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
			before := d.load("p-1")
			assert.Equal(t, http.StatusOK, call(t, d, "a", "p-1"))
			assert.Equal(t, before, d.load("p-1"))
			return says(payout.StatusPaid)(ctx, asked)
		})
		assert.Equal(t, "paid", d.sends("p-1", "1.00 EUR").State.String())
	})
	t.Run("of one that was not sent: nothing", func(t *testing.T) {
		d := opened(t, dispatch.Config{}, bank("a").does(fails(payout.ErrNotSent)))
		before := d.sends("p-1", "1.00 EUR")
		assert.Equal(t, http.StatusOK, call(t, d, "a", "p-1"))
		assert.Equal(t, before, d.load("p-1"))
	})
	t.Run("of a later attempt, by its own reference", func(t *testing.T) {
		a, b := bank("a").does(says(payout.StatusFailed)).tells(says(payout.StatusFailed)), bank("b").does(says(payout.StatusPending))
		d := opened(t, dispatch.Config{}, a, b)
		d.take(order("p-1"))
		e := d.until("p-1", dispatch.StateOpen)
		assert.Equal(t, http.StatusOK, call(t, d, "b", e.Attempts[1].Reference))
		e = d.load("p-1")
		assert.Equal(t, d.clock.now(), e.Attempts[1].Next)
		assert.NotEqual(t, d.clock.now(), e.Attempts[0].Next)
	})
	t.Run("that does not prove where it is from", func(t *testing.T) {
		d, b, _ := open(t)
		before := d.load("p-1")
		for err, code := range map[error]int{
			&payout.Error{Kind: payout.ErrUnauthorized}:   http.StatusForbidden,
			&payout.Error{Kind: payout.ErrInvalid}:        http.StatusBadRequest,
			&payout.Error{Kind: payout.ErrOutcomeUnknown}: http.StatusServiceUnavailable,
		} {
			b.signed = err
			assert.Equal(t, code, call(t, d, "a", "p-1"))
		}
		b.signed = nil
		assert.Equal(t, http.StatusBadRequest, call(t, d, "a", "p%201"), "no reference")
		assert.Equal(t, before, d.load("p-1"))
	})
	t.Run("of a provider that has none, or that is not there", func(t *testing.T) {
		d, b, _ := open(t)
		assert.Equal(t, http.StatusNotFound, call(t, d, "z", "p-1"))
		b.info.Off = []payout.Ability{payout.AbilityCallback}
		d = opened(t, dispatch.Config{}, b)
		assert.Equal(t, http.StatusNotFound, call(t, d, "a", "p-1"))
	})
	t.Run("the journal fails: the bank shall try again", func(t *testing.T) {
		for _, fault := range []string{"find attempt", "commit hinted"} {
			d, _, j := open(t)
			j.set(never(fault), nil)
			assert.Equal(t, http.StatusServiceUnavailable, call(t, d, "a", "p-1"))
			j.set(nil, nil)
			assert.Equal(t, http.StatusOK, call(t, d, "a", "p-1"))
			assert.Equal(t, d.clock.now(), d.load("p-1").Due)
		}
	})
	t.Run("somebody else was faster: once more", func(t *testing.T) {
		d, _, j := open(t)
		j.set(func(call string, c dispatch.Change) error {
			if c.Event.Kind == dispatch.EventHinted {
				j.set(nil, nil)
				return dispatch.ErrStale
			}
			return nil
		}, nil)
		assert.Equal(t, http.StatusOK, call(t, d, "a", "p-1"))
		assert.Equal(t, d.clock.now(), d.load("p-1").Due)
	})
	t.Run("many at once", func(t *testing.T) {
		d, _, _ := open(t)
		version := d.load("p-1").Version
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() { assert.Equal(t, http.StatusOK, call(t, d, "a", "p-1")) })
		}
		wg.Wait()
		assert.Equal(t, version+1, d.load("p-1").Version, "one commit")
	})
}
