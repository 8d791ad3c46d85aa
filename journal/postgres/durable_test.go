package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/pgtest"
	"github.com/payoutkit/payout/journal/postgres"
)

// A server that acknowledges before it has written waits for the disk all the same.
func TestSynchronousCommit(t *testing.T) {
	s := pgtest.Start(t, "synchronous_commit=off", "wal_writer_delay=10s", "autovacuum=off")
	pool := connect(t, s.URL("postgres"))
	j, err := postgres.Create(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	e, limited := take(t, j, planned("p-1")), take(t, j, planned("p-4"))
	erased := commit(t, j, take(t, j, planned("p-5")), dispatch.StatePaid)
	require.NoError(t, j.Erase(t.Context(), "p-5", "Anna"))
	d := dispatcher(t, j)
	for _, row := range []struct {
		what string
		do   func() error
	}{
		{"Commit", func() error { return j.Commit(t.Context(), change(e, dispatch.StateOpen)) }},
		{"Commit with a limit", func() error {
			c := change(limited, dispatch.StateOpen)
			c.Reserve = []dispatch.Use{{Bucket: "b"}}
			return j.Commit(t.Context(), c)
		}},
		{"Commit of what was erased", func() error { return j.Commit(t.Context(), change(erased, dispatch.StateReturned)) }},
		{"Insert", func() error { _, _, err := j.Insert(t.Context(), planned("p-2")); return err }},
		{"Epoch", func() error { _, err := j.Epoch(t.Context()); return err }},
		{"SetHold", func() error {
			return j.SetHold(t.Context(), dispatch.Hold{Provider: "a", Reason: dispatch.HeldByPerson})
		}},
		{"PutKey", func() error { _, err := j.PutKey(t.Context(), "p-1", []byte("key")); return err }},
		{"SubmitTx", func() error {
			return pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
				_, _, err := j.SubmitTx(t.Context(), tx, d, order("p-3"))
				return err
			})
		}},
	} {
		const state = `SELECT concat((SELECT string_agg(p::text, ' ' ORDER BY reference) FROM payout.payouts p), (SELECT epoch FROM payout.journal),
			(SELECT count(*) FROM payout.holds), (SELECT count(*) FROM payout.payout_keys), (SELECT count(*) FROM payout.events))`
		_, err := j.Epoch(t.Context())
		require.NoError(t, err, "nothing is committed on a server that nobody has looked at")
		before := value[string](t, pool, state)
		require.NoError(t, row.do(), row.what)
		want := value[string](t, pool, state)
		require.NotEqual(t, before, want)
		s.Kill()
		require.NoError(t, s.Run())
		pool.Reset()
		require.Equal(t, want, value[string](t, pool, state), row.what+": what was acknowledged")
	}
}

// The server is killed while many commit: what was acknowledged is there, and what was
// not is there or not, but as a whole. Nothing more is committed before somebody has
// looked at the server that came back.
func TestKilled(t *testing.T) {
	const workers, rounds = 8, 3
	s := pgtest.Start(t)
	pool := connect(t, s.URL("postgres"))
	j, err := postgres.Create(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	for i := range workers {
		take(t, j, planned(fmt.Sprint("p-", i)))
	}
	for range rounds {
		acknowledged := make([]int64, workers)
		many := make(chan struct{}, 1000)
		var wg sync.WaitGroup
		for i := range workers {
			wg.Go(func() {
				ctx := context.Background()
				e, err := j.Load(ctx, fmt.Sprint("p-", i))
				for ; err == nil; e.Version++ {
					c := change(e, dispatch.StateOpen)
					c.Reserve = []dispatch.Use{{Bucket: fmt.Sprint("b-", i)}}
					acknowledged[i] = e.Version
					if err = j.Commit(ctx, c); err == nil {
						select {
						case many <- struct{}{}:
						default:
						}
					}
				}
			})
		}
		for range 300 {
			<-many
		}
		s.Kill()
		wg.Wait()
		_, err := j.Epoch(t.Context())
		require.Error(t, err, "no epoch without a server")
		require.NoError(t, s.Run())
		for i := range workers {
			e, err := j.Load(t.Context(), fmt.Sprint("p-", i))
			require.NoError(t, err)
			require.GreaterOrEqual(t, e.Version, acknowledged[i], "what was acknowledged")
			require.LessOrEqual(t, e.Version, acknowledged[i]+1, "and the one of which nobody knows")
			events, err := j.History(t.Context(), e.Reference)
			require.NoError(t, err)
			require.Len(t, events, int(e.Version-1), "each commit with its event")
			used, err := j.Used(t.Context(), fmt.Sprint("b-", i))
			require.NoError(t, err)
			require.Equal(t, e.Version-1, used.Count, "and what it reserved")
		}
		e, err := j.Load(t.Context(), "p-0")
		require.NoError(t, err)
		require.ErrorContains(t, j.Commit(t.Context(), change(e, dispatch.StateOpen)), "is not the one that was looked at")
		_, err = j.Epoch(t.Context())
		require.NoError(t, err)
		d, err := j.Doubt(t.Context())
		require.NoError(t, err)
		require.Zero(t, d, "a crash loses nothing")
	}
}
