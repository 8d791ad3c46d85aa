package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/sqlite"
)

// A reader sees what another has committed, while that one has the journal open and
// after, and changes nothing.
func TestReader(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	_, err := sqlite.Read(t.Context(), filepath.Join(t.TempDir(), "none.db"))
	require.ErrorIs(t, err, journal.ErrMissing)
	r, err := sqlite.Read(t.Context(), path)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	take := func(reference string) dispatch.Entry {
		now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
		e, inserted, err := j.Insert(t.Context(), dispatch.Entry{
			Reference: reference, State: dispatch.StatePlanned, Amount: payout.FromMinor(100, payout.EUR), CreatedAt: now, Due: now, SendUntil: now,
		})
		require.NoError(t, err)
		require.True(t, inserted)
		return e
	}
	sees := func(planned, open int64) {
		counts, err := r.Count(t.Context(), dispatch.Filter{})
		require.NoError(t, err)
		require.Equal(t, [2]int64{planned, open}, [2]int64{counts[dispatch.StatePlanned], counts[dispatch.StateOpen]})
		entries, err := r.List(t.Context(), dispatch.Filter{States: []dispatch.State{dispatch.StatePlanned, dispatch.StateOpen}})
		require.NoError(t, err)
		require.Len(t, entries, int(planned+open))
	}
	sees(0, 0)
	e := take("p-1")
	sees(1, 0)
	take("p-2")
	e.State = dispatch.StateOpen
	c := dispatch.Change{Entry: e, Event: dispatch.Event{Kind: dispatch.EventFound, At: e.CreatedAt, Attempt: -1}}
	require.NoError(t, j.Commit(t.Context(), c))
	sees(1, 1)
	got, err := r.Load(t.Context(), "p-1")
	require.NoError(t, err)
	require.Equal(t, dispatch.StateOpen, got.State)
	history, err := r.History(t.Context(), "p-1")
	require.NoError(t, err)
	require.Len(t, history, 1)

	_, err = r.Epoch(t.Context())
	require.ErrorIs(t, err, journal.ErrReadOnly)
	_, _, err = r.Insert(t.Context(), e)
	require.ErrorIs(t, err, journal.ErrReadOnly)
	require.ErrorIs(t, r.Commit(t.Context(), c), journal.ErrReadOnly)
	require.ErrorIs(t, r.SetHold(t.Context(), dispatch.Hold{Provider: "a", Reason: dispatch.HeldByPerson}), journal.ErrReadOnly)
	require.ErrorIs(t, r.Trust(t.Context(), "a", "b"), journal.ErrReadOnly)
	require.ErrorIs(t, r.KeepRows(t.Context(), nil), journal.ErrReadOnly)

	require.NoError(t, j.Close())
	sees(1, 1)
}
