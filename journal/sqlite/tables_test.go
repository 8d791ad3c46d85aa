package sqlite_test

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/journal/internal/stored"
	"github.com/payoutkit/payout/journal/sqlite"
)

// Every table and column of the schema is carried when a journal is moved, or is known
// not to be: a new one is added to stored.Tables.
func TestTables(t *testing.T) {
	carried := map[string]bool{}
	for _, table := range stored.Tables() {
		for _, c := range table.Carried(false) {
			carried[table.Name+"."+c.Name] = true
		}
	}
	for _, c := range []string{"journal.one", "journal.lineage", "journal.created_at", "journal.epoch", "journal.doubt", "journal.doubt_since", "journal.doubt_why", "journal.moved_to", "journal.importing"} {
		carried[c] = true
	}
	has := map[string]bool{}
	_, path := created(t, sqlite.Config{})
	db, err := sql.Open("sqlite", "file:"+path)
	require.NoError(t, err)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT s.name || '.' || c.name FROM sqlite_schema s, pragma_table_info(s.name) c
		WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%' AND s.name NOT LIKE 'goose_%'`)
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
