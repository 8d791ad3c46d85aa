package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/journal/internal/stored"
	"github.com/payoutkit/payout/journal/postgres"
)

// Every table and column of the schema is carried when a journal is moved, or is known
// not to be: a new one is added to stored.Tables.
func TestTables(t *testing.T) {
	carried := map[string]bool{}
	for _, table := range stored.Tables() {
		for _, c := range table.Carried(true) {
			carried[table.Name+"."+c.Name] = true
		}
	}
	for _, c := range []string{
		"journal.one", "journal.lineage", "journal.created_at", "journal.epoch", "journal.doubt", "journal.doubt_since", "journal.doubt_why", "journal.moved_to", "journal.importing",
		"shown.slot", "rates.provider", "rates.work", "rates.until",
		"journal.era", "journal.system", "journal.timeline", "payouts.leased_by", "payouts.leased_until",
	} {
		carried[c] = true
	}
	has := map[string]bool{}
	_, pool := fresh(t, postgres.Config{})
	rows, err := pool.Query(t.Context(), `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'payout' AND table_name <> 'migrations'`)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var c string
		require.NoError(t, rows.Scan(&c))
		has[c] = true
	}
	require.NoError(t, rows.Err())
	require.Equal(t, carried, has)
}
