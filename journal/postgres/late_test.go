package postgres_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/postgres"
)

// refusing has a table's transactions fail at their commit, after every row was returned.
func refusing(table, code string) string {
	return fmt.Sprintf(`
		CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'late' USING ERRCODE = '%s'; END $$;
		CREATE CONSTRAINT TRIGGER late AFTER INSERT ON payout.%s DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late()`, code, table)
}

// A transaction that fails at its very end, as one with somebody's deferred trigger
// can, is not acknowledged for the rows that it returned before.
func TestCommitFailsAtItsEnd(t *testing.T) {
	for _, code := range []string{"40001", "40P01", "55P03", "23514"} {
		t.Run(code, func(t *testing.T) {
			j, pool := fresh(t, postgres.Config{})
			e := take(t, j, planned("p-1"))
			_, err := pool.Exec(t.Context(), refusing("events", code))
			require.NoError(t, err)
			require.Error(t, j.Commit(t.Context(), change(e, dispatch.StateOpen)))
			have, err := j.Load(t.Context(), "p-1")
			require.NoError(t, err)
			require.Equal(t, e.Version, have.Version)
		})
		t.Run(code+", inserting", func(t *testing.T) {
			j, pool := fresh(t, postgres.Config{})
			_, err := pool.Exec(t.Context(), refusing("payouts", code))
			require.NoError(t, err)
			_, _, err = j.Insert(t.Context(), planned("p-1"))
			require.Error(t, err)
			_, err = j.Load(t.Context(), "p-1")
			require.ErrorIs(t, err, dispatch.ErrNoEntry)
		})
	}
}
