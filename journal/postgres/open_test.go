package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/pgtest"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/postgres"
)

func run(t testing.TB, pool *pgxpool.Pool, statement string, args ...any) {
	t.Helper()
	_, err := pool.Exec(t.Context(), statement, args...)
	require.NoError(t, err)
}

func value[V any](t testing.TB, pool *pgxpool.Pool, statement string, args ...any) (v V) {
	t.Helper()
	require.NoError(t, pool.QueryRow(t.Context(), statement, args...).Scan(&v))
	return v
}

func TestCreateAndOpen(t *testing.T) {
	pool := connect(t, database(t))
	_, err := postgres.Open(t.Context(), pool, postgres.Config{})
	require.ErrorIs(t, err, journal.ErrMissing)
	require.ErrorContains(t, err, "Create")
	require.Zero(t, value[int](t, pool, `SELECT count(*) FROM pg_namespace WHERE nspname = 'payout'`), "opening creates nothing")

	j, err := postgres.Create(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	require.Len(t, j.Lineage(), 32)
	take(t, j, planned("p-1"))
	_, err = postgres.Create(t.Context(), pool, postgres.Config{})
	require.ErrorIs(t, err, journal.ErrExists)

	again, err := postgres.Open(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	require.Equal(t, j.Lineage(), again.Lineage())
	_, err = again.Load(t.Context(), "p-1")
	require.NoError(t, err)

	other, err := postgres.Create(t.Context(), pool, postgres.Config{Schema: `a "journal", of others`})
	require.NoError(t, err, "another schema is another journal")
	require.NotEqual(t, j.Lineage(), other.Lineage())
	_, err = other.Load(t.Context(), "p-1")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)
	take(t, other, planned("p-1"))

	_, err = postgres.Open(t.Context(), pool, postgres.Config{Lease: -1})
	require.ErrorIs(t, err, payout.ErrInvalid)
}

func TestCreateAtOnce(t *testing.T) {
	pool := connect(t, database(t))
	var wg sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		wg.Go(func() { _, errs[i] = postgres.Create(context.Background(), pool, postgres.Config{}) })
	}
	wg.Wait()
	made := 0
	for _, err := range errs {
		if err == nil {
			made++
			continue
		}
		require.ErrorIs(t, err, journal.ErrExists)
	}
	require.Equal(t, 1, made)
}

func TestOpenRefuses(t *testing.T) {
	table := map[string]struct {
		spoil string
		want  error
		says  string
	}{
		"a newer schema":                      {`INSERT INTO payout.migrations (version_id, is_applied) VALUES (99, true)`, journal.ErrNewer, "it has version 99, and this program knows 4"},
		"what is no journal":                  {`DROP TABLE payout.migrations`, journal.ErrNotJournal, ""},
		"a journal that was not finished":     {`DELETE FROM payout.journal`, journal.ErrNotJournal, "Create finishes it"},
		"a journal that did not arrive whole": {`UPDATE payout.journal SET importing = true`, journal.ErrNotJournal, "has not arrived whole"},
		"a journal that was moved":            {`UPDATE payout.journal SET moved_to = 'the cellar'`, journal.ErrMoved, "the cellar"},
		"read-only sessions":                  {`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$`, nil, "read-only"},
		"another isolation":                   {`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$`, nil, "read committed"},
	}
	for name, row := range table {
		t.Run(name, func(t *testing.T) {
			_, pool := fresh(t, postgres.Config{})
			run(t, pool, row.spoil)
			before := value[string](t, pool, `SELECT string_agg(relname || relfilenode, ' ' ORDER BY oid) FROM pg_class`)
			pool.Reset() // settings are those of new sessions
			_, err := postgres.Open(t.Context(), pool, postgres.Config{})
			require.Error(t, err)
			require.ErrorContains(t, err, row.says)
			if row.want != nil {
				require.ErrorIs(t, err, row.want)
			}
			require.Equal(t, before, value[string](t, pool, `SELECT string_agg(relname || relfilenode, ' ' ORDER BY oid) FROM pg_class`), "nothing was touched")
		})
	}
}

// A creation that was cut off is finished by another.
func TestCreateIsFinished(t *testing.T) {
	_, pool := fresh(t, postgres.Config{})
	run(t, pool, `DELETE FROM payout.journal`)
	_, err := postgres.Create(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
}

func TestServersThatAreRefused(t *testing.T) {
	for _, row := range []struct{ setting, says string }{
		{"fsync=off", "fsync is off"},
		{"full_page_writes=off", "full_page_writes is off"},
	} {
		t.Run(row.setting, func(t *testing.T) {
			s := pgtest.Start(t, row.setting)
			_, err := postgres.Create(t.Context(), connect(t, s.URL("postgres")), postgres.Config{})
			require.ErrorContains(t, err, row.says)
		})
	}
}

// A role without rights of its own beside the schema is enough.
func TestPlainRole(t *testing.T) {
	pool := connect(t, database(t))
	run(t, pool, `DO $$ BEGIN CREATE ROLE payer LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`)
	run(t, pool, `DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO payer', current_database()); END $$`)
	plain := connect(t, pool.Config().ConnString(), func(c *pgxpool.Config) { c.ConnConfig.User = "payer" })
	j, err := postgres.Create(t.Context(), plain, postgres.Config{})
	require.NoError(t, err)
	_, err = j.Epoch(t.Context())
	require.NoError(t, err)
	commit(t, j, take(t, j, planned("p-1")), dispatch.StateOpen)
	plain.Close()
	run(t, pool, `DROP OWNED BY payer`)
}

func TestTombstone(t *testing.T) {
	j, pool := fresh(t, postgres.Config{})
	other, err := postgres.Open(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	e := take(t, j, planned("p-1"))
	require.ErrorIs(t, j.Tombstone(t.Context(), ""), payout.ErrInvalid)

	// Whoever is committing meanwhile either has done so, or is refused.
	var wg sync.WaitGroup
	var committed int64
	wg.Go(func() {
		for now := e; ; now.Version++ {
			err := other.Commit(context.Background(), change(now, dispatch.StateOpen))
			if err != nil {
				if !errors.Is(err, journal.ErrMoved) {
					t.Error(err)
				}
				return
			}
			committed = now.Version + 1
		}
	})
	require.NoError(t, j.Tombstone(t.Context(), "the cellar"))
	at := value[int64](t, pool, `SELECT version FROM payout.payouts`)
	wg.Wait()
	require.LessOrEqual(t, committed, at, "nothing was committed after it")

	require.ErrorIs(t, j.Tombstone(t.Context(), "the attic"), journal.ErrMoved)
	_, _, err = other.Insert(t.Context(), planned("p-2"))
	require.ErrorIs(t, err, journal.ErrMoved)
	_, err = other.Epoch(t.Context())
	require.ErrorIs(t, err, journal.ErrMoved)
	require.ErrorIs(t, other.SetHold(t.Context(), dispatch.Hold{Provider: "a", Reason: dispatch.HeldByPerson}), journal.ErrMoved)
	_, err = other.PutKey(t.Context(), "p-1", []byte("key"))
	require.ErrorIs(t, err, journal.ErrMoved)
	_, err = other.Load(t.Context(), "p-1")
	require.NoError(t, err, "it can be read")
	_, err = postgres.Open(t.Context(), pool, postgres.Config{})
	require.ErrorIs(t, err, journal.ErrMoved)
	require.ErrorContains(t, err, "the cellar")
	_, err = postgres.Create(t.Context(), pool, postgres.Config{})
	require.ErrorIs(t, err, journal.ErrExists)
}

// A journal knows the keys that it is used with, whichever process was the first.
func TestCheckKeys(t *testing.T) {
	j, pool := fresh(t, postgres.Config{})
	check := func(key string) dispatch.KeyCheck { return dispatch.CheckOf(payout.NewSecret(key)) }
	one := map[string]dispatch.KeyCheck{"batch": check("one"), "fingerprint 0": check("zero")}
	require.NoError(t, j.CheckKeys(t.Context(), one))
	require.NoError(t, j.CheckKeys(t.Context(), one))
	err := j.CheckKeys(t.Context(), map[string]dispatch.KeyCheck{"batch": check("two"), "fingerprint 1": check("one")})
	require.ErrorIs(t, err, dispatch.ErrOtherKey)
	require.ErrorContains(t, err, `"batch"`)

	// Of two that come first with different keys one is refused.
	other := opened(t, pool, postgres.Config{})
	for n := range 10 {
		outcomes := make(chan error, 2)
		for key, j := range map[string]*postgres.Journal{"a": j, "b": other} {
			go func() {
				outcomes <- j.CheckKeys(t.Context(), map[string]dispatch.KeyCheck{fmt.Sprint("new ", n): check(key)})
			}()
		}
		a, b := <-outcomes, <-outcomes
		if a == nil {
			a, b = b, a
		}
		require.ErrorIs(t, a, dispatch.ErrOtherKey)
		require.NoError(t, b)
	}
	require.Equal(t, int64(11), value[int64](t, pool, `SELECT count(*) FROM payout.journal_events WHERE kind = 'keys'`))
}
