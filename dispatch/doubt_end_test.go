package dispatch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func TestResolveInDoubt(t *testing.T) {
	doubtful := func(t *testing.T) *desk {
		d := opened(t, dispatch.Config{Keys: oneKey(1)}, knowing("a", payout.StatusPaid), knowing("b", payout.StatusPaid))
		d.lose()
		d.take(order("p-1"))
		assert.Equal(t, dispatch.ReviewDoubt, d.rest("p-1").Review)
		return d
	}
	for outcome, want := range map[dispatch.State]string{
		dispatch.StatePaid: "paid", dispatch.StateFailed: "failed", dispatch.StateReturned: "returned", dispatch.StatePlanned: "planned",
	} {
		t.Run(want, func(t *testing.T) {
			d := doubtful(t)
			for _, missing := range [][2]string{{"", "Ann"}, {"a list", ""}} {
				_, err := d.Resolve(t.Context(), "p-1", outcome, missing[0], missing[1])
				require.ErrorIs(t, err, payout.ErrInvalid)
			}
			e, err := d.Resolve(t.Context(), "p-1", outcome, "a list", "Ann")
			require.NoError(t, err)
			assert.Equal(t, want, e.State.String())
			assert.Empty(t, e.Inquiries)
			history, err := d.History(t.Context(), "p-1")
			require.NoError(t, err)
			assert.Equal(t, "Ann", history[len(history)-1].Decision.By)
		})
	}
	t.Run("it may be sent for as long as a new one", func(t *testing.T) {
		d := doubtful(t)
		d.pass(72 * time.Hour)
		e, err := d.Resolve(t.Context(), "p-1", dispatch.StatePlanned, "a list", "Ann")
		require.NoError(t, err)
		assert.Equal(t, d.clock.now().Add(24*time.Hour), e.SendUntil)
		assert.Equal(t, "paid", d.step("p-1").State.String())
	})
	t.Run("not while what was lost may arrive", func(t *testing.T) {
		d := doubtful(t)
		s, ok := d.journal.(*suspect)
		require.True(t, ok)
		s.doubt = dispatch.Doubt{Number: 2, Since: d.clock.now()}
		d.tend()
		for _, outcome := range []dispatch.State{dispatch.StatePlanned, dispatch.StateFailed} {
			_, err := d.Resolve(t.Context(), "p-1", outcome, "a list", "Ann")
			require.ErrorContains(t, err, "may still arrive")
		}
	})
	t.Run("planned is nothing for other reviews", func(t *testing.T) {
		d := opened(t, dispatch.Config{}, bank("a").does(says(payout.StatusReview)))
		d.take(order("p-1"))
		d.until("p-1", dispatch.StateReview)
		d.pass(time.Hour)
		_, err := d.Resolve(t.Context(), "p-1", dispatch.StatePlanned, "a list", "Ann")
		require.ErrorIs(t, err, payout.ErrInvalid)
	})
	t.Run("planned is nothing for what a bank has", func(t *testing.T) {
		d := doubtful(t)
		b := d.banks[1]
		b.does(says(payout.StatusPending)).tells(says(payout.StatusPending))
		b.sent = []payout.Request{{Reference: "p-1", Metadata: map[string]string{"payout_mark": ""}}}
		e := d.load("p-1")
		e.Attempts = []dispatch.Attempt{second(dispatch.StateOpen)}
		require.NoError(t, d.journal.Commit(t.Context(), dispatch.Change{Entry: e, Event: dispatch.Event{Kind: dispatch.EventHinted, Attempt: -1}}))
		_, err := d.Resolve(t.Context(), "p-1", dispatch.StatePlanned, "a list", "Ann")
		require.ErrorContains(t, err, "a bank has it")
	})
}

func TestDoubtEnds(t *testing.T) {
	d := opened(t, dispatch.Config{Keys: oneKey(1)}, knowing("a", payout.StatusPaid))
	s := d.lose()
	d.take(order("p-1"))
	assert.Equal(t, dispatch.ReviewDoubt, d.rest("p-1").Review)
	d.take(order("p-2"))
	d.step("p-2")
	d.take(order("p-3"))
	choices, err := d.Explain(t.Context(), order("p-3"))
	require.NoError(t, err)
	assert.Contains(t, choices[0].Why, "doubt")
	asked := d.banks[0].questions()

	s.doubt = dispatch.Doubt{}
	d.tend()
	for _, reference := range []string{"p-1", "p-2", "p-3"} {
		assert.Equal(t, "paid", d.restAnew(reference).State.String(), reference)
	}
	assert.Equal(t, []string{"doubted", "trusted", "intended", "created"}, d.happened("p-2"))
	assert.Contains(t, d.happened("p-1"), "trusted")
	assert.Equal(t, []string{"intended", "created"}, d.happened("p-3"), "as if there had never been any")
	assert.Equal(t, asked, d.banks[0].questions())
}

// restAnew is rest, from review on too.
func (d *desk) restAnew(reference string) dispatch.Entry {
	d.t.Helper()
	if d.load(reference).State == dispatch.StateReview {
		d.step(reference)
	}
	return d.rest(reference)
}

// While there is no doubt, the journal is asked about it when an epoch begins and when
// Tend is called, and at no other time.
func TestNoDoubtCostsNothing(t *testing.T) {
	s := &suspect{Journal: dispatch.NewMemory()}
	d := opened(t, dispatch.Config{Journal: s, Rates: dispatch.Rates{SendsPerSecond: 1000}}, bank("a"))
	for i := range 100 {
		reference := "p-" + string(rune('0'+i/10)) + string(rune('0'+i%10))
		d.take(order(reference))
		assert.Equal(t, "paid", d.step(reference).State.String())
	}
	assert.LessOrEqual(t, s.asked.Load(), int64(2))
	assert.Empty(t, d.seen.heard())
}

// While it waits for a person, its attempts are asked about as ever.
func TestReviewDoubtAsksAboutAttempts(t *testing.T) {
	a := bank("a").tells(fails(payout.ErrOutcomeUnknown))
	d := opened(t, dispatch.Config{Keys: oneKey(1)}, a)
	e := entry(attempt(dispatch.StateFailed))
	e.State, e.Review, e.Stopped, e.Due = dispatch.StateReview, dispatch.ReviewDoubt, false, began
	e.Attempts[0].FinalAt, e.Attempts[0].Next = began, tick
	d.lose(e)
	for range 10 {
		d.step("p-1")
	}
	history, err := d.History(t.Context(), "p-1")
	require.NoError(t, err)
	found := 0
	for _, ev := range history {
		if ev.Kind == dispatch.EventFound {
			found++
		}
	}
	assert.Positive(t, found)
	assert.Less(t, len(d.happened("p-1")), 12)
}

// A payout that waits for a person is looked at again, whatever can be asked.
func TestReviewDoubtStaysDue(t *testing.T) {
	table := map[string]func(*desk){
		"nobody could have carried it":           func(d *desk) { d.banks[0].info.Destinations = []payout.Kind{payout.Wallet{}.Kind()} },
		"its account is not configured any more": func(d *desk) {},
		"its other bank can prove something now": func(d *desk) { vouched(&d.banks[0].info) },
	}
	for name, change := range table {
		t.Run(name, func(t *testing.T) {
			a, b := knowing("a", payout.StatusPaid), knowing("b", payout.StatusPaid)
			d := opened(t, dispatch.Config{Keys: oneKey(1)}, a, b)
			s := d.lose()
			d.take(order("p-1"))
			assert.Equal(t, dispatch.ReviewDoubt, d.rest("p-1").Review)
			d.config.Providers = []*payout.Client{payout.NewClient(b)}
			d.config.Routes = []dispatch.Route{{Provider: "b"}}
			if name != "its account is not configured any more" {
				d.banks = []*teller{b}
				change(d)
				d.config.Providers = []*payout.Client{payout.NewClient(b)}
			}
			d.restart()
			for range 30 {
				before := d.clock.now()
				e := d.step("p-1")
				assert.Equal(t, dispatch.ReviewDoubt, e.Review)
				assert.False(t, e.Due.Before(before))
			}
			assert.Greater(t, d.clock.now().Sub(began), 5*time.Hour)
			s.doubt = dispatch.Doubt{}
			d.tend()
			assert.Equal(t, "planned", d.step("p-1").State.String())
		})
	}
}
