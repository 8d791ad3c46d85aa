package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// reason is why a provider is held, or "".
func (d *desk) reason(provider string) dispatch.HoldReason {
	d.t.Helper()
	all, err := d.Holds(context.Background())
	require.NoError(d.t, err)
	for _, h := range all {
		if h.Provider == provider {
			return h.Reason
		}
	}
	return dispatch.NotHeld
}

func (d *desk) tend() time.Time {
	d.t.Helper()
	next, err := d.Tend(d.t.Context())
	require.NoError(d.t, err)
	return next
}

func TestHoldByPerson(t *testing.T) {
	b := bank("a").does(says(payout.StatusPending)).tells(says(payout.StatusPending))
	d := opened(t, dispatch.Config{}, b)
	d.sends("p-1", "1.00 EUR")
	require.NoError(t, d.Hold(t.Context(), "a", "Ann", "month's end"))
	all, err := d.Holds(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []dispatch.Hold{{Provider: "a", Reason: dispatch.HeldByPerson, By: "Ann", Note: "month's end", Since: began}}, all)

	assert.Equal(t, "planned", d.sends("p-2", "1.00 EUR").State.String())
	assert.Equal(t, 1, b.times(), "nothing is sent")
	d.step("p-1")
	assert.Equal(t, 1, b.questions(), "asking goes on")

	for range 5 { // no check lifts it
		d.pass(time.Hour)
		d.tend()
	}
	assert.Equal(t, dispatch.HeldByPerson, d.reason("a"))
	assert.Equal(t, 1, b.questions(), "nor is one made")

	require.NoError(t, d.Release(t.Context(), "a", "Bob"))
	assert.Equal(t, dispatch.NotHeld, d.reason("a"))
	assert.Equal(t, "open", d.step("p-2").State.String())
	assert.Equal(t, []dispatch.AlarmKind{dispatch.AlarmHeld, dispatch.AlarmLifted}, d.seen.heard())

	for _, err := range []error{
		d.Hold(t.Context(), "z", "Ann", ""), d.Hold(t.Context(), "a", "", ""),
		d.Release(t.Context(), "z", "Ann"), d.Release(t.Context(), "a", ""),
	} {
		require.ErrorIs(t, err, payout.ErrInvalid)
	}
}

// A dispatcher that nobody tends, one that only takes payouts on, keeps to the holds of
// others all the same.
func TestHoldWhereNobodyTends(t *testing.T) {
	d := opened(t, dispatch.Config{}, bank("a"))
	require.NoError(t, d.Hold(t.Context(), "a", "Ann", ""))
	other := d.another()
	assert.Equal(t, "planned", other.take(order("p-1"), dispatch.AwaitAnswer()).State.String(), "the first thing that it sends")
	require.NoError(t, d.Release(t.Context(), "a", "Ann"))
	d.pass(2 * time.Second)
	assert.Equal(t, "paid", other.take(order("p-2"), dispatch.AwaitAnswer()).State.String())
	require.NoError(t, d.Hold(t.Context(), "a", "Ann", ""))
	d.pass(2 * time.Second)
	assert.Equal(t, "the provider is held: person", other.why(order("p-3"))["a"])
	assert.Equal(t, "planned", other.take(order("p-3"), dispatch.AwaitAnswer()).State.String(), "a while after it last looked")

	unread := &flaky{Journal: d.journal}
	unread.set(never("holds"), nil)
	third := opened(t, dispatch.Config{Journal: unread}, bank("a"))
	require.NoError(t, d.Release(t.Context(), "a", "Ann"))
	third.clock.set(d.clock.now())
	assert.Equal(t, "planned", third.take(order("p-4"), dispatch.AwaitAnswer()).State.String(), "where they can't be read nothing is sent")
	unread.set(nil, nil)
	assert.Equal(t, "paid", third.step("p-4").State.String())
}

// Another process learns of a hold when it tends.
func TestHoldElsewhere(t *testing.T) {
	d := opened(t, dispatch.Config{}, bank("a"))
	other := d.another()
	require.NoError(t, d.Hold(t.Context(), "a", "Ann", ""))
	assert.Equal(t, began.Add(time.Second), other.tend())
	assert.Equal(t, "planned", other.sends("p-1", "1.00 EUR").State.String())
	require.NoError(t, d.Release(t.Context(), "a", "Ann"))
	other.tend()
	assert.Equal(t, "paid", other.step("p-1").State.String())
}

// Credentials that the bank does not know, said to a sending or to a question, hold it.
func TestHoldUnauthorized(t *testing.T) {
	page := broken(&payout.Error{Kind: payout.ErrOutcomeUnknown, HTTPStatus: 403, Hold: true})
	for _, row := range []struct {
		name   string
		create reply
		find   reply
		state  string
	}{
		{"listed, to a sending", fails(payout.ErrUnauthorized), nil, "planned"},
		{"a page of a firewall, to a sending", page, nil, "unknown"},
		{"listed, to a question", says(payout.StatusPending), fails(payout.ErrUnauthorized), "open"},
		{"a page of a firewall, to a question", says(payout.StatusPending), page, "open"},
	} {
		t.Run(row.name, func(t *testing.T) {
			b := bank("a").does(row.create)
			d := opened(t, dispatch.Config{}, b, bank("b"))
			d.take(order("p-1"))
			e := d.step("p-1")
			if row.find != nil {
				b.tells(row.find)
				e = d.step("p-1")
			}
			assert.Equal(t, row.state, e.State.String())
			assert.Equal(t, dispatch.HeldUnauthorized, d.reason("a"))
			assert.Equal(t, dispatch.AlarmHeld, d.seen.heard()[0])
			assert.Equal(t, "b", d.went(order("p-2")), "others go elsewhere")

			// The check is a question about a reference that nobody ever used.
			b.tells(row.create, fails(payout.ErrNotFound))
			if row.find != nil {
				b.tells(row.find, fails(payout.ErrNotFound))
			}
			asked := b.questions()
			d.tend()
			assert.Equal(t, asked, b.questions(), "not at once")
			d.pass(30 * time.Second)
			d.tend()
			assert.Equal(t, asked+1, b.questions())
			assert.Equal(t, dispatch.HeldUnauthorized, d.reason("a"), "the check failed")
			d.pass(59 * time.Second)
			d.tend()
			assert.Equal(t, asked+1, b.questions(), "the next one is later")
			d.pass(time.Second)
			d.tend()
			assert.Equal(t, asked+2, b.questions())
			assert.Equal(t, dispatch.NotHeld, d.reason("a"), "not found is an answer")
			assert.Contains(t, d.seen.heard(), dispatch.AlarmLifted)
			for _, ref := range b.asked {
				if ref.Reference != "p-1" {
					assert.NotEmpty(t, ref.Reference)
					_, err := d.journal.FindAttempt(t.Context(), b.info.Account, ref.Reference)
					require.ErrorIs(t, err, dispatch.ErrNoEntry)
				}
			}
			b.does(says(payout.StatusPaid))
			assert.Equal(t, "a", d.went(order("p-3")))
		})
	}
}

// What lifts a hold: any answer by which the bank shows that it knows us.
func TestCheckCall(t *testing.T) {
	for _, row := range []struct {
		name   string
		says   reply
		lifted bool
	}{
		{"not found", fails(payout.ErrNotFound), true},
		{"found", says(payout.StatusPaid), true},
		{"an answer that says nothing", says(payout.StatusUnknown), true},
		{"200, and no listed code", broken(&payout.Error{Kind: payout.ErrOutcomeUnknown, HTTPStatus: 200}), true},
		{"200, and a firewall's page", broken(&payout.Error{Kind: payout.ErrOutcomeUnknown, HTTPStatus: 200, Hold: true}), false},
		{"a lost answer", fails(payout.ErrOutcomeUnknown), false},
		{"502", broken(&payout.Error{Kind: payout.ErrOutcomeUnknown, HTTPStatus: 502}), false},
		{"403", broken(&payout.Error{Kind: payout.ErrOutcomeUnknown, HTTPStatus: 403, Hold: true}), false},
		{"unauthorized", fails(payout.ErrUnauthorized), false},
		{"not sent", fails(payout.ErrNotSent), false},
		{"rate limited", fails(payout.ErrRateLimited), false},
		{"a panic", panics, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			b := bank("a").does(fails(payout.ErrUnauthorized)).tells(row.says)
			d := opened(t, dispatch.Config{}, b)
			d.sends("p-1", "1.00 EUR")
			d.pass(time.Minute)
			d.tend()
			assert.Equal(t, 1, b.questions())
			assert.Equal(t, row.lifted, d.reason("a") == dispatch.NotHeld)
		})
	}
}

// K answers lost in a row hold the provider; one that comes ends the row.
func TestHoldUnknowns(t *testing.T) {
	lost := fails(payout.ErrOutcomeUnknown)
	for _, row := range []struct {
		name string
		says []reply
		held bool
	}{
		{"three in a row", []reply{lost, lost, lost}, true},
		{"two", []reply{lost, lost, says(payout.StatusPaid)}, false},
		{"three, not in a row", []reply{lost, lost, says(payout.StatusPending), lost, lost}, false},
		{"a refusal is an answer", []reply{lost, lost, fails(payout.ErrRefused), lost, lost}, false},
		{"panics", []reply{panics, panics, panics}, true},
		{"what was not sent does not end the row", []reply{lost, lost, fails(payout.ErrNotSent), lost}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			b := bank("a").does(row.says...).tells(lost, fails(payout.ErrNotFound))
			d := opened(t, dispatch.Config{Rates: dispatch.Rates{Unknowns: 3}}, b)
			for i := range row.says {
				d.sends(fmt.Sprint("p-", i), "1.00 EUR")
			}
			assert.Equal(t, row.held, d.reason("a") == dispatch.HeldUnknowns)
			if !row.held {
				return
			}
			assert.Equal(t, "planned", d.sends("p-9", "1.00 EUR").State.String())
			d.pass(30 * time.Second)
			d.tend()
			assert.Equal(t, dispatch.HeldUnknowns, d.reason("a"), "the check's answer is lost too")
			d.pass(time.Minute)
			d.tend()
			assert.Equal(t, dispatch.NotHeld, d.reason("a"))
			b.does(lost)
			d.step("p-9")
			assert.Equal(t, dispatch.NotHeld, d.reason("a"), "the row starts anew")
		})
	}
	t.Run("each provider has rates of its own", func(t *testing.T) {
		a, b := bank("a").does(lost), bank("b").does(lost)
		d := opened(t, dispatch.Config{Limits: map[string]dispatch.Rates{"a": {Unknowns: 1}}, Routes: []dispatch.Route{{Provider: "a"}, {Provider: "b", Priority: 1}}}, a, b)
		for i := range 5 {
			d.sends(fmt.Sprint("p-", i), "1.00 EUR")
		}
		assert.Equal(t, []dispatch.HoldReason{dispatch.HeldUnknowns, dispatch.NotHeld}, []dispatch.HoldReason{d.reason("a"), d.reason("b")})
		assert.Equal(t, []int{1, 4}, []int{a.times(), b.times()})
	})
}

// A hold that stands stays as it is: a person's is not replaced by one that a check
// lifts, not even by a check that is under way, nor by another process.
func TestPersonsHoldStands(t *testing.T) {
	t.Run("a sending ends while it is held", func(t *testing.T) {
		b := bank("a")
		d := opened(t, dispatch.Config{}, b)
		b.does(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
			require.NoError(t, d.Hold(t.Context(), "a", "Ann", ""))
			return fails(payout.ErrUnauthorized)(ctx, asked)
		})
		d.sends("p-1", "1.00 EUR")
		assert.Equal(t, dispatch.HeldByPerson, d.reason("a"))
	})
	t.Run("another process holds it", func(t *testing.T) {
		b := bank("a")
		d := opened(t, dispatch.Config{}, b)
		other := d.another()
		b.does(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
			require.NoError(t, other.Hold(t.Context(), "a", "Ann", ""))
			return fails(payout.ErrUnauthorized)(ctx, asked)
		})
		d.sends("p-1", "1.00 EUR")
		assert.Equal(t, dispatch.HeldByPerson, d.reason("a"))
	})
	for name, check := range map[string]reply{"a check that succeeds": fails(payout.ErrNotFound), "a check that fails": fails(payout.ErrUnauthorized)} {
		t.Run(name, func(t *testing.T) {
			b := bank("a").does(fails(payout.ErrUnauthorized))
			d := opened(t, dispatch.Config{}, b)
			other := d.another()
			d.sends("p-1", "1.00 EUR")
			b.tells(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
				require.NoError(t, other.Hold(t.Context(), "a", "Ann", ""))
				return check(ctx, asked)
			})
			d.pass(time.Minute)
			d.tend()
			assert.Equal(t, dispatch.HeldByPerson, d.reason("a"))
			assert.Equal(t, "planned", d.step("p-1").State.String())
			assert.Equal(t, 1, b.times())
		})
	}
}

// A hold that can't be written down is kept to by this process at least.
func TestHoldWithoutJournal(t *testing.T) {
	b, j := bank("a").does(fails(payout.ErrUnauthorized), says(payout.StatusPaid)), &flaky{Journal: dispatch.NewMemory()}
	d := opened(t, dispatch.Config{Journal: j}, b)
	b.tells(fails(payout.ErrUnauthorized))
	j.set(never("set hold"), nil)
	d.sends("p-1", "1.00 EUR")
	d.step("p-1")
	assert.Equal(t, 1, b.times())
	require.ErrorIs(t, d.Hold(t.Context(), "a", "Ann", ""), errJournal, "a person is told that it is not written down")

	d.tend()
	d.pass(20 * time.Second)
	d.step("p-1")
	assert.Equal(t, 1, b.times(), "also when it learns of those that are written down")

	j.set(func(call string, c dispatch.Change) error {
		return errors.Join(never("holds")(call, c), never("set hold")(call, c))
	}, nil)
	next, err := d.Tend(t.Context())
	require.ErrorIs(t, err, errJournal)
	assert.Equal(t, d.clock.now().Add(time.Second), next)
	d.pass(time.Minute)
	_, _, err = d.Step(t.Context(), "p-1")
	require.ErrorIs(t, err, errJournal)
	assert.Equal(t, 1, b.times())

	j.set(nil, nil)
	d.tend()
	assert.Equal(t, dispatch.HeldUnauthorized, d.reason("a"), "it is written down as soon as it can be")
	b.tells(fails(payout.ErrNotFound))
	d.pass(time.Minute)
	d.tend()
	assert.Equal(t, "paid", d.step("p-1").State.String(), "and lifted as any other")
}

// After too many refusals to connect payouts go elsewhere for a while; then one shows
// whether the bank is back.
func TestBreaker(t *testing.T) {
	for _, kind := range []payout.ErrorKind{payout.ErrNotSent, payout.ErrRateLimited} {
		a, b := bank("a").does(fails(kind)), bank("b")
		d := opened(t, dispatch.Config{Rates: dispatch.Rates{Breaks: 3, BreakFor: time.Minute}}, a, b)
		for i := range 3 {
			assert.Equal(t, "a", d.went(order(fmt.Sprint("p-", i))))
		}
		assert.Equal(t, "b", d.went(order("p-3")), "%s", kind)
		d.pass(time.Minute - 1)
		assert.Equal(t, "b", d.went(order("p-4")))
		d.pass(1)
		assert.Equal(t, "a", d.went(order("p-5")), "one tries")
		assert.Equal(t, "b", d.went(order("p-6")), "and it is not back")
		d.pass(time.Minute)
		a.does(says(payout.StatusPaid), fails(kind))
		assert.Equal(t, "a", d.went(order("p-7")), "now it is")
		assert.Equal(t, "a", d.went(order("p-8")), "and one failure more is only one")
		assert.Equal(t, "a", d.went(order("p-9")))
		assert.Equal(t, "a", d.went(order("p-10")))
		assert.Equal(t, "b", d.went(order("p-11")))
		assert.Equal(t, "b", d.until("p-0", dispatch.StatePaid).Attempts[1].Provider, "what could not be sent went on to the other")
		assert.Equal(t, dispatch.NotHeld, d.reason("a"), "it is not held")
	}
}

// What was not sent for a reason of our own says nothing about the bank.
func TestBreakerKnowsOurOwnReasons(t *testing.T) {
	a := bank("a")
	d := opened(t, dispatch.Config{Rates: dispatch.Rates{Breaks: 1}}, a, bank("b"))
	ctx, cancel := context.WithCancel(t.Context())
	d.take(order("p-1"))
	a.does(says(payout.StatusPaid))
	j := &flaky{Journal: d.journal}
	d.config.Journal = j
	d.restart()
	j.set(nil, func(call string, c dispatch.Change) error {
		if c.Event.Kind == dispatch.EventIntended {
			cancel() // the caller goes between the intent and the sending
		}
		return nil
	})
	d.take(order("p-1"))
	_, _, err := d.Step(ctx, "p-1")
	require.NoError(t, err)
	assert.Equal(t, "planned", d.load("p-1").State.String())
	assert.Zero(t, a.times())
	j.set(nil, nil)
	assert.Equal(t, "a", d.went(order("p-2")), "the bank is as well as before")
	assert.False(t, errors.Is(err, context.Canceled))
}
