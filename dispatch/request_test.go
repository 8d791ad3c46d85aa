package dispatch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// After a restart the request is gone, unless there is a Sealer: it is asked for.
func TestRequestReattached(t *testing.T) {
	b := bank("a")
	d := opened(t, dispatch.Config{}, b)
	d.take(order("p-1"))
	d.restart()
	e := d.step("p-1")
	assert.Equal(t, "planned", e.State.String(), "another process may have it")
	d.pass(10 * time.Second)
	e = d.step("p-1")
	assert.Equal(t, "awaiting_request", e.State.String())
	next, done, err := d.Step(t.Context(), "p-1")
	require.NoError(t, err)
	assert.Equal(t, e.SendUntil, next)
	assert.False(t, done)

	other := order("p-1")
	other.Amount = payout.MustMoney("11.00 EUR")
	_, err = d.Submit(t.Context(), other)
	require.ErrorIs(t, err, payout.ErrConflict)
	d.Step(t.Context(), "p-1")
	assert.Equal(t, "awaiting_request", d.load("p-1").State.String(), "other content is not a request for it")

	ticket := d.take(order("p-1"))
	assert.Equal(t, "planned", ticket.State.String())
	assert.Equal(t, d.clock.now(), ticket.Due, "due now, for whoever drives it")
	assert.Equal(t, "paid", d.step("p-1").State.String())
	assert.Equal(t, []string{"missing", "attached", "intended", "created"}, d.happened("p-1"))
	assert.Equal(t, 1, b.times())
}

func TestRequestNeverComesBack(t *testing.T) {
	b := bank("a")
	d := opened(t, dispatch.Config{Times: dispatch.Times{SendFor: time.Hour}}, b)
	d.take(order("p-1"))
	d.restart()
	e := d.until("p-1", dispatch.StateFailed)
	assert.Equal(t, payout.ReasonExpired, e.Failure.Reason)
	assert.Equal(t, []string{"missing", "expired"}, d.happened("p-1"))
	d.take(order("p-1"))
	d.Step(t.Context(), "p-1")
	assert.Zero(t, b.times(), "failed is failed")
}

// A request of other content under a reference that stands is never sent, whenever a
// worker looks.
func TestOtherContentIsNeverSent(t *testing.T) {
	other := order("p-1")
	other.Amount, other.Destination = payout.MustMoney("99.00 EUR"), payout.Card{Number: payout.NewSecret("5105105105105100")}
	lost := func(t *testing.T) (*desk, *teller, *flaky) { // a payout whose request a restart has lost
		b, j := bank("a"), &flaky{Journal: dispatch.NewMemory()}
		d := opened(t, dispatch.Config{Journal: j}, b)
		d.take(order("p-1"))
		d.restart()
		d.pass(10 * time.Second)
		return d, b, j
	}
	t.Run("a worker comes by while Submit finds out", func(t *testing.T) {
		d, b, j := lost(t)
		j.set(func(call string, _ dispatch.Change) error {
			if call == "insert" {
				j.set(nil, nil)
				d.Step(t.Context(), "p-1")
			}
			return nil
		}, nil)
		_, err := d.Submit(t.Context(), other)
		require.ErrorIs(t, err, payout.ErrConflict)
		assert.Zero(t, b.times())
		d.take(order("p-1"))
		d.until("p-1", dispatch.StatePaid)
		assert.Equal(t, payout.MustMoney("10.00 EUR"), b.last().Amount)
	})
	t.Run("Submit can't find out", func(t *testing.T) {
		d, b, j := lost(t)
		j.set(never("insert"), nil)
		_, err := d.Submit(t.Context(), other)
		require.ErrorIs(t, err, errJournal)
		j.set(nil, nil)
		d.Step(t.Context(), "p-1")
		assert.Zero(t, b.times())
		d.take(order("p-1"))
		d.until("p-1", dispatch.StatePaid)
		assert.Equal(t, payout.MustMoney("10.00 EUR"), b.last().Amount)
	})
	t.Run("the right one is submitted meanwhile", func(t *testing.T) {
		b, j := bank("a"), &flaky{Journal: dispatch.NewMemory()}
		d := opened(t, dispatch.Config{Journal: j}, b)
		j.set(func(call string, _ dispatch.Change) error {
			if call == "insert" {
				j.set(nil, nil)
				d.take(order("p-1"))
			}
			return nil
		}, nil)
		_, err := d.Submit(t.Context(), other)
		require.ErrorIs(t, err, payout.ErrConflict)
		d.step("p-1")
		require.Equal(t, 1, b.times(), "the right one is still at hand")
		assert.Equal(t, payout.MustMoney("10.00 EUR"), b.last().Amount)
	})
}
