package dispatch_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// Whatever call of the journal fails, before or after it has happened: nothing is sent
// twice, nothing is lost, and to submit again is the cure.
func TestJournalFails(t *testing.T) {
	calls := []string{
		"insert", "load", "epoch", "commit intended", "commit created", "commit missing", "commit attached",
		"commit found", "commit deferred", "commit expired", "commit ended", "commit aged", "set hold", "used",
	}
	for _, call := range calls {
		for _, happened := range []bool{false, true} {
			name := call + " before it happens"
			if happened {
				name = call + " after it has happened"
			}
			t.Run(name, func(t *testing.T) {
				a, b := bank("a"), bank("b")
				a.does(failed(payout.ReasonInsufficientFunds)).tells(failed(payout.ReasonInsufficientFunds))
				j := &flaky{Journal: dispatch.NewMemory()}
				if happened {
					j.set(nil, once(call))
				} else {
					j.set(once(call), nil)
				}
				d := opened(t, dispatch.Config{Journal: j}, a, b)
				var e dispatch.Entry
				for range 400 {
					if _, err := d.Submit(t.Context(), order("p-1")); err != nil {
						require.ErrorIs(t, err, errJournal)
						continue
					}
					next, _, err := d.Step(t.Context(), "p-1")
					if err != nil {
						require.ErrorIs(t, err, errJournal)
					}
					if e = d.raw("p-1"); e.State.Final() {
						break
					}
					d.clock.set(next)
				}
				assert.Equal(t, "paid", e.State.String())
				assert.Equal(t, 1, a.times())
				assert.Equal(t, 1, b.times())
			})
		}
	}
}

// raw is what the journal behind a flaky one holds.
func (d *desk) raw(reference string) dispatch.Entry {
	e, err := d.journal.(*flaky).Journal.Load(context.Background(), reference)
	require.NoError(d.t, err)
	return e
}

// A commit of an intent that fails sends nothing, and is taken back if it happened,
// even if the caller has gone by then.
func TestIntentThatFailedIsWithdrawn(t *testing.T) {
	for _, gone := range []bool{false, true} {
		b, j := bank("a"), &flaky{Journal: dispatch.NewMemory()}
		d := opened(t, dispatch.Config{Journal: j}, b)
		d.take(order("p-1"))
		ctx, cancel := context.WithCancel(t.Context())
		j.set(nil, func(call string, c dispatch.Change) error {
			if call == "commit" && c.Event.Kind == dispatch.EventIntended {
				if gone {
					cancel()
				}
				return errJournal
			}
			return nil
		})
		_, _, err := d.Step(ctx, "p-1")
		require.ErrorIs(t, err, errJournal)
		assert.Zero(t, b.times())
		e := d.raw("p-1")
		assert.Equal(t, "planned", e.State.String(), "the caller has gone: %v", gone)
		assert.Equal(t, []string{"intended", "created"}, d.happened("p-1"))
		j.set(nil, nil)
		e = d.until("p-1", dispatch.StatePaid)
		assert.Equal(t, int64(2), e.Attempts[0].Epoch, "under a new epoch")
		cancel()
	}
}
