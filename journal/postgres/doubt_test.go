package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/pgtest"
	"github.com/payoutkit/payout/journal/postgres"
	"github.com/payoutkit/payout/journal/witness"
)

func doubt(t *testing.T, j *postgres.Journal) dispatch.Doubt {
	t.Helper()
	d, err := j.Doubt(t.Context())
	require.NoError(t, err)
	return d
}

func opened(t *testing.T, pool *pgxpool.Pool, c postgres.Config) *postgres.Journal {
	t.Helper()
	j, err := postgres.Open(t.Context(), pool, c)
	require.NoError(t, err)
	return j
}

// A dump that is put into another cluster is in doubt, until a person says otherwise, and
// a cursor from before goes on right: the numbers of transactions begin again.
func TestRestoredDump(t *testing.T) {
	old, other := pgtest.Start(t), pgtest.Start(t)
	pool := connect(t, old.URL("postgres"))
	j, err := postgres.Create(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	_, err = j.Epoch(t.Context())
	require.NoError(t, err)
	for range 200 { // this cluster has counted further than the other one
		run(t, pool, `SELECT pg_current_xact_id()`)
	}
	a := commit(t, j, take(t, j, planned("p-1")), dispatch.StateOpen)
	references, last := feed(t, j, "")
	require.Equal(t, []string{"p-1"}, references)
	require.Zero(t, doubt(t, j))

	file := filepath.Join(old.Folder(), "dump")
	require.NoError(t, old.Command("pg_dump", "--format=custom", "--file="+file, "postgres").Finish())
	require.NoError(t, os.Chmod(old.Folder(), 0o755))
	require.NoError(t, other.Command("pg_restore", "--dbname=postgres", file).Finish())
	commit(t, j, a, dispatch.StateUnknown) // and goes on
	restored := connect(t, other.URL("postgres"))
	now := time.Date(2026, 11, 23, 1, 2, 3, 4000, time.UTC)
	c := postgres.Config{Now: func() time.Time { return now }}
	r := opened(t, restored, c)
	d := doubt(t, r)
	require.Equal(t, dispatch.Doubt{
		Number: 1, Since: now, Why: "it is in another cluster than it was: what was committed there after it was copied is missing",
	}, d)
	require.Equal(t, d, doubt(t, opened(t, restored, c)), "opened again it is the same")
	require.Zero(t, doubt(t, j), "the old one is not")

	e, err := r.Load(t.Context(), "p-1")
	require.NoError(t, err)
	commit(t, r, e, dispatch.StatePaid)
	references, _ = feed(t, r, last)
	require.Equal(t, []string{"p-1"}, references, "what comes after the cursor, and nothing else")
	references, last = feed(t, r, "")
	require.Equal(t, []string{"p-1", "p-1"}, references)
	_, err = j.Changes(t.Context(), last, 1)
	require.ErrorIs(t, err, payout.ErrInvalid, "a cursor from the future")

	require.ErrorIs(t, r.Trust(t.Context(), "", "the statement of today"), payout.ErrInvalid)
	require.NoError(t, r.Trust(t.Context(), "Anna", "the statement of today"))
	require.Zero(t, doubt(t, r))
	require.ErrorIs(t, r.Trust(t.Context(), "Anna", "again"), payout.ErrInvalid)
	require.JSONEq(t, `{"by": "Anna", "doubt": 1, "why": "the statement of today"}`,
		value[string](t, restored, `SELECT document::text FROM payout.journal_events WHERE kind = 'trusted'`))
	require.Zero(t, doubt(t, opened(t, restored, c)))
}

// A replica that is promoted may lack what was acknowledged; while it follows it is refused.
func TestPromotedReplica(t *testing.T) {
	primary := pgtest.Start(t)
	pool := connect(t, primary.URL("postgres"))
	j, err := postgres.Create(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	take(t, j, planned("p-1"))
	replica := primary.Replica(t)
	second := connect(t, replica.URL("postgres"))
	_, err = postgres.Open(t.Context(), second, postgres.Config{})
	require.ErrorContains(t, err, "standby")

	primary.Kill()
	require.True(t, value[bool](t, second, `SELECT pg_promote()`))
	r := opened(t, second, postgres.Config{SynchronousReplication: true})
	require.Zero(t, doubt(t, r), "it has all that was acknowledged")
	require.Equal(t, int64(2), value[int64](t, second, `SELECT era FROM payout.journal`))
	run(t, second, `UPDATE payout.journal SET timeline = 1`)
	r = opened(t, second, postgres.Config{})
	require.Equal(t, "its cluster has gone from timeline 1 to 2: what was committed on the one before may be missing", doubt(t, r).Why)
}

// A process that lives through the change of servers notices it before it commits.
func TestFailover(t *testing.T) {
	primary := pgtest.Start(t)
	pool := connect(t, primary.URL("postgres"))
	j, err := postgres.Create(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	e := take(t, j, planned("p-1"))
	replica := primary.Replica(t)
	var mu sync.Mutex
	now := primary
	both := connect(t, primary.URL("postgres"), func(c *pgxpool.Config) {
		c.BeforeConnect = func(_ context.Context, c *pgx.ConnConfig) error {
			mu.Lock()
			defer mu.Unlock()
			c.Host = now.Folder()
			return nil
		}
	})
	j = opened(t, both, postgres.Config{})
	require.NoError(t, j.Commit(t.Context(), change(e, dispatch.StateOpen)))
	e.Version++
	second := connect(t, replica.URL("postgres"))
	require.Eventually(t, func() bool { return value[int64](t, second, `SELECT version FROM payout.payouts`) == 2 }, 30*time.Second, 10*time.Millisecond)
	mu.Lock()
	now = replica
	mu.Unlock()
	primary.Kill()
	require.True(t, value[bool](t, second, `SELECT pg_promote()`))
	both.Reset()
	limited := change(e, dispatch.StateUnknown)
	limited.Reserve = []dispatch.Use{{Bucket: "b"}}
	for _, c := range []dispatch.Change{change(e, dispatch.StateUnknown), limited} {
		require.ErrorContains(t, j.Commit(t.Context(), c), "another one took over")
	}
	_, err = j.Epoch(t.Context())
	require.NoError(t, err)
	require.Equal(t, int64(1), doubt(t, j).Number)
	require.NoError(t, j.Commit(t.Context(), change(e, dispatch.StateUnknown)), "it was looked at")
}

// A copy of the files that is put back is noticed by the witness.
func TestWitness(t *testing.T) {
	w, err := witness.Open(filepath.Join(t.TempDir(), "witness"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = w.Close() })
	mark := func() witness.Mark {
		m, ok, err := w.Read(t.Context())
		require.NoError(t, err)
		require.True(t, ok)
		return m
	}
	s := pgtest.Start(t)
	pool := connect(t, s.URL("postgres"))
	c := postgres.Config{Witness: w}
	j, err := postgres.Create(t.Context(), pool, c)
	require.NoError(t, err)
	require.Equal(t, witness.Mark{Lineage: j.Lineage()}, mark(), "written when it is opened")
	epoch, err := j.Epoch(t.Context())
	require.NoError(t, err)
	require.Equal(t, epoch, mark().Epoch)
	require.Len(t, mark().Nonce, 32)
	e := commit(t, j, take(t, j, planned("p-1")), dispatch.StateOpen)
	require.Equal(t, int64(1), mark().Event)
	require.Zero(t, doubt(t, opened(t, pool, c)))

	pool.Reset()
	s.Stop()
	restore, err := s.Copy()
	require.NoError(t, err)
	require.NoError(t, s.Run())
	_, err = j.Epoch(t.Context())
	require.NoError(t, err)
	e = commit(t, j, e, dispatch.StateUnknown)
	e = commit(t, j, e, dispatch.StateOpen)
	_, last := feed(t, j, "")
	require.Equal(t, int64(2), mark().Epoch)
	pool.Reset()
	s.Stop()
	require.NoError(t, restore())
	require.NoError(t, s.Run())

	require.ErrorContains(t, j.Commit(t.Context(), change(e, dispatch.StatePaid)), "is not the one that was looked at")
	e, err = j.Load(t.Context(), "p-1")
	require.NoError(t, err)
	require.Equal(t, int64(2), e.Version, "what was lost")
	require.ErrorContains(t, j.Commit(t.Context(), change(e, dispatch.StatePaid)), "is not the one that was looked at")
	_, err = j.Epoch(t.Context()) // as a dispatcher that still runs does then
	require.NoError(t, err)
	d := doubt(t, j)
	require.Equal(t, int64(1), d.Number)
	require.Equal(t, "its witness saw epoch 2, which it does not have", d.Why)
	require.Equal(t, d, doubt(t, opened(t, pool, c)), "the witness has seen that too")

	// The lost commits had been read; those that come now are not taken for them.
	commit(t, j, e, dispatch.StatePaid)
	references, _ := feed(t, j, last)
	require.Equal(t, []string{"p-1"}, references)

	other, err := postgres.Create(t.Context(), pool, postgres.Config{Schema: "other"})
	require.NoError(t, err)
	_, err = postgres.Open(t.Context(), pool, postgres.Config{Schema: "other", Witness: w})
	require.ErrorContains(t, err, other.Lineage(), "another journal's witness")
	_, err = postgres.Create(t.Context(), pool, postgres.Config{Schema: "third", Witness: w})
	require.ErrorContains(t, err, "it is of the journal")
	_, err = postgres.Create(t.Context(), pool, postgres.Config{Schema: "third"})
	require.NoError(t, err, "nothing was left of it")
}

// forgetful is a witness that can't be written.
type forgetful struct {
	witness.Witness
	err error
}

func (w *forgetful) Write(ctx context.Context, m witness.Mark) error {
	if w.err != nil {
		return w.err
	}
	return w.Witness.Write(ctx, m)
}

// memory is a witness in memory.
type memory struct {
	mu     sync.Mutex
	mark   witness.Mark
	has    bool
	writes int
}

func (w *memory) Read(context.Context) (witness.Mark, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.mark, w.has, nil
}

func (w *memory) Write(_ context.Context, m witness.Mark) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mark, w.has, w.writes = m, true, w.writes+1
	return nil
}

// Each doubt has a number of its own, also if the one before it lasts.
func TestDoubtAfterDoubt(t *testing.T) {
	w := &memory{}
	c := postgres.Config{Witness: w}
	_, pool := fresh(t, c)
	for n := range int64(3) {
		w.mark.Event += 100 // as if the journal had been put back
		j := opened(t, pool, c)
		require.Equal(t, n+1, doubt(t, j).Number)
		if n == 1 {
			require.NoError(t, j.Trust(t.Context(), "Anna", "the statement of today"))
		}
	}
}

// A commit that was not witnessed is not acknowledged.
func TestWitnessFails(t *testing.T) {
	w := &forgetful{Witness: &memory{}}
	j, _ := fresh(t, postgres.Config{Witness: w})
	e := take(t, j, planned("p-1"))
	w.err = errors.New("no disk")
	require.ErrorContains(t, j.Commit(t.Context(), change(e, dispatch.StateOpen)), "no disk")
	_, err := j.Epoch(t.Context())
	require.ErrorContains(t, err, "no disk")
	w.err = nil
	_, err = j.Epoch(t.Context())
	require.NoError(t, err)
}

// However many commit at once, the witness has seen each before it is acknowledged.
func TestWitnessAtOnce(t *testing.T) {
	w := &memory{}
	j, pool := fresh(t, postgres.Config{Witness: w})
	const workers, rounds = 8, 20
	var wg sync.WaitGroup
	for i := range workers {
		e := take(t, j, planned(string(rune('a'+i))))
		wg.Go(func() {
			for range rounds {
				if err := j.Commit(context.Background(), change(e, dispatch.StateOpen)); err != nil {
					t.Error(err)
					return
				}
				e.Version++
				var id int64
				if err := pool.QueryRow(context.Background(), `SELECT max(id) FROM payout.events WHERE reference = $1`, e.Reference).Scan(&id); err != nil {
					t.Error(err)
				}
				if m, _, _ := w.Read(context.Background()); m.Event < id {
					t.Errorf("event %d is acknowledged, and the witness has seen %d", id, m.Event)
				}
			}
		})
	}
	wg.Wait()
	require.Less(t, w.writes, workers*rounds+3, "writes are shared")
}

// Epochs that begin while others commit do not set the witness back behind what was
// acknowledged.
func TestWitnessIsNotSetBack(t *testing.T) {
	w := &ledger{}
	j, _ := fresh(t, postgres.Config{Witness: w})
	var running sync.WaitGroup
	ended := make(chan struct{})
	for i := range 8 {
		e := take(t, j, planned(fmt.Sprint("p-", i)))
		running.Go(func() {
			for {
				if !assert.NoError(t, j.Commit(t.Context(), change(e, dispatch.StateOpen))) {
					return
				}
				e.Version++
				select {
				case <-ended:
					return
				default:
				}
			}
		})
	}
	for range 100 {
		_, err := j.Epoch(t.Context())
		require.NoError(t, err)
	}
	close(ended)
	running.Wait()
	require.Zero(t, w.back)
}

// ledger counts how often it was set back.
type ledger struct {
	memory
	back int
}

func (l *ledger) Write(ctx context.Context, m witness.Mark) error {
	before, _, _ := l.Read(ctx)
	l.mu.Lock()
	if m.Event < before.Event {
		l.back++
	}
	l.mu.Unlock()
	return l.memory.Write(ctx, m)
}
