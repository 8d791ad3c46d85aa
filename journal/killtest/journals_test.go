package killtest_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
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
}
