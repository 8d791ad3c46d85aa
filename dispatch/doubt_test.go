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
