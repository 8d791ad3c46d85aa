package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/dispatch/journaltest"
	"github.com/payoutkit/payout/journal/sqlite"
	"github.com/payoutkit/payout/journal/witness"
)

// created returns a new journal, closed at the end of the test.
func created(t testing.TB, c sqlite.Config) (*sqlite.Journal, string) {
	path := filepath.Join(t.TempDir(), "payouts.journal")
	j, err := sqlite.Create(t.Context(), path, c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, j.Close()) })
	return j, path
}

func TestJournal(t *testing.T) {
	journaltest.Run(t, func(t *testing.T) dispatch.Journal {
		j, _ := created(t, sqlite.Config{})
		return j
	})
}

func TestJournalWithWitness(t *testing.T) {
	journaltest.Run(t, func(t *testing.T) dispatch.Journal {
		w, err := witness.Open(filepath.Join(t.TempDir(), "witness"))
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, w.Close()) })
		j, _ := created(t, sqlite.Config{Witness: w})
		return j
	})
}
