package river_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/engine/river"
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
func connect(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	c, err := pgxpool.ParseConfig(url)
	require.NoError(t, err)
	c.MaxConns = 24
	pool, err := pgxpool.NewWithConfig(context.Background(), c)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

// fresh returns the pool of a database that has a journal and River's tables.
func fresh(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool := connect(t, pgtest.Database(t, execute))
	_, err := postgres.Create(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	require.NoError(t, river.Migrate(t.Context(), pool, ""))
	return pool
}

// clear is a sealer that seals nothing: the tests have test numbers only.
type clear struct{}

func (clear) Seal(_ context.Context, text []byte, _ string) ([]byte, error) { return text, nil }
func (clear) Open(_ context.Context, text []byte, _ string) ([]byte, error) { return text, nil }

// config is that of an engine in a database, with these banks.
func config(t testing.TB, pool *pgxpool.Pool, banks ...payout.Provider) river.Config {
	t.Helper()
	j, err := postgres.Open(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	c := river.Config{
		Pool: pool, Journal: j, Sweep: time.Second, Logger: slog.New(slog.DiscardHandler),
		Dispatch: dispatch.Config{
			Sealer: clear{}, Workers: 16,
			Keys:  dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of thirty-two bytes, for tests")}},
			Rates: dispatch.Rates{SendsPerSecond: 1e6, AsksPerSecond: 1e6, Unknowns: 1e6},
			Times: dispatch.Times{
				SendWindow: time.Second, CallTimeout: 2 * time.Second, Apart: 100 * time.Millisecond, RetryEvery: 100 * time.Millisecond,
				Patrol: []time.Duration{-1},
			},
		},
	}
	for _, b := range banks {
		c.Dispatch.Providers = append(c.Dispatch.Providers, payout.NewClient(b))
		c.Dispatch.Routes = append(c.Dispatch.Routes, dispatch.Route{Provider: b.Info().Name})
	}
	return c
}

func start(t testing.TB, c river.Config) *river.Engine {
	t.Helper()
	e, err := river.New(c)
	require.NoError(t, err)
	run(t, e)
	return e
}

// run runs an engine until it is stopped, at the latest when the test ends.
func run(t testing.TB, e *river.Engine) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			require.ErrorIs(t, <-ended, context.Canceled)
		})
	}
	t.Cleanup(stop)
	return stop
}

// order is a request of fifteen hundred roubles to a test card.
func order(reference string) payout.Request {
	return payout.Request{
		Reference: reference, Amount: payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient:   payout.Recipient{Name: payout.NewSecret("IVAN PETROV")},
	}
}

var patience = flag.Duration("patience", time.Minute, "how long to wait for payouts to come to where they should")

// until waits for payouts to be so many in a state.
func until(t testing.TB, j *postgres.Journal, state dispatch.State, n int) {
	t.Helper()
	var have map[dispatch.State]int64
	require.Eventually(t, func() bool {
		var err error
		have, err = j.Count(t.Context(), dispatch.Filter{})
		require.NoError(t, err)
		return have[state] == int64(n)
	}, *patience, 10*time.Millisecond, "%v", &have)
}
