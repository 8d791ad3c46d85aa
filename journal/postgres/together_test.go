package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/postgres"
)

// counter counts statements that write, and the commits among them that take many.
type counter struct{ together, alone atomic.Int64 }

func (c *counter) watch(p *pgxpool.Config) { p.ConnConfig.Tracer = c }

// TraceQueryStart implements [pgx.QueryTracer].
func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	switch {
	case strings.Contains(q.SQL, "WITH free AS"):
		c.together.Add(1)
	case strings.Contains(q.SQL, "WITH moved AS"):
		c.alone.Add(1)
	}
	return ctx
}

// TraceQueryEnd implements [pgx.QueryTracer].
func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// gather makes commits that wait until all of them are there: the process has no
// connection to make them with before that. One more commit, of a payout of its own, is
// at the head. What is returned are the outcomes.
func gather(t *testing.T, j *postgres.Journal, pool *pgxpool.Pool, changes ...dispatch.Change) []error {
	t.Helper()
	var all []*pgxpool.Conn
	for range pool.Config().MaxConns {
		c, err := pool.Acquire(t.Context())
		require.NoError(t, err)
		all = append(all, c)
	}
	var wg sync.WaitGroup
	c := change(head(), dispatch.StateOpen)
	wg.Go(func() { _ = j.Commit(context.Background(), c) })
	wait(t, func() bool { return j.Running() == 1 })
	outcomes := make([]error, len(changes))
	for i, c := range changes {
		before := j.Gathered()
		wg.Go(func() { outcomes[i] = j.Commit(context.Background(), c) })
		wait(t, func() bool { return j.Gathered() != before })
	}
	for _, c := range all {
		c.Release()
	}
	wg.Wait()
	return outcomes
}

func head() dispatch.Entry {
	e := planned("head")
	e.Version = 1
	return e
}

// wait waits for what another goroutine does.
func wait(t *testing.T, until func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !until(); runtime.Gosched() {
		require.True(t, time.Now().Before(deadline))
	}
}

// gathering returns a journal with payouts that gather, and what counts its statements.
func gathering(t *testing.T, payouts int) (*postgres.Journal, *pgxpool.Pool, *counter, []dispatch.Entry) {
	t.Helper()
	c := &counter{}
	pool := connect(t, database(t), c.watch, func(p *pgxpool.Config) { p.MaxConns = 2 })
	j, err := postgres.Create(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	take(t, j, planned("head"))
	var entries []dispatch.Entry
	for i := range payouts {
		entries = append(entries, take(t, j, planned(fmt.Sprint("p-", i))))
	}
	return j, pool, c, entries
}

// What is committed at once is one statement.
func TestTogether(t *testing.T) {
	const payouts = 200
	j, pool, counted, entries := gathering(t, payouts)
	shown := time.Time{}
	var changes []dispatch.Change
	for i, e := range entries {
		c := change(e, dispatch.StateOpen)
		c.Entry.Sealed = nil
		if i%2 == 0 {
			c.Entry.Sealed = []byte(e.Reference)
			c.Shown = dispatch.Shown{Account: fmt.Sprint("bank-", i%4), Sent: in(time.Duration(i%7) * time.Minute), At: in(time.Duration(i) * time.Minute)}
		}
		for k := range i % 3 {
			c.Entry.Attempts = append(c.Entry.Attempts, dispatch.Attempt{Provider: "bank", Account: "bank", Reference: fmt.Sprintf("%s-%d", e.Reference, k), State: dispatch.StateOpen})
		}
		changes = append(changes, c)
	}
	for _, err := range gather(t, j, pool, changes...) {
		require.NoError(t, err)
	}
	require.Equal(t, int64(4), counted.together.Load(), "the head, a second one when many wait, and the rest")
	require.Zero(t, counted.alone.Load())
	for i, c := range changes {
		e, err := j.Load(t.Context(), c.Entry.Reference)
		require.NoError(t, err)
		want := c.Entry
		want.Version = 2
		require.Equal(t, want, e)
		history, err := j.History(t.Context(), e.Reference)
		require.NoError(t, err)
		require.Equal(t, []dispatch.Event{c.Event}, history)
		for _, a := range c.Entry.Attempts {
			found, err := j.FindAttempt(t.Context(), "bank", strings.ToUpper(a.Reference))
			require.NoError(t, err)
			require.Equal(t, e, found)
		}
		if i%7 == 6 && i%2 == 0 && i%4 == 0 {
			shown = c.Shown.At
		}
	}
	s, err := j.Shown(t.Context(), "bank-0")
	require.NoError(t, err)
	require.Equal(t, dispatch.Shown{Account: "bank-0", Sent: in(6 * time.Minute), At: shown}, s, "the newest")
	findings, err := j.Verify(t.Context())
	require.NoError(t, err)
	require.Empty(t, findings)
}

// Each commit has its own outcome: what can't be committed keeps nobody else from it.
func TestTogetherEachItsOwn(t *testing.T) {
	for _, taken := range []bool{false, true} {
		t.Run(fmt.Sprint("taken=", taken), func(t *testing.T) {
			j, pool, _, entries := gathering(t, 6)
			commit(t, j, entries[1], dispatch.StateOpen)
			commit(t, j, entries[2], dispatch.StatePaid)
			require.NoError(t, j.Erase(t.Context(), entries[2].Reference, "A. Clerk"))
			erased, err := j.Load(t.Context(), entries[2].Reference)
			require.NoError(t, err)
			stranger := planned("nobody")
			stranger.Version = 1
			first, second := change(entries[3], dispatch.StateOpen), change(entries[3], dispatch.StateFailed)
			one, other := change(entries[4], dispatch.StateOpen), change(entries[5], dispatch.StateOpen)
			one.Entry.Attempts = []dispatch.Attempt{{Provider: "bank", Account: "bank", Reference: "one", State: dispatch.StateOpen}}
			other.Entry.Attempts = []dispatch.Attempt{{Provider: "bank", Account: "bank", Reference: "other", State: dispatch.StateOpen}}
			if taken {
				other.Entry.Attempts = []dispatch.Attempt{{Provider: "bank", Account: "bank", Reference: "ONE", State: dispatch.StateOpen}}
			}
			outcomes := gather(t, j, pool,
				change(entries[0], dispatch.StateOpen), change(entries[1], dispatch.StateFailed), change(erased, dispatch.StatePaid),
				change(stranger, dispatch.StateOpen), first, second, one, other)
			require.NoError(t, outcomes[0])
			require.ErrorIs(t, outcomes[1], dispatch.ErrStale)
			require.NoError(t, outcomes[2], "what is erased stays so")
			require.ErrorIs(t, outcomes[3], dispatch.ErrNoEntry)
			// Of two that want the same, one gets it.
			require.NotEqual(t, outcomes[4] == nil, outcomes[5] == nil)
			require.ErrorIs(t, errors.Join(outcomes[4:6]...), dispatch.ErrStale)
			if taken {
				require.NotEqual(t, outcomes[6] == nil, outcomes[7] == nil)
				require.ErrorIs(t, errors.Join(outcomes[6:8]...), dispatch.ErrReferenceTaken)
			} else {
				require.NoError(t, errors.Join(outcomes[6:8]...))
			}
			again, err := j.Load(t.Context(), erased.Reference)
			require.NoError(t, err)
			require.Equal(t, "card", again.Destination)
			require.Nil(t, again.Sealed)
			findings, err := j.Verify(t.Context())
			require.NoError(t, err)
			require.Empty(t, findings)
		})
	}
}

// What somebody has locked keeps nobody waiting but him who wants it.
func TestTogetherWaitsForNobody(t *testing.T) {
	attempt := []dispatch.Attempt{{Provider: "bank", Account: "bank", Reference: "one", State: dispatch.StateOpen}}
	commits := func(j *postgres.Journal, e dispatch.Entry) error {
		c := change(e, dispatch.StateOpen)
		if e.Reference == "p-1" {
			c.Entry.Attempts = attempt
		}
		return j.Commit(context.Background(), c)
	}
	for name, row := range map[string]struct {
		lock string
		do   func(*postgres.Journal, dispatch.Entry) error
	}{
		"a payout":           {`SELECT FROM payout.payouts WHERE reference = 'p-1' FOR UPDATE`, commits},
		"a bank's reference": {`INSERT INTO payout.attempts VALUES ('bank', 'one', 'another', 'bank')`, commits},
		"the same, taken on": {
			`INSERT INTO payout.payouts SELECT 'new-' || reference, version, state, queue, due, created_at, amount, currency, erased, leased_by, leased_until, document, sealed
				FROM payout.payouts WHERE reference = 'p-1'`,
			func(j *postgres.Journal, e dispatch.Entry) error {
				_, inserted, err := j.Insert(context.Background(), planned("new-"+e.Reference))
				if err == nil && !inserted {
					err = errors.New("it was there")
				}
				return err
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			j, pool, _, entries := gathering(t, 3)
			locker := connect(t, pool.Config().ConnString())
			tx, err := locker.Begin(t.Context())
			require.NoError(t, err)
			_, err = tx.Exec(t.Context(), row.lock)
			require.NoError(t, err)
			var done [3]chan error
			for i, e := range entries {
				done[i] = make(chan error, 1)
				go func() { done[i] <- row.do(j, e) }()
			}
			require.NoError(t, <-done[0])
			require.NoError(t, <-done[2])
			require.Empty(t, done[1])
			require.NoError(t, tx.Rollback(t.Context()))
			require.NoError(t, <-done[1])
		})
	}
}

// Of many who take the same payouts on, each once, one has each.
func TestInsertTogether(t *testing.T) {
	const payouts, callers = 50, 4
	a, b, _ := two(t, postgres.Config{})
	var won [payouts]atomic.Int64
	var wg sync.WaitGroup
	for caller := range callers {
		j := a
		if caller%2 == 1 {
			j = b
		}
		for i := range payouts {
			wg.Go(func() {
				e := planned(fmt.Sprint("p-", i))
				e.Deferred = caller + 1
				stands, inserted, err := j.Insert(context.Background(), e)
				if err != nil {
					t.Error(err)
					return
				}
				if inserted {
					won[i].Add(int64(caller + 1))
				}
				if inserted && stands.Deferred != caller+1 {
					t.Error("another one's")
				}
			})
		}
	}
	wg.Wait()
	for i := range payouts {
		e, err := a.Load(t.Context(), fmt.Sprint("p-", i))
		require.NoError(t, err)
		require.Equal(t, int64(e.Deferred), won[i].Load())
	}
}
