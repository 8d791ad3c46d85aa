package postgres_test

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/simulation"
	"github.com/payoutkit/payout/journal/postgres"
	"github.com/payoutkit/payout/journal/witness"
)

var (
	histories = flag.Int("histories", 60, "how many histories to simulate")
	seed      = flag.Uint64("seed", 0, "simulate this one history, and tell its story")
	firstSeed = flag.Uint64("first", 1, "the first seed")
)

// bench is where the journal of one history is: a schema of its own.
type bench struct {
	t       testing.TB
	address string
	lives   int
	config  postgres.Config
	pool    *pgxpool.Pool
	journal *postgres.Journal
}

var schemas atomic.Int64

// place makes a journal in a database. It runs in the history's bubble: a connection that
// waits for the server keeps time from passing, and one that is idle has no goroutine.
// What does have timers is the pool: its connections must not grow old with the bubble's
// weeks.
func place(t testing.TB, address string, witnessed bool) (*simulation.Place, *bench) {
	b := &bench{t: t, address: address, config: postgres.Config{Schema: fmt.Sprintf("history %d", schemas.Add(1))}}
	if witnessed {
		w, err := witness.Open(filepath.Join(t.TempDir(), "witness"))
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, w.Close()) })
		b.config.Witness = w
	}
	b.connect()
	var err error
	b.journal, err = postgres.Create(t.Context(), b.pool, b.config)
	require.NoError(t, err)
	t.Cleanup(func() {
		findings, err := b.journal.Verify(context.Background())
		require.NoError(t, err)
		require.Empty(t, findings)
		_, err = b.pool.Exec(context.Background(), `DROP SCHEMA "`+b.config.Schema+`" CASCADE`)
		require.NoError(t, err)
		b.pool.Close()
	})
	return &simulation.Place{Journal: b.journal, Reopen: b.reopen}, b
}

func (b *bench) connect() {
	c, err := pgxpool.ParseConfig(b.address)
	require.NoError(b.t, err)
	const ages = 100 * 365 * 24 * time.Hour
	c.MaxConnLifetime, c.MaxConnIdleTime, c.HealthCheckPeriod = ages, ages, ages
	b.pool, err = pgxpool.NewWithConfig(b.t.Context(), c)
	require.NoError(b.t, err)
}

// reopen is what a new process does: it has other connections, and other leases.
func (b *bench) reopen() dispatch.Journal {
	b.lives++
	b.pool.Close()
	b.connect()
	var err error
	b.journal, err = postgres.Open(b.t.Context(), b.pool, b.config)
	require.NoError(b.t, err)
	doubt, err := b.journal.Doubt(b.t.Context())
	require.NoError(b.t, err)
	require.Zero(b.t, doubt, "nothing is missing")
	return b.journal
}

// TestSimulation lives through histories of crashes, with a witness and without.
func TestSimulation(t *testing.T) {
	address := database(t)
	for _, witnessed := range []bool{false, true} {
		t.Run(fmt.Sprintf("witnessed=%v", witnessed), func(t *testing.T) {
			var reopened atomic.Int64
			open := func(t testing.TB) *simulation.Place {
				p, s := place(t, address, witnessed)
				t.Cleanup(func() { reopened.Add(int64(s.lives)) })
				return p
			}
			t.Run("histories", func(t *testing.T) {
				simulation.Run(t, simulation.Options{Histories: *histories / 2, First: *firstSeed, Seed: *seed, Shrink: true, Open: open})
			})
			require.True(t, reopened.Load() > 0 || *histories < 50 || *seed > 0)
		})
	}
}

// The same with choices from rapid.
func TestSimulationByRapid(t *testing.T) {
	address := database(t)
	open := func(t testing.TB) *simulation.Place {
		p, _ := place(t, address, true)
		return p
	}
	checks(t, 15)
	rapid.Check(t, func(rt *rapid.T) {
		choices := rapid.SliceOfN(rapid.Byte(), 0, 600).Draw(rt, "choices")
		if s := (simulation.Options{Open: open}).Live(t, choices); s.Broken != nil {
			rt.Fatalf("%v\n%s", s.Broken, strings.Join(s.Trace, "\n"))
		}
	})
}

// checks has rapid make so many, unless a flag says how many.
func checks(t *testing.T, n int) {
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		f := flag.Lookup("rapid.checks")
		was := f.Value.String()
		require.NoError(t, f.Value.Set(fmt.Sprint(n)))
		t.Cleanup(func() { _ = f.Value.Set(was) })
	}
}
