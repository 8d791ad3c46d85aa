package postgres_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/pgtest"
	"github.com/payoutkit/payout/journal/postgres"
)

// TestMain fails where a test leaves a goroutine behind. Started by a test as another
// process, this program is a worker.
func TestMain(m *testing.M) {
	if job, ok := os.LookupEnv("PAYOUT_TEST_WORKER"); ok {
		fmt.Fprintln(os.Stderr, work(job))
		os.Exit(1)
	}
	goleak.VerifyTestMain(pgtest.Main(m))
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

// connect returns a pool of connections, which is closed when the test ends.
func connect(t testing.TB, url string, change ...func(*pgxpool.Config)) *pgxpool.Pool {
	t.Helper()
	c, err := pgxpool.ParseConfig(url)
	require.NoError(t, err)
	c.MaxConns = 16
	for _, f := range change {
		f(c)
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

// database returns an empty database.
func database(t testing.TB) string {
	t.Helper()
	return pgtest.Database(t, execute)
}

// fresh returns a new journal in a database of its own.
func fresh(t testing.TB, c postgres.Config) (*postgres.Journal, *pgxpool.Pool) {
	t.Helper()
	pool := connect(t, database(t))
	j, err := postgres.Create(t.Context(), pool, c)
	require.NoError(t, err)
	return j, pool
}

// dispatcher returns one without a bank to speak of: nothing is sent in its tests.
func dispatcher(t testing.TB, j dispatch.Journal) *dispatch.Dispatcher {
	t.Helper()
	d, err := dispatch.New(dispatch.Config{
		Journal: j, Providers: []*payout.Client{payout.NewClient(newTill())}, Routes: []dispatch.Route{{Provider: "till"}}, Sealer: clear{},
		Keys: dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of thirty-two bytes, for tests")}},
	})
	require.NoError(t, err)
	return d
}
