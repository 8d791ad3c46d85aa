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

// What leaves for a bank is the request, under the attempt's reference and with its
// mark; the intent is in the journal by then.
func TestSent(t *testing.T) {
	b := bank("a")
	d := opened(t, dispatch.Config{}, b)
	var before dispatch.Entry
	b.does(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
		before = d.load("p-1")
		deadline, ok := ctx.Deadline()
		assert.True(t, ok)
		assert.WithinDuration(t, time.Now().Add(90*time.Second), deadline, 5*time.Second)
		return says(payout.StatusPaid)(ctx, asked)
	})
	req := order("p-1")
	req.Metadata = map[string]string{"order": "1"}
	d.take(req)
	e := d.step("p-1")
	assert.Equal(t, "sending", before.State.String())
	a := before.Attempts[0]
	assert.Equal(t, []any{began, began.Add(10 * time.Second), int64(1), int64(1)}, []any{a.IntentAt, a.SendBefore, a.Epoch, a.Intent})
	assert.Equal(t, []string{"a", "a", "account-of-a", "p-1"}, []string{a.Route, a.Provider, a.Account, a.Reference})
	assert.Equal(t, map[string]string{"order": "1", "payout_mark": a.Mark}, b.last().Metadata)
	assert.Regexp(t, "^[0-9a-f]{16}$", a.Mark)
	assert.Equal(t, map[string]string{"order": "1"}, req.Metadata, "the caller's own is as it was")
	assert.Equal(t, "paid", e.State.String())
	assert.Equal(t, []dispatch.Moved{
		{Reference: "p-1", Event: dispatch.EventIntended, From: dispatch.StatePlanned, To: dispatch.StateSending, Provider: "a", Route: "a", Amount: e.Amount, At: began},
		{Reference: "p-1", Event: dispatch.EventCreated, From: dispatch.StateSending, To: dispatch.StatePaid, Provider: "a", Route: "a", Amount: e.Amount, At: began},
	}, d.seen.moved)
	assert.Equal(t, []dispatch.Stepped{{State: dispatch.StatePaid, Work: dispatch.Send}}, d.seen.steps)
}

// slow is a bank that takes its time to connect, and asks then whether it may send.
func slow(d **desk, takes time.Duration) reply {
	return func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
		(*d).pass(takes)
		if !payout.SendPermitted(ctx) {
			return payout.Payout{}, &payout.Error{Kind: payout.ErrNotSent}
		}
		return says(payout.StatusPaid)(ctx, asked)
	}
}

// Nothing leaves after the window: the clock is read when the connection is up.
func TestSendWindow(t *testing.T) {
	for _, row := range []struct {
		takes time.Duration
		state string
	}{{10 * time.Second, "paid"}, {10*time.Second + 1, "planned"}} {
		var d *desk
		b := bank("a").does(slow(&d, row.takes))
		b.unsafe = true // the reply asks
		d = opened(t, dispatch.Config{Rates: dispatch.Rates{Breaks: 1}}, b)
		e := d.sends("p-1", "1.00 EUR")
		assert.Equal(t, row.state, e.State.String(), "%s", row.takes)
		if row.state == "planned" {
			assert.Zero(t, e.Attempts[0].Transmissions)
			assert.Equal(t, map[string]string{"a": "the provider can't be reached"}, d.why(order("p-2")), "a bank that takes so long to connect is not well")
		}
	}
	t.Run("as configured", func(t *testing.T) {
		var d *desk
		b := bank("a").does(slow(&d, time.Minute))
		b.unsafe = true
		d = opened(t, dispatch.Config{Times: dispatch.Times{SendWindow: time.Minute}}, b)
		assert.Equal(t, "paid", d.sends("p-1", "1.00 EUR").State.String())
	})
}

// Nothing leaves once the epoch has ended or the caller has gone; what had left by then
// is recorded.
func TestSendPermit(t *testing.T) {
	t.Run("another commit fails while the connection is made", func(t *testing.T) {
		j := &flaky{Journal: dispatch.NewMemory()}
		b := bank("a")
		b.unsafe = true
		d := opened(t, dispatch.Config{Journal: j}, b)
		d.take(order("p-2"))
		permitted := []bool{}
		b.does(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
			if asked.Reference == "p-1" && len(permitted) == 0 {
				j.set(once("commit intended"), nil)
				_, _, err := d.Step(t.Context(), "p-2")
				require.ErrorIs(t, err, errJournal)
			}
			permitted = append(permitted, payout.SendPermitted(ctx))
			if !permitted[len(permitted)-1] {
				return payout.Payout{}, &payout.Error{Kind: payout.ErrNotSent}
			}
			return says(payout.StatusPaid)(ctx, asked)
		})
		assert.Equal(t, "planned", d.sends("p-1", "1.00 EUR").State.String())
		e := d.step("p-1")
		assert.Equal(t, "paid", e.State.String())
		assert.Equal(t, []bool{false, true}, permitted)
		assert.Equal(t, int64(2), e.Attempts[0].Epoch)
	})
	t.Run("the caller goes before", func(t *testing.T) {
		b := bank("a")
		b.unsafe = true
		d := opened(t, dispatch.Config{}, b)
		ctx, cancel := context.WithCancel(t.Context())
		b.does(func(call context.Context, asked payout.Ref) (payout.Payout, error) {
			cancel()
			assert.NoError(t, call.Err(), "the call itself goes on")
			if !payout.SendPermitted(call) {
				return payout.Payout{}, &payout.Error{Kind: payout.ErrNotSent}
			}
			return says(payout.StatusPaid)(call, asked)
		})
		d.take(order("p-1"))
		_, _, err := d.Step(ctx, "p-1")
		require.NoError(t, err)
		assert.Equal(t, "planned", d.load("p-1").State.String())
	})
	t.Run("the caller goes after", func(t *testing.T) {
		b := bank("a")
		d := opened(t, dispatch.Config{}, b)
		ctx, cancel := context.WithCancel(t.Context())
		b.does(func(call context.Context, asked payout.Ref) (payout.Payout, error) {
			cancel()
			return says(payout.StatusPaid)(call, asked)
		})
		d.take(order("p-1"))
		_, _, err := d.Step(ctx, "p-1")
		require.NoError(t, err)
		assert.Equal(t, "paid", d.load("p-1").State.String())
	})
}

// A panic in an adapter says nothing about the payout; nothing of it is shown.
func TestPanicInProvider(t *testing.T) {
	b := bank("a").does(panics).tells(panics, panics, says(payout.StatusPaid))
	d := opened(t, dispatch.Config{}, b)
	d.take(order("p-1"))
	e := d.step("p-1")
	assert.Equal(t, "unknown", e.State.String())
	e = d.step("p-1")
	assert.Equal(t, []any{"unknown", 1, 0}, []any{e.State.String(), e.Attempts[0].Errors, e.Strikes})
	d.step("p-1")
	assert.Equal(t, "paid", d.step("p-1").State.String())
}

// A step that panics elsewhere is a strike, and at last the payout is parked; the
// others go on.
func TestPanicInStep(t *testing.T) {
	j := &flaky{Journal: dispatch.NewMemory()}
	d := opened(t, dispatch.Config{Journal: j}, bank("a"))
	d.take(order("p-1"))
	j.set(func(call string, c dispatch.Change) error {
		if call == "commit" && c.Entry.Reference == "p-1" && c.Event.Kind == dispatch.EventIntended {
			panic("4111111111111111 must not be seen")
		}
		return nil
	}, nil)
	for i := range 5 {
		e := d.load("p-1")
		assert.Equal(t, i, e.Strikes)
		d.clock.set(e.Due)
		next, done, err := d.Step(t.Context(), "p-1")
		require.ErrorContains(t, err, "panicked")
		assert.NotContains(t, err.Error(), "4111")
		assert.False(t, done)
		assert.Equal(t, d.load("p-1").Due, next)
	}
	e := d.load("p-1")
	assert.Equal(t, []any{"review", dispatch.ReviewPoison}, []any{e.State.String(), e.Review})
	assert.Equal(t, []dispatch.AlarmKind{dispatch.AlarmPoison}, d.seen.heard())
	assert.Equal(t, "paid", d.sends("p-2", "1.00 EUR").State.String())
}

// An intent whose worker has died is asked about, once no byte of it can leave any more.
func TestIntentOfTheDead(t *testing.T) {
	b := bank("a").tells(says(payout.StatusPaid))
	j := &flaky{Journal: dispatch.NewMemory()}
	d := opened(t, dispatch.Config{Journal: j}, b)
	d.take(order("p-1"))
	j.set(never("commit created"), nil) // its worker says nothing any more
	_, _, err := d.Step(t.Context(), "p-1")
	require.ErrorIs(t, err, errJournal)
	assert.Equal(t, []dispatch.AlarmKind{dispatch.AlarmUnrecorded}, d.seen.heard())
	j.set(nil, nil)
	d.restart()
	e := d.load("p-1")
	assert.Equal(t, "sending", e.State.String())
	assert.Equal(t, began.Add(10*time.Second+90*time.Second), e.Due, "the window, and a call")
	next, _, err := d.Step(t.Context(), "p-1")
	require.NoError(t, err)
	assert.Equal(t, e.Due, next, "not before")
	assert.Zero(t, b.questions())
	assert.Equal(t, "unknown", d.step("p-1").State.String())
	assert.Equal(t, "paid", d.step("p-1").State.String())
	assert.Equal(t, []string{"intended", "aged", "found"}, d.happened("p-1"))
	assert.Equal(t, 1, b.times())
}

// A worker that was slow, not dead: what it brings is evidence, and a reason to ask.
func TestIntentOfTheSlow(t *testing.T) {
	b := bank("a").tells(fails(payout.ErrNotFound))
	d := opened(t, dispatch.Config{}, b)
	other := d.another()
	b.does(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
		other.step("p-1") // aged
		assert.Equal(t, "unknown", other.step("p-1").State.String())
		return says(payout.StatusFailed)(ctx, asked)
	})
	d.take(order("p-1"))
	_, _, err := d.Step(t.Context(), "p-1")
	require.NoError(t, err)
	e := d.load("p-1")
	assert.Equal(t, []string{"intended", "aged", "found", "late"}, d.happened("p-1"))
	assert.Equal(t, "unknown", e.State.String())
	assert.Equal(t, d.clock.now(), e.Due, "it is asked about now")
}

// Two steps at once: one sends, the other is told that it was too late.
func TestTwoStepsAtOnce(t *testing.T) {
	b := bank("a")
	j := &flaky{Journal: dispatch.NewMemory()}
	d := opened(t, dispatch.Config{Journal: j}, b)
	other := d.another()
	d.take(order("p-1"))
	other.take(order("p-1"))
	j.set(func(call string, c dispatch.Change) error {
		if c.Event.Kind == dispatch.EventIntended {
			j.set(nil, nil)
			other.step("p-1")
		}
		return nil
	}, nil)
	next, done, err := d.Step(t.Context(), "p-1")
	require.ErrorIs(t, err, dispatch.ErrStale)
	assert.False(t, done)
	assert.Equal(t, d.clock.now(), next, "at once")
	assert.Equal(t, 1, b.times())
	assert.Equal(t, "paid", d.load("p-1").State.String())
	_, done, err = d.Step(t.Context(), "p-1")
	require.NoError(t, err)
	assert.False(t, done, "it is asked about later")
}

// Each provider is sent to at its own rate.
func TestSendRate(t *testing.T) {
	b := bank("a")
	d := opened(t, dispatch.Config{Rates: dispatch.Rates{SendsPerSecond: 2}}, b)
	d.sends("a", "1.00 EUR")
	d.sends("b", "1.00 EUR")
	for i, reference := range []string{"c", "d", "e"} {
		d.take(order(reference))
		next, done, err := d.Step(t.Context(), reference)
		require.NoError(t, err)
		assert.False(t, done)
		assert.Equal(t, began.Add(time.Duration(i+1)*500*time.Millisecond), next, "each is to come at a time of its own")
		assert.Empty(t, d.happened(reference), "nothing is written for that")
	}
	assert.Equal(t, 2, b.times())
	for range 100 {
		next, _, err := d.Step(t.Context(), "e")
		require.NoError(t, err)
		assert.LessOrEqual(t, next.Sub(began), 5*time.Second, "and none too far ahead")
	}
	d.pass(500 * time.Millisecond)
	d.Step(t.Context(), "c")
	assert.Equal(t, "paid", d.load("c").State.String())
}

// A reference of the bank's is never used twice: each attempt but the first has a
// derived one, which fits everywhere and does not depend on case.
func TestReferences(t *testing.T) {
	short := func(name string) *teller {
		b := bank(name).does(says(payout.StatusFailed)).tells(says(payout.StatusFailed))
		b.info.Reference.Max = 32
		return b
	}
	seen := map[string]bool{}
	for _, reference := range []string{"p-1", "P-2", "payout_3"} {
		banks := []*teller{short("a"), short("b"), short("c")}
		d := opened(t, dispatch.Config{}, banks...)
		d.take(order(reference))
		e := d.until(reference, dispatch.StateFailed)
		require.Len(t, e.Attempts, 3)
		assert.Equal(t, reference, e.Attempts[0].Reference, "the first one is the payout's own")
		for i, a := range e.Attempts {
			assert.Equal(t, []string{a.Reference}, banks[i].references())
			assert.False(t, seen[a.Reference] || seen[a.Mark])
			seen[a.Reference], seen[a.Mark] = true, true
			if i > 0 {
				assert.Regexp(t, "^[0-9a-f]{24}$", a.Reference)
			}
		}
		again := opened(t, dispatch.Config{}, short("a"), short("b"), short("c"))
		again.take(order(reference))
		same := again.until(reference, dispatch.StateFailed)
		assert.Equal(t, e.Attempts[1].Reference, same.Attempts[1].Reference, "always the same, of the same keys")
		assert.Equal(t, e.Attempts[1].Mark, same.Attempts[1].Mark)
		other := opened(t, dispatch.Config{Keys: dispatch.Keys{Current: 1, Versions: testKeys.Versions}}, short("a"), short("b"), short("c"))
		other.take(order(reference))
		assert.NotEqual(t, e.Attempts[1].Reference, other.until(reference, dispatch.StateFailed).Attempts[1].Reference, "of other keys, others")
	}
	t.Run("a key that is gone: nothing is sent, and nothing lost", func(t *testing.T) {
		a, b := short("a"), short("b")
		d := opened(t, dispatch.Config{Keys: dispatch.Keys{Current: 1, Versions: testKeys.Versions}}, a, b)
		d.take(order("p-1"))
		d.step("p-1")
		d.step("p-1")
		d.config.Keys = dispatch.Keys{Current: 2, Versions: map[uint32]payout.Secret{2: testKeys.Versions[2]}}
		d.restart()
		_, err := d.Submit(t.Context(), order("p-1"))
		require.ErrorContains(t, err, "no key of version 1")
		d.step("p-1")
		assert.Zero(t, b.times())
	})
}

// Another payout has the reference at an account, in whatever case.
func TestReferenceTaken(t *testing.T) {
	a, b := bank("a"), bank("b")
	d := opened(t, dispatch.Config{}, a, b)
	assert.Equal(t, "a", d.went(order("payout-1")))
	assert.Equal(t, "b", d.went(order("PAYOUT-1")), "another bank has no such order")
	assert.Equal(t, []dispatch.AlarmKind{dispatch.AlarmReferenceTaken}, d.seen.heard())
	d.take(order("Payout-1"))
	e := d.step("Payout-1")
	assert.Equal(t, "failed", e.State.String(), "nowhere left to go, and nothing was sent")
	assert.Empty(t, e.Attempts)
	assert.Equal(t, []string{"payout-1"}, a.references())
	assert.Equal(t, []string{"PAYOUT-1"}, b.references())
}
