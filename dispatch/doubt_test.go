package dispatch_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// suspect is a journal that may be in doubt.
type suspect struct {
	dispatch.Journal
	doubt dispatch.Doubt
	asked atomic.Int64
	fails error
}

func (s *suspect) Doubt(context.Context) (dispatch.Doubt, error) {
	s.asked.Add(1)
	return s.doubt, s.fails
}

// knowing has a bank find what was sent to it and nothing else.
func knowing(name string, status payout.Status, more ...func(*payout.Info)) *teller {
	b := bank(name)
	for _, m := range more {
		m(&b.info)
	}
	return b.does(says(status)).tells(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
		for _, reference := range b.references() {
			if reference == asked.Reference {
				return says(status)(ctx, asked)
			}
		}
		return payout.Payout{}, &payout.Error{Kind: payout.ErrNotFound}
	})
}

// vouched: "not found" proves something five minutes later, said twice.
func vouched(i *payout.Info) {
	i.Absence = payout.Absence{Proves: true, After: 5 * time.Minute, Times: 2, Evidence: "a test"}
}

// lose puts another journal in the place of the desk's, in doubt from now on: an empty
// one, or an older copy with these entries.
func (d *desk) lose(entries ...dispatch.Entry) *suspect {
	d.t.Helper()
	m := dispatch.NewMemory()
	for _, e := range entries {
		_, _, err := m.Insert(context.Background(), e)
		require.NoError(d.t, err)
	}
	s := &suspect{Journal: m, doubt: dispatch.Doubt{Number: 1, Since: d.clock.now(), Why: "a test"}}
	d.journal, d.config.Journal = s, s
	d.restart()
	return s
}

// oneKey are keys of one version.
func oneKey(version uint32) dispatch.Keys {
	return dispatch.Keys{Current: version, Versions: map[uint32]payout.Secret{version: testKeys.Versions[version]}}
}

// rest steps until nothing is to be done for a payout for an hour, or it is somewhere else
// than planned.
func (d *desk) rest(reference string) dispatch.Entry {
	d.t.Helper()
	for range 400 {
		e := d.load(reference)
		if e.State != dispatch.StatePlanned && e.State != dispatch.StateAwaiting {
			return e
		}
		d.clock.set(e.Due)
		next, _, err := d.Step(d.t.Context(), reference)
		require.NoError(d.t, err)
		d.clock.set(next)
	}
	d.t.Fatalf("%s does not come to rest", reference)
	return dispatch.Entry{}
}

func (b *teller) askedAbout() (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ref := range b.asked {
		out = append(out, ref.Reference)
	}
	return out
}

func TestDoubtFindsWhatWasSent(t *testing.T) {
	t.Run("under its own reference", func(t *testing.T) {
		a := knowing("a", payout.StatusPaid)
		d := opened(t, dispatch.Config{}, a)
		d.take(order("p-1"))
		before := d.until("p-1", dispatch.StatePaid)
		d.pass(time.Hour)
		d.lose()
		d.take(order("p-1"))
		e := d.rest("p-1")
		assert.Equal(t, "paid", e.State.String())
		require.Len(t, e.Attempts, 1)
		assert.Equal(t, []any{"account-of-a", "p-1", 1, 0}, []any{e.Attempts[0].Account, e.Attempts[0].Reference, e.Attempts[0].Transmissions, e.Attempts[0].Tries})
		assert.Equal(t, before.Attempts[0].Mark, e.Attempts[0].Mark)
		assert.Equal(t, []string{"doubted", "checked"}, d.happened("p-1"))
		assert.Equal(t, []string{"p-1"}, a.references(), "nothing was sent again")
		assert.Equal(t, []dispatch.AlarmKind{dispatch.AlarmDoubt}, d.seen.heard())
		assert.Empty(t, e.Inquiries)
	})
	t.Run("under a derived one, at the second bank", func(t *testing.T) {
		a, b := knowing("a", payout.StatusFailed), knowing("b", payout.StatusPaid)
		d := opened(t, dispatch.Config{}, a, b)
		d.take(order("p-1"))
		before := d.until("p-1", dispatch.StatePaid)
		d.pass(time.Hour)
		d.lose()
		d.take(order("p-1"))
		e := d.rest("p-1")
		for e.State == dispatch.StateClosed { // the failed one was found first
			d.step("p-1")
			e = d.rest("p-1")
		}
		assert.Equal(t, "paid", e.State.String())
		last := e.Attempts[len(e.Attempts)-1]
		assert.Equal(t, []string{"b", before.Attempts[1].Reference, before.Attempts[1].Mark}, []string{last.Provider, last.Reference, last.Mark})
		assert.Equal(t, []int{1, 1}, []int{a.times(), b.times()})
	})
	t.Run("at a bank that no route names any more", func(t *testing.T) {
		a, b := knowing("a", payout.StatusPending), knowing("b", payout.StatusPaid)
		d := opened(t, dispatch.Config{}, a, b)
		d.take(order("p-1"))
		d.until("p-1", dispatch.StateOpen)
		d.config.Routes = []dispatch.Route{{Provider: "b"}}
		d.pass(time.Hour)
		d.lose()
		d.take(order("p-1"))
		assert.Equal(t, "open", d.rest("p-1").State.String())
		assert.Zero(t, b.times())
	})
	t.Run("when it was made with a key that is not the current one any more", func(t *testing.T) {
		a, b := knowing("a", payout.StatusFailed), knowing("b", payout.StatusPaid)
		d := opened(t, dispatch.Config{Keys: dispatch.Keys{Current: 1, Versions: testKeys.Versions}}, a, b)
		d.take(order("p-1"))
		before := d.until("p-1", dispatch.StatePaid)
		d.config.Keys = testKeys
		d.pass(time.Hour)
		d.lose()
		d.take(order("p-1"))
		e := d.rest("p-1")
		for e.State == dispatch.StateClosed {
			d.step("p-1")
			e = d.rest("p-1")
		}
		assert.Equal(t, "paid", e.State.String(), "%v", d.happened("p-1"))
		assert.Equal(t, uint32(2), e.Fingerprint.Version)
		assert.Equal(t, before.Attempts[1].Reference, e.Attempts[len(e.Attempts)-1].Reference)
		assert.Equal(t, []int{1, 1}, []int{a.times(), b.times()})
	})
	t.Run("of a payout that it knows in an older state", func(t *testing.T) {
		a, b := knowing("a", payout.StatusFailed), knowing("b", payout.StatusPaid)
		d := opened(t, dispatch.Config{}, a, b)
		d.take(order("p-1"))
		old := d.step("p-1")
		assert.Equal(t, "closed", old.State.String())
		d.until("p-1", dispatch.StatePaid)
		d.pass(time.Hour)
		d.lose(old)
		d.take(order("p-1"))
		d.step("p-1") // the bank agrees: failed
		assert.Equal(t, "paid", d.rest("p-1").State.String())
		assert.Equal(t, []int{1, 1}, []int{a.times(), b.times()})
	})
	t.Run("but not somebody else's order", func(t *testing.T) {
		a := knowing("a", payout.StatusPaid)
		d := opened(t, dispatch.Config{}, a)
		a.sent = []payout.Request{{Reference: "p-1", Metadata: map[string]string{"payout_mark": "another"}}}
		d.lose()
		d.take(order("p-1"))
		e := d.rest("p-1")
		assert.Equal(t, []any{"review", dispatch.ReviewStranger}, []any{e.State.String(), e.Review})
		assert.Empty(t, e.Attempts)
		assert.Equal(t, 1, a.times())
	})
}

func TestDoubtAsks(t *testing.T) {
	t.Run("each account about each reference, one a step", func(t *testing.T) {
		a, b, c := knowing("a", payout.StatusPaid), knowing("b", payout.StatusPaid), knowing("c", payout.StatusPaid)
		c.info.Destinations = []payout.Kind{payout.Wallet{}.Kind()}
		d := opened(t, dispatch.Config{Keys: oneKey(1), MaxAttempts: 4}, a, b, c)
		d.lose()
		d.take(order("p-1"))
		before := 0
		for d.load("p-1").State == dispatch.StatePlanned {
			d.step("p-1")
			now := a.questions() + b.questions()
			assert.LessOrEqual(t, now-before, 1)
			before = now
		}
		assert.Len(t, a.askedAbout(), 4, "its own reference and three")
		assert.Equal(t, "p-1", a.askedAbout()[0])
		assert.Equal(t, a.askedAbout(), b.askedAbout())
		assert.Empty(t, c.askedAbout(), "it pays to wallets only")
		assert.Zero(t, a.times()+b.times())
		e := d.load("p-1")
		assert.Equal(t, []any{"review", dispatch.ReviewDoubt}, []any{e.State.String(), e.Review}, "they can't prove it")
		assert.Equal(t, []dispatch.AlarmKind{dispatch.AlarmDoubt, dispatch.AlarmDoubt}, d.seen.heard())
	})
	t.Run("not before everything that was lost has arrived", func(t *testing.T) {
		a := knowing("a", payout.StatusPaid, vouched)
		d := opened(t, dispatch.Config{}, a)
		d.lose()
		d.take(order("p-1"))
		d.step("p-1")
		// 10 s window, 90 s call, 5 min of the bank's
		assert.Equal(t, began.Add(10*time.Second+90*time.Second+5*time.Minute), d.load("p-1").Due)
		_, _, err := d.Step(t.Context(), "p-1")
		require.NoError(t, err)
		assert.Zero(t, a.questions())
	})
	t.Run("on after a restart, where it was", func(t *testing.T) {
		a := knowing("a", payout.StatusPaid)
		d := opened(t, dispatch.Config{Keys: oneKey(1)}, a)
		d.lose()
		d.take(order("p-1"))
		for range 3 { // the beginning, and two questions of three
			d.step("p-1")
		}
		d.restart()
		d.step("p-1")
		asked := a.askedAbout()
		require.Len(t, asked, 3)
		assert.NotEqual(t, asked[0], asked[1])
		assert.NotEqual(t, asked[1], asked[2])
	})
	t.Run("again what brought no answer, until the deadline", func(t *testing.T) {
		a := bank("a").tells(fails(payout.ErrOutcomeUnknown))
		vouched(&a.info)
		d := opened(t, dispatch.Config{Times: dispatch.Times{ReviewAfter: 2 * time.Hour}}, a)
		d.lose()
		d.take(order("p-1"))
		e := d.rest("p-1")
		assert.Equal(t, dispatch.ReviewDoubt, e.Review)
		assert.Greater(t, a.questions(), 2)
		for _, reference := range a.askedAbout() {
			assert.Equal(t, "p-1", reference)
		}
		assert.GreaterOrEqual(t, d.clock.now().Sub(began), 2*time.Hour)
	})
	t.Run("nothing about what is sent again to a bank that keeps one order a reference", func(t *testing.T) {
		a := knowing("a", payout.StatusPaid)
		a.info.Dedup = payout.DedupRefuses
		d := opened(t, dispatch.Config{}, a)
		d.take(order("p-1"))
		again := d.load("p-1")
		again.Attempts, again.Due = []dispatch.Attempt{attempt(dispatch.StatePlanned)}, tick
		d.lose(again)
		d.take(order("p-1"))
		d.step("p-1")
		assert.Equal(t, []int{1, 0}, []int{a.times(), a.questions()})
	})
	t.Run("before it says that something was never sent", func(t *testing.T) {
		a := knowing("a", payout.StatusPaid)
		d := opened(t, dispatch.Config{}, a)
		d.take(order("p-1"))
		old := d.load("p-1")
		d.until("p-1", dispatch.StatePaid)
		d.pass(48 * time.Hour)
		d.lose(old)
		assert.Equal(t, "paid", d.rest("p-1").State.String(), "its time to be sent has passed, but not unsent")
		_, err := d.Cancel(t.Context(), "p-1", "Ann", "")
		require.ErrorIs(t, err, payout.ErrInvalid)
	})
	t.Run("nobody whose journal can't say", func(t *testing.T) {
		a := knowing("a", payout.StatusPaid)
		d := opened(t, dispatch.Config{}, a)
		s := d.lose()
		s.fails = errJournal
		d.take(order("p-1"))
		_, _, err := d.Step(t.Context(), "p-1")
		require.ErrorIs(t, err, errJournal)
		_, err = d.Tend(t.Context())
		require.ErrorIs(t, err, errJournal)
		_, err = d.Explain(t.Context(), order("p-1"))
		require.ErrorIs(t, err, errJournal)
		assert.Zero(t, a.times()+a.questions())
	})
}

// What nobody can prove a person says; what is shown then proves the rest.
func TestDoubtIsCleared(t *testing.T) {
	a := knowing("a", payout.StatusPaid, vouched)
	d := opened(t, dispatch.Config{Times: dispatch.Times{ReviewAfter: 2 * time.Hour}}, a)
	d.lose()
	d.take(order("p-1"))
	e := d.rest("p-1")
	assert.Equal(t, dispatch.ReviewDoubt, e.Review, "no later order shows that the bank's search works")
	d.take(order("p-2"))
	d.step("p-2")
	e, err := d.Resolve(t.Context(), "p-1", dispatch.StatePlanned, "not in the bank's list", "Ann")
	require.NoError(t, err)
	assert.Equal(t, []any{"planned", int64(1), true}, []any{e.State.String(), e.Checked, e.Decision.IsZero()})
	d.take(order("p-1"))
	assert.Equal(t, "paid", d.step("p-1").State.String())
	d.pass(time.Hour)
	d.step("p-1") // shown by the patrol
	e = d.rest("p-2")
	assert.Equal(t, "paid", e.State.String(), "%v", d.happened("p-2"))
	assert.Equal(t, int64(1), e.Checked)
	assert.NotContains(t, d.happened("p-2"), "unproved")
	assert.Equal(t, []string{"p-1", "p-2"}, a.references())
	// It is not asked about again in the same doubt, but in the next.
	s, ok := d.journal.(*suspect)
	require.True(t, ok)
	s.doubt.Number, s.doubt.Since = 2, d.clock.now()
	d.take(order("p-3"))
	d.tend()
	d.step("p-3")
	assert.Equal(t, []string{"doubted"}, d.happened("p-3"))
}

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
