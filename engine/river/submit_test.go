package river_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/engine/river"
	"github.com/payoutkit/payout/journal/postgres"
	"github.com/payoutkit/payout/journal/seal"
)

// jobsOf returns the states of a payout's jobs, with their queues.
func jobsOf(t testing.TB, pool *pgxpool.Pool, reference string) (out []string) {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT queue || ' ' || state FROM payout_river.river_job WHERE kind = 'payout' AND args->>'reference' = $1 ORDER BY id`, reference)
	require.NoError(t, err)
	out, err = pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return out
}

func engine(t testing.TB, c river.Config) *river.Engine {
	t.Helper()
	e, err := river.New(c)
	require.NoError(t, err)
	return e
}

var errNo = errors.New("no")

// A debit, the payout and its job are there together or not at all.
func TestSubmitTx(t *testing.T) {
	pool := fresh(t)
	c := config(t, pool, newTill("till"))
	e := engine(t, c)
	_, err := pool.Exec(t.Context(), `CREATE TABLE debits (reference text PRIMARY KEY)`)
	require.NoError(t, err)
	submit := func(reference string, end error) error {
		return pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), `INSERT INTO debits VALUES ($1)`, reference); err != nil {
				return err
			}
			entry, inserted, err := e.SubmitTx(t.Context(), tx, order(reference))
			if err != nil {
				return err
			}
			require.True(t, inserted)
			require.Equal(t, dispatch.StatePlanned, entry.State)
			require.Empty(t, jobsOf(t, pool, reference), "nobody sees it before the commit")
			return end
		})
	}
	require.ErrorIs(t, submit("p-1", errNo), errNo)
	require.Empty(t, jobsOf(t, pool, "p-1"))
	_, err = c.Journal.Load(t.Context(), "p-1")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)

	require.NoError(t, submit("p-2", nil))
	require.Equal(t, []string{"payout_to_till available"}, jobsOf(t, pool, "p-2"))
	_, err = c.Journal.Load(t.Context(), "p-2")
	require.NoError(t, err)
	var debits int
	require.NoError(t, pool.QueryRow(t.Context(), `SELECT count(*) FROM debits`).Scan(&debits))
	require.Equal(t, 1, debits)
}

// Where the job can't be written, there is no payout either.
func TestSubmitWithoutJob(t *testing.T) {
	pool := fresh(t)
	c := config(t, pool, newTill("till"))
	e := engine(t, c)
	_, err := pool.Exec(t.Context(), `ALTER TABLE payout_river.river_job ADD CONSTRAINT full_disk CHECK (false) NOT VALID`)
	require.NoError(t, err)
	_, err = e.Submit(t.Context(), order("p-1"))
	require.Error(t, err)
	_, err = c.Journal.Load(t.Context(), "p-1")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)
}

// Many who submit at once are taken on together, each payout once and with one job,
// whatever the others are about.
func TestSubmitMany(t *testing.T) {
	const payouts, callers = 40, 3
	pool := fresh(t)
	c := config(t, pool, newTill("till"))
	e := engine(t, c)
	_, err := e.Submit(t.Context(), order("p-0"))
	require.NoError(t, err)
	tx, err := pool.Begin(t.Context()) // somebody is about to take this one on, and takes his time
	require.NoError(t, err)
	_, _, err = e.SubmitTx(t.Context(), tx, order("slow"))
	require.NoError(t, err)
	slow := make(chan error, 1)
	go func() { _, err := e.Submit(context.Background(), order("slow")); slow <- err }()
	var wg sync.WaitGroup
	for i := range payouts {
		for range callers {
			wg.Go(func() {
				entry, err := e.Submit(context.Background(), order(fmt.Sprint("p-", i)))
				if err != nil || entry.State != dispatch.StatePlanned {
					t.Error(entry.State, err)
				}
			})
		}
	}
	other := order("p-0")
	other.Amount = payout.MustMoney("99.99 RUB")
	_, err = e.Submit(t.Context(), other)
	require.ErrorIs(t, err, payout.ErrConflict)
	wg.Wait()
	for i := range payouts {
		require.Equal(t, []string{"payout_to_till available"}, jobsOf(t, pool, fmt.Sprint("p-", i)))
	}
	require.Empty(t, slow)
	require.NoError(t, tx.Commit(t.Context()))
	require.NoError(t, <-slow)
	require.Equal(t, []string{"payout_to_till available"}, jobsOf(t, pool, "slow"))
}

func TestSubmitAgain(t *testing.T) {
	pool := fresh(t)
	bank := newTill("till")
	c := config(t, pool, bank)
	e := engine(t, c)
	for range 3 {
		_, err := e.Submit(t.Context(), order("p-1"))
		require.NoError(t, err)
	}
	require.Equal(t, []string{"payout_to_till available"}, jobsOf(t, pool, "p-1"))
	other := order("p-1")
	other.Amount = payout.MustMoney("1500.01 RUB")
	_, err := e.Submit(t.Context(), other)
	require.ErrorIs(t, err, payout.ErrConflict)
	run(t, e)
	until(t, c.Journal, dispatch.StatePaid, 1)
	entry, err := e.Submit(t.Context(), order("p-1"))
	require.NoError(t, err)
	require.Equal(t, dispatch.StatePaid, entry.State)
	require.Equal(t, map[string]int{"p-1": 1}, bank.moved())
}

// coded is an extra with a code that must not be kept.
type coded struct{ Code payout.Secret }

var codedKind = payout.NewKind("coded", "an extra with a code",
	payout.Hidden(payout.Field{Name: "code", Doc: "the code", Unstored: true}, func(c *coded) *payout.Secret { return &c.Code }))

func (coded) Kind() payout.Kind { return codedKind }

// What another machine could not send is not taken.
func TestSubmitUnstorable(t *testing.T) {
	pool := fresh(t)
	c := config(t, pool, newTill("till"))
	e := engine(t, c)
	req := order("p-1")
	req.Options = []payout.Option{coded{Code: payout.NewSecret("7391")}}
	_, err := e.Submit(t.Context(), req)
	require.ErrorIs(t, err, payout.ErrInvalid)
	_, err = c.Journal.Load(t.Context(), "p-1")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)
	require.Empty(t, jobsOf(t, pool, "p-1"))
}

// A payout that was taken on by an engine that seals nothing is given its request back by
// submitting it again, whoever sends it then.
func TestSubmitGivesTheRequestBack(t *testing.T) {
	pool := fresh(t)
	bank := newTill("till")
	c := config(t, pool, bank)
	d := c.Dispatch
	d.Journal, d.Sealer = c.Journal, nil
	unsealed, err := dispatch.New(d)
	require.NoError(t, err)
	_, err = unsealed.Submit(t.Context(), order("p-1"))
	require.NoError(t, err)
	_, err = unsealed.Submit(t.Context(), order("p-2"))
	require.NoError(t, err)
	_, err = engine(t, c).Submit(t.Context(), order("p-2")) // before anybody has missed it
	require.NoError(t, err)
	worker := start(t, c)
	until(t, c.Journal, dispatch.StateAwaiting, 1)
	c.Journal, err = postgres.Open(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	elsewhere := engine(t, c)
	_, err = elsewhere.Submit(t.Context(), order("p-1"))
	require.NoError(t, err)
	until(t, c.Journal, dispatch.StatePaid, 2)
	require.NotSame(t, worker, elsewhere)
	require.Equal(t, map[string]int{"p-1": 1, "p-2": 1}, bank.moved())
}

// A job says which payout it is for, and nothing else.
func TestNothingPersonalInJobs(t *testing.T) {
	pool := fresh(t)
	c := config(t, pool, newTill("till"))
	e := engine(t, c)
	_, err := e.Submit(t.Context(), order("p-1"))
	require.NoError(t, err)
	var args, all string
	require.NoError(t, pool.QueryRow(t.Context(), `SELECT args::text, to_jsonb(j)::text FROM payout_river.river_job j WHERE kind = 'payout'`).Scan(&args, &all))
	require.JSONEq(t, `{"reference": "p-1"}`, args)
	require.NotContains(t, all, "4111")
	require.NotContains(t, all, "PETROV")
}

func TestNew(t *testing.T) {
	pool := fresh(t)
	good := func() river.Config { return config(t, pool, newTill("till")) }
	for name, c := range map[string]struct {
		change func(*river.Config)
		says   string
	}{
		"no pool":                             {func(c *river.Config) { c.Pool = nil }, "pool"},
		"no journal":                          {func(c *river.Config) { c.Journal = nil }, "journal"},
		"a journal in Dispatch":               {func(c *river.Config) { c.Dispatch.Journal = c.Journal }, "dispatch.journal"},
		"no sealer":                           {func(c *river.Config) { c.Dispatch.Sealer = nil }, "dispatch.sealer"},
		"a job that is rescued while it runs": {func(c *river.Config) { c.JobTimeout, c.RescueAfter = time.Hour, time.Hour }, "rescue_after"},
		"a job that ends before its step":     {func(c *river.Config) { c.JobTimeout = 2 * time.Second }, "job_timeout"},
		"a schema with a space":               {func(c *river.Config) { c.Schema = "our jobs" }, "schema"},
		"workers for nobody":                  {func(c *river.Config) { c.Workers = map[string]int{"other": 1} }, "workers.other"},
		"no workers":                          {func(c *river.Config) { c.Workers = map[string]int{"till": 0} }, "workers.till"},
		"a negative sweep":                    {func(c *river.Config) { c.Sweep = -1 }, "sweep"},
		"no routes":                           {func(c *river.Config) { c.Dispatch.Routes = nil }, "routes"},
	} {
		t.Run(name, func(t *testing.T) {
			broken := good()
			c.change(&broken)
			_, err := river.New(broken)
			require.ErrorIs(t, err, payout.ErrInvalid)
			require.ErrorContains(t, err, c.says)
		})
	}
	_, err := river.New(good())
	require.NoError(t, err)
}

// Many processes migrate at once, and again; it changes nothing that is there.
func TestMigrate(t *testing.T) {
	pool := fresh(t)
	errs := make(chan error)
	for range 4 {
		go func() { errs <- river.Migrate(context.Background(), pool, "jobs_of_ours") }()
	}
	for range 4 {
		require.NoError(t, <-errs)
	}
	require.ErrorContains(t, river.Migrate(t.Context(), pool, `a"b`), "schema")
	c := config(t, pool, newTill("till"))
	c.Schema = "jobs_of_ours"
	e := start(t, c)
	_, err := e.Submit(t.Context(), order(fmt.Sprint("p-", 1)))
	require.NoError(t, err)
	until(t, c.Journal, dispatch.StatePaid, 1)
}

// Payouts that are there already are submitted again, as a batch does, by more callers at
// once than the pool has connections. Sealing takes a connection, too: nobody waits for
// it with another one in hand.
func TestSubmitAgainAtOnce(t *testing.T) {
	pool := fresh(t)
	c := config(t, pool, newTill("till"))
	c.Dispatch.Sealer = seal.Each(clear{}, c.Journal, nil)
	e := engine(t, c)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for range 3 {
		var all sync.WaitGroup
		for i := range 3 * pool.Config().MaxConns {
			all.Go(func() {
				_, err := e.Submit(ctx, order(fmt.Sprint("p-", i)))
				assert.NoError(t, err)
			})
		}
		all.Wait()
	}
}

// An engine that only takes payouts on does so with the journal's keys, too.
func TestSubmitWithAnotherKey(t *testing.T) {
	pool := fresh(t)
	c := config(t, pool, newTill("till"))
	_, err := engine(t, c).Submit(t.Context(), order("p-1"))
	require.NoError(t, err)
	c.Dispatch.Keys = dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("another key of thirty-two bytes or more")}}
	_, err = engine(t, c).Submit(t.Context(), order("p-2"))
	require.ErrorIs(t, err, dispatch.ErrOtherKey)
	require.Empty(t, jobsOf(t, pool, "p-2"))
}
