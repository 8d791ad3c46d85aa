package postgres_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/postgres"
)

// A session that became another than the one that was looked at commits nothing, in
// either way.
func TestIsolationSetLater(t *testing.T) {
	var set atomic.Bool
	pool := connect(t, database(t), func(c *pgxpool.Config) {
		c.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
			if !set.Load() {
				return nil
			}
			_, err := c.Exec(ctx, `SET default_transaction_isolation = 'serializable'`)
			return err
		}
	})
	j, err := postgres.Create(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	e := take(t, j, planned("p-1"))
	set.Store(true)
	pool.Reset()
	limited := change(e, dispatch.StateOpen)
	limited.Reserve = []dispatch.Use{{Bucket: "b"}}
	for _, c := range []dispatch.Change{change(e, dispatch.StateOpen), limited} {
		require.ErrorContains(t, j.Commit(t.Context(), c), "is not the one that was looked at")
	}
	set.Store(false)
	pool.Reset()
	commit(t, j, e, dispatch.StateOpen)
}
