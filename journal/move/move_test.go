package move_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/witness"
)

// expected is what the new journal shows, by what the old one did: what was being sent is
// unknown and is asked about at once, and its history says so.
func expected(t *testing.T, old, now seen) seen {
	t.Helper()
	aged := map[string]time.Time{}
	for _, c := range now.feed[len(old.feed):] {
		require.Equal(t, dispatch.EventAged, c.Event.Kind)
		aged[c.Reference] = c.Event.At
	}
	require.Equal(t, map[string]bool{reference(1): true, reference(6): true, reference(7): true}, func() map[string]bool {
		all := map[string]bool{}
		for r := range aged {
			all[r] = true
		}
		return all
	}())
	require.Equal(t, old.feed, now.feed[:len(old.feed)], "in its order")
	return old
}

func TestMove(t *testing.T) {
	ways(t, func(t *testing.T, from, to *spot) {
		w, err := witness.Open(filepath.Join(t.TempDir(), "witness"))
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, w.Close()) })
		from.witness, to.witness = w, w
		fill(t, from)
		var old seen
		from.with(false, func(b book) { old = look(t, b) })

		report, err := from.move(to, nil)
		require.NoError(t, err)
		require.Equal(t, 3, report.InFlight)
		rows := map[string]int64{}
		for _, c := range report.Tables {
			rows[c.Table] = c.Rows
		}
		for _, table := range []string{"payouts", "events"} {
			require.Equal(t, int64(len(states)), rows[table], table)
		}
		require.Equal(t, int64(8), rows["attempts"])
		require.Equal(t, int64(3), rows["hold_events"])
		require.Equal(t, int64(len(states)-1), rows["payout_keys"])
		require.Equal(t, int64(1), rows["batch_rows"])

		var now seen
		to.with(false, func(b book) {
			doubt, err := b.Doubt(t.Context())
			require.NoError(t, err)
			require.Equal(t, old.doubt, doubt, "the doubt of before, and no new one")
			now = look(t, b)
			findings, err := b.Verify(t.Context())
			require.NoError(t, err)
			require.Empty(t, findings)
			for _, r := range []int{1, 7} {
				e, err := b.Load(t.Context(), reference(r))
				require.NoError(t, err)
				require.Equal(t, dispatch.StateUnknown, e.State)
				require.Equal(t, int64(3), e.Version)
			}
			e, err := b.Load(t.Context(), reference(6))
			require.NoError(t, err)
			require.Equal(t, []dispatch.State{dispatch.StateReview, dispatch.StateUnknown}, []dispatch.State{e.State, e.Attempts[1].State})
			due, err := b.Due(t.Context(), dispatch.Ask, time.Now().Add(time.Second), 100)
			require.NoError(t, err)
			require.NotEmpty(t, due, "they are asked about at once")
		})
		expected(t, old, now)
		for n, state := range states {
			if state == dispatch.StateSending || state == dispatch.StateReview {
				continue
			}
			require.Equal(t, old.entries[n], now.entries[n])
			require.Equal(t, old.history[reference(n)], now.history[reference(n)])
		}
		require.Equal(t, []any{old.used, old.shown, old.holds, old.keys, old.rows, old.found}, []any{now.used, now.shown, now.holds, now.keys, now.rows, now.found})
		require.Equal(t, map[dispatch.State]int64{
			dispatch.StatePlanned: 1, dispatch.StateOpen: 1, dispatch.StateUnknown: 3, dispatch.StatePaid: 1, dispatch.StateFailed: 1,
			dispatch.StateReview: 1, dispatch.StateAwaiting: 1,
		}, now.counts)

		// The new journal is one: it takes payouts, commits, keys and holds, and its epochs
		// go on above the old one's.
		to.with(false, func(b book) {
			epoch, err := b.Epoch(t.Context())
			require.NoError(t, err)
			require.Greater(t, epoch, int64(2))
			_, inserted, err := b.Insert(t.Context(), payoutOf(50, dispatch.StatePlanned))
			require.NoError(t, err)
			require.True(t, inserted)
			e, err := b.Load(t.Context(), reference(1))
			require.NoError(t, err)
			require.NoError(t, b.Commit(t.Context(), dispatch.Change{Entry: e, Event: dispatch.Event{Kind: dispatch.EventHinted, At: begin, Attempt: 0}}))
			require.NoError(t, b.SetHold(t.Context(), dispatch.Hold{Provider: "bank", By: "Änne"}))
			require.NoError(t, b.Trust(t.Context(), "Änne", "the statement"))
			e.Reference, e.Version = "another", 0
			e.Attempts = e.Attempts[:1]
			_, _, err = b.Insert(t.Context(), e)
			require.ErrorIs(t, err, dispatch.ErrReferenceTaken)
		})

		// The old one is none any more.
		_, _, err = from.open(false)
		require.ErrorIs(t, err, journal.ErrMoved)
		require.ErrorContains(t, err, report.To)
		_, _, err = from.open(true)
		require.ErrorIs(t, err, journal.ErrExists)

		// To move it again is to be told that it is done; elsewhere, that it is not here.
		again, err := from.move(to, nil)
		require.NoError(t, err)
		require.True(t, again.Already)
		for _, other := range []*spot{inSQLite(t), inPostgres(t)} {
			_, err = from.move(other, nil)
			require.ErrorIs(t, err, journal.ErrMoved)
			_, _, err = other.open(false)
			require.ErrorIs(t, err, journal.ErrMissing)
		}
	})
}

// A cursor goes on right, or is refused; it never passes anything over.
func TestCursors(t *testing.T) {
	ways(t, func(t *testing.T, from, to *spot) {
		fill(t, from)
		var before []dispatch.Changed
		from.with(false, func(b book) {
			var err error
			before, err = b.Changes(t.Context(), "", 100)
			require.NoError(t, err)
		})
		report, err := from.move(to, nil)
		require.NoError(t, err)
		to.with(false, func(b book) {
			all, err := b.Changes(t.Context(), "", 100)
			require.NoError(t, err)
			for i, c := range before {
				rest, err := b.Changes(t.Context(), c.Cursor, 100)
				if from.pool != nil && to.pool == nil {
					require.ErrorContains(t, err, "is not a cursor of this journal")
					continue
				}
				require.NoError(t, err)
				require.Equal(t, all[i+1:], rest)
			}
			if report.Cursor != "" {
				rest, err := b.Changes(t.Context(), report.Cursor, 100)
				require.NoError(t, err)
				require.Equal(t, all[len(before):], rest)
			}
			if to.pool != nil {
				for _, wrong := range []dispatch.Cursor{"1000000", "7.1.1", "-1", "x"} {
					_, err := b.Changes(t.Context(), wrong, 100)
					require.ErrorContains(t, err, "is not a cursor of this journal", wrong)
				}
			}
		})
	})
}

// A cursor of a first stay in PostgreSQL is refused by a second one, which has the events
// in another order.
func TestCursorOfAnEarlierStay(t *testing.T) {
	first, between, second := inPostgres(t), inSQLite(t), inPostgres(t)
	fill(t, first)
	var old []dispatch.Changed
	first.with(false, func(b book) {
		var err error
		old, err = b.Changes(t.Context(), "", 100)
		require.NoError(t, err)
	})
	_, err := first.move(between, nil)
	require.NoError(t, err)
	_, err = between.move(second, nil)
	require.NoError(t, err)
	second.with(false, func(b book) {
		for _, c := range old {
			_, err := b.Changes(t.Context(), c.Cursor, 100)
			require.ErrorContains(t, err, "is not a cursor of this journal")
		}
		all, err := b.Changes(t.Context(), "", 100)
		require.NoError(t, err)
		rest, err := b.Changes(t.Context(), "5", 100)
		require.NoError(t, err)
		require.Equal(t, all[5:], rest)
		own, err := b.Changes(t.Context(), all[6].Cursor, 100)
		require.NoError(t, err)
		require.Equal(t, all[7:], own)
		// What happens here comes after all that came along.
		e, err := b.Load(t.Context(), reference(2))
		require.NoError(t, err)
		require.NoError(t, b.Commit(t.Context(), dispatch.Change{Entry: e, Event: dispatch.Event{Kind: dispatch.EventHinted, At: begin}}))
		own, err = b.Changes(t.Context(), all[len(all)-1].Cursor, 100)
		require.NoError(t, err)
		require.Len(t, own, 1)
	})
}

// Where there is something already, nothing is moved, and nothing is ended.
func TestSomethingThere(t *testing.T) {
	ways(t, func(t *testing.T, from, to *spot) {
		fill(t, from)
		to.with(true, func(b book) {})
		_, err := from.move(to, nil)
		require.ErrorIs(t, err, journal.ErrExists)
		from.with(false, func(book) {})
		to.with(false, func(book) {})
		_, err = from.move(from, nil)
		require.Error(t, err)
	})
	from, file := inSQLite(t), inSQLite(t)
	from.with(true, func(book) {})
	for _, content := range []string{"", "somebody's letters, a hundred bytes of them and more, so that it might be a database as well as any other thing."} {
		require.NoError(t, os.WriteFile(file.path, []byte(content), 0o600))
		_, err := from.move(file, nil)
		require.ErrorIs(t, err, journal.ErrExists)
		kept, err := os.ReadFile(file.path)
		require.NoError(t, err)
		require.Equal(t, content, string(kept))
	}
	from.with(false, func(book) {})
}

// Who still has the old journal open is refused everything.
func TestOldJournal(t *testing.T) {
	for _, from := range []*spot{inSQLite(t), inPostgres(t)} {
		fill(t, from)
		b, done, err := from.open(false)
		require.NoError(t, err)
		require.NoError(t, b.Tombstone(t.Context(), "elsewhere"))
		ctx := t.Context()
		e, err := b.Load(ctx, reference(0))
		require.NoError(t, err, "it can be read")
		for name, write := range map[string]func() error{
			"Epoch":  func() error { _, err := b.Epoch(ctx); return err },
			"Insert": func() error { _, _, err := b.Insert(ctx, payoutOf(70, dispatch.StatePlanned)); return err },
			"Commit": func() error {
				return b.Commit(ctx, dispatch.Change{Entry: e, Event: dispatch.Event{Kind: dispatch.EventHinted, At: begin}})
			},
			"SetHold":   func() error { return b.SetHold(ctx, dispatch.Hold{Provider: "x", Reason: dispatch.HeldByPerson}) },
			"PutKey":    func() error { _, err := b.PutKey(ctx, "x", []byte{1}); return err },
			"Erase":     func() error { return b.Erase(ctx, reference(4), "A. Clerk") },
			"Trust":     func() error { return b.Trust(ctx, "A. Clerk", "none") },
			"KeepRows":  func() error { return b.KeepRows(ctx, []journal.BatchRow{{Key: [32]byte{9}, Reference: "x"}}) },
			"Tombstone": func() error { return b.Tombstone(ctx, "elsewhere") },
		} {
			require.ErrorIs(t, write(), journal.ErrMoved, fmt.Sprintf("%s of %T", name, b))
		}
		done()
	}
}
