package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
	"github.com/payoutkit/payout/journal/postgres"
)

// What the workers of the register do: they read its version, or write who they are where
// they know the version.
type (
	access struct{ version, by int64 } // by 0: a read
	answer struct {
		version, by int64 // of a read
		won, lost   bool  // of a write
	}
	register struct{ version, by int64 }
)

// compareAndSwap is what Commit and Load promise of one payout.
var compareAndSwap = porcupine.Model{
	Init: func() any { return register{version: 1} },
	Step: func(state, input, output any) (bool, any) {
		s, in, out := state.(register), input.(access), output.(answer)
		switch {
		case in.by == 0:
			return out.version == s.version && out.by == s.by, s
		case out.won:
			return in.version == s.version, register{s.version + 1, in.by}
		default:
			return out.lost && in.version != s.version, s
		}
	},
}

// Commits and reads of one payout, by many workers of two processes, look as if they were
// made one after the other.
func TestLinearizable(t *testing.T) {
	const workers, rounds = 10, 60
	a, b, _ := two(t, postgres.Config{})
	take(t, a, planned("p-1"))
	began := time.Now()
	var mu sync.Mutex
	var history []porcupine.Operation
	var wg sync.WaitGroup
	for worker := range workers {
		wg.Go(func() {
			j, chance := a, rand.New(rand.NewPCG(1, uint64(worker)))
			if worker%2 == 1 {
				j = b
			}
			known := planned("p-1")
			known.Version = 1
			for n := range rounds {
				op := porcupine.Operation{ClientId: worker, Call: time.Since(began).Nanoseconds()}
				if chance.IntN(3) == 0 {
					e, err := j.Load(context.Background(), "p-1")
					if err != nil {
						t.Error(err)
						return
					}
					known = e
					op.Input, op.Output = access{}, answer{version: e.Version, by: int64(e.Deferred)}
				} else {
					by := 1 + worker*rounds + n
					c := change(known, dispatch.StateOpen)
					c.Entry.Deferred = by
					err := j.Commit(context.Background(), c)
					op.Input = access{known.Version, int64(by)}
					op.Output = answer{won: err == nil, lost: errors.Is(err, dispatch.ErrStale)}
					if err == nil {
						known.Version++
					} else if !errors.Is(err, dispatch.ErrStale) {
						t.Error(err)
						return
					}
				}
				op.Return = time.Since(began).Nanoseconds()
				mu.Lock()
				history = append(history, op)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Len(t, history, workers*rounds)
	require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(compareAndSwap, history, time.Minute))
}

// Many workers of two processes take from the same limits, each naming them in an order
// of its own: none of them waits for ever, nothing is over-reserved, and no room is left.
func TestLimitsAtOnce(t *testing.T) {
	const workers, rounds, room = 12, 12, 60
	a, pool := fresh(t, postgres.Config{})
	second := connect(t, pool.Config().ConnString())
	b := opened(t, second, postgres.Config{})
	var buckets []string // so many that two commits are at it together
	for i := range 41 {
		buckets = append(buckets, fmt.Sprint("bucket-", i))
	}
	var wg sync.WaitGroup
	won := make([]int, workers)
	for worker := range workers {
		j := a
		if worker%2 == 1 {
			j = b
		}
		for n := range rounds {
			take(t, j, planned(fmt.Sprintf("p-%d-%d", worker, n)))
		}
		wg.Go(func() {
			for n := range rounds {
				e := planned(fmt.Sprintf("p-%d-%d", worker, n))
				e.Version = 1
				c := change(e, dispatch.StateSending)
				for i := range buckets {
					bucket := buckets[(i*(1+worker%4)+worker)%len(buckets)]
					c.Reserve = append(c.Reserve, dispatch.Use{Bucket: bucket, Amount: payout.FromMinor(3, payout.EUR), MaxAmount: payout.FromMinor(3*room, payout.EUR)})
				}
				c.Shown = dispatch.Shown{Account: "bank", Sent: began.Add(time.Duration(n)), At: began}
				switch err := j.Commit(context.Background(), c); {
				case err == nil:
					won[worker]++
				case !errors.Is(err, dispatch.ErrLimit):
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range won {
		total += n
	}
	require.Equal(t, room, total)
	for _, bucket := range buckets {
		u, err := a.Used(t.Context(), bucket)
		require.NoError(t, err)
		require.Equal(t, dispatch.Used{Count: room, Minor: 3 * room}, u, bucket)
	}
	second.Close()
	pool.Reset() // what a connection has counted is known at the latest when it ends
	require.Eventually(t, func() bool {
		return value[int](t, pool, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()`) == 1
	}, time.Minute, 10*time.Millisecond)
	require.Zero(t, value[int](t, pool, `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`))
}

// What a bank has shown is the newest of what all connections have committed.
func TestShownByMany(t *testing.T) {
	a, b, pool := two(t, postgres.Config{})
	show := func(j *postgres.Journal, reference string, sent time.Time) {
		e := take(t, j, planned(reference))
		c := change(e, dispatch.StatePaid)
		c.Shown = dispatch.Shown{Account: "till", Sent: sent, At: in(time.Hour)}
		require.NoError(t, j.Commit(t.Context(), c))
	}
	show(a, "p-1", in(2*time.Second))
	show(b, "p-2", in(time.Second))
	for _, j := range []*postgres.Journal{a, b} {
		s, err := j.Shown(t.Context(), "till")
		require.NoError(t, err)
		require.True(t, in(2*time.Second).Equal(s.Sent), "%v", s)
	}
	var rows, exported int
	require.NoError(t, pool.QueryRow(t.Context(), `SELECT count(*) FROM payout.shown`).Scan(&rows))
	require.Equal(t, 2, rows, "they do not wait for each other")
	x, err := postgres.Export(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	for _, table := range stored.Tables() {
		if table.Name != "shown" {
			continue
		}
		for row, err := range x.Rows(t.Context(), table, table.Columns) {
			require.NoError(t, err)
			require.Equal(t, stored.Micros(in(2*time.Second)), row[1])
			exported++
		}
	}
	require.Equal(t, 1, exported)
}
