package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/postgres"
)

func TestErase(t *testing.T) {
	j, other, pool := two(t, postgres.Config{})
	e := take(t, j, planned("p-1"))
	neighbour := commit(t, j, take(t, j, planned("p-2")), dispatch.StatePaid)
	have, err := j.PutKey(t.Context(), "p-1", []byte("key"))
	require.NoError(t, err)
	require.Equal(t, "key", string(have))
	have, err = other.PutKey(t.Context(), "p-1", []byte("another"))
	require.NoError(t, err)
	require.Equal(t, "key", string(have), "the first one stays")
	_, err = j.PutKey(t.Context(), "p-2", nil)
	require.ErrorIs(t, err, payout.ErrInvalid)

	e = commit(t, j, e, dispatch.StateOpen)
	require.ErrorIs(t, j.Erase(t.Context(), "p-1", "Anna"), payout.ErrInvalid, "it is not final")
	require.ErrorIs(t, j.Erase(t.Context(), "p-9", "Anna"), dispatch.ErrNoEntry)
	e = commit(t, j, e, dispatch.StatePaid)
	require.ErrorIs(t, j.Erase(t.Context(), "p-1", ""), payout.ErrInvalid)
	require.NoError(t, j.Erase(t.Context(), "p-1", "Anna"))
	require.NoError(t, j.Erase(t.Context(), "p-1", "Anna"), "again")

	erased := func() {
		t.Helper()
		now, err := j.Load(t.Context(), "p-1")
		require.NoError(t, err)
		require.Equal(t, "card", now.Destination)
		require.Empty(t, now.Sealed)
		require.Equal(t, e.Amount, now.Amount)
		require.Equal(t, e.Fingerprint, now.Fingerprint)
		events, err := j.History(t.Context(), "p-1")
		require.NoError(t, err)
		require.Len(t, events, int(now.Version-1))
		for _, ev := range events {
			require.Equal(t, "card", ev.Outcome.Destination)
			require.True(t, ev.Outcome.Answered, "the rest stays")
		}
	}
	erased()
	_, err = j.Key(t.Context(), "p-1")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)
	// Who has loaded it before does not bring back what was erased.
	require.NoError(t, other.Commit(t.Context(), change(e, dispatch.StateReturned)))
	erased()
	require.ErrorIs(t, other.Commit(t.Context(), change(e, dispatch.StateReturned)), dispatch.ErrStale)
	now, err := j.Load(t.Context(), "p-2")
	require.NoError(t, err)
	require.Equal(t, neighbour, now)
	require.JSONEq(t, `{"by": "Anna", "reference": "p-1"}`,
		value[string](t, pool, `SELECT document::text FROM payout.journal_events WHERE kind = 'erased' LIMIT 1`))

	require.Equal(t, 0, value[int](t, pool, `SELECT count(*) FROM payout.payouts WHERE reference = 'p-1' AND document::text LIKE '%411111%'`))
	require.Equal(t, 0, value[int](t, pool, `SELECT count(*) FROM payout.events WHERE reference = 'p-1' AND document::text LIKE '%411111%'`))
}
