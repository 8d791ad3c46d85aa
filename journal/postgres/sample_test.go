package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/postgres"
)

var began = time.Date(2026, 11, 22, 10, 11, 12, 345678000, time.UTC)

func in(d time.Duration) time.Time { return began.Add(d) }

// planned is a payout that was just taken on, with its request sealed.
func planned(reference string) dispatch.Entry {
	return dispatch.Entry{
		Reference: reference, State: dispatch.StatePlanned, Amount: payout.FromMinor(1234, payout.EUR),
		Destination: "card 411111******1111", CreatedAt: began, SendUntil: in(24 * time.Hour), Due: began, Sealed: []byte("sealed"),
	}
}

// take inserts a payout.
func take(t testing.TB, j *postgres.Journal, e dispatch.Entry) dispatch.Entry {
	t.Helper()
	e, inserted, err := j.Insert(t.Context(), e)
	require.NoError(t, err)
	require.True(t, inserted)
	return e
}

// change is a commit that changes an entry's state.
func change(e dispatch.Entry, s dispatch.State) dispatch.Change {
	e.State = s
	return dispatch.Change{Entry: e, Event: dispatch.Event{
		Kind: dispatch.EventFound, At: began, Attempt: -1, Outcome: dispatch.Outcome{Answered: true, Destination: "card 411111******1111"},
	}}
}

// commit makes a commit, and returns what stands then.
func commit(t testing.TB, j *postgres.Journal, e dispatch.Entry, s dispatch.State) dispatch.Entry {
	t.Helper()
	require.NoError(t, j.Commit(t.Context(), change(e, s)))
	e, err := j.Load(t.Context(), e.Reference)
	require.NoError(t, err)
	return e
}

// feed returns all changes after a cursor, as references.
func feed(t testing.TB, j *postgres.Journal, after dispatch.Cursor) (references []string, last dispatch.Cursor) {
	t.Helper()
	for {
		some, err := j.Changes(t.Context(), after, 7)
		require.NoError(t, err)
		if len(some) == 0 {
			return references, after
		}
		for _, c := range some {
			references, after = append(references, c.Reference), c.Cursor
		}
	}
}
