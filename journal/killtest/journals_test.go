package killtest_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/pgtest"
	"github.com/payoutkit/payout/journal/postgres"
	"github.com/payoutkit/payout/journal/sqlite"
)

// kind is a kind of journal.
type kind struct {
	// create makes a new one, and returns where it is.
	create func(t *testing.T) string
	// open opens it, in the process that is killed as in the one that kills.
	open func(ctx context.Context, where string) (dispatch.Journal, func() error, error)
}

// journals are those that have to stand it.
var journals = map[string]kind{
	"sqlite": {
		create: func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "payouts.journal")
			j, err := sqlite.Create(t.Context(), path, sqlite.Config{})
			require.NoError(t, err)
			require.NoError(t, j.Close())
			return path
		},
		open: func(ctx context.Context, where string) (dispatch.Journal, func() error, error) {
			j, err := sqlite.Open(ctx, where, sqlite.Config{})
			if err != nil {
				return nil, nil, err
			}
			return j, j.Close, nil
		},
	},
	"postgres": {
		create: func(t *testing.T) string {
			url := pgtest.Database(t, execute)
			pool, err := pgxpool.New(t.Context(), url)
			require.NoError(t, err)
			defer pool.Close()
			_, err = postgres.Create(t.Context(), pool, postgres.Config{})
			require.NoError(t, err)
			return url
		},
		open: func(ctx context.Context, where string) (dispatch.Journal, func() error, error) {
			pool, err := pgxpool.New(ctx, where)
			if err != nil {
				return nil, nil, err
			}
			j, err := postgres.Open(ctx, pool, postgres.Config{Lease: 3 * time.Second})
			if err != nil {
				pool.Close()
				return nil, nil, err
			}
			return j, func() error { pool.Close(); return nil }, nil
		},
	},
}

func execute(ctx context.Context, url, statement string) error {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	_, err = c.Exec(ctx, statement)
	return err
}
