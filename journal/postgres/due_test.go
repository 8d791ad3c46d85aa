package postgres_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/postgres"
)

// two returns a journal as two processes open it, each with a pool of its own.
func two(t *testing.T, c postgres.Config) (a, b *postgres.Journal, pool *pgxpool.Pool) {
	t.Helper()
	a, pool = fresh(t, c)
	b, err := postgres.Open(t.Context(), connect(t, pool.Config().ConnString()), c)
	require.NoError(t, err)
	return a, b, pool
}

func due(t *testing.T, j *postgres.Journal, w dispatch.Work, now time.Time, limit int) (out []string) {
	t.Helper()
	all, err := j.Due(t.Context(), w, now, limit)
	require.NoError(t, err)
	for _, d := range all {
		out = append(out, d.Reference)
	}
	return out
}

func TestLeases(t *testing.T) {
	a, b, _ := two(t, postgres.Config{})
	for i := range 6 {
		take(t, a, planned(fmt.Sprintf("p-%d", i)))
	}
	require.Equal(t, []string{"p-0", "p-1"}, due(t, a, dispatch.Send, began, 2))
	require.Equal(t, []string{"p-2", "p-3", "p-4"}, due(t, b, dispatch.Send, began, 3), "what one has the other is not given")
	require.Equal(t, []string{"p-0", "p-1", "p-5"}, due(t, a, dispatch.Send, in(time.Second), 9), "its own it is given again")
	n, err := b.Waiting(t.Context(), dispatch.Send, began, 100)
	require.NoError(t, err)
	require.Equal(t, 6, n, "whoever has them")

	e, err := a.Load(t.Context(), "p-0")
	require.NoError(t, err)
	commit(t, a, e, dispatch.StateOpen)
	require.Equal(t, []string{"p-0"}, due(t, b, dispatch.Ask, began, 9), "a commit ends the lease")

	// At 31 s the first leases of a have run out, but for those that it has renewed.
	require.Equal(t, []string{"p-1", "p-2", "p-3", "p-4", "p-5"}, due(t, b, dispatch.Send, in(31*time.Second), 9)[:5])
	require.Empty(t, due(t, a, dispatch.Send, in(32*time.Second), 9))
	require.Equal(t, []string{"p-1", "p-2", "p-3", "p-4", "p-5"}, due(t, b, dispatch.Send, in(50*time.Second), 9), "renewed")
	require.Empty(t, due(t, a, dispatch.Send, in(70*time.Second), 9))
	require.Len(t, due(t, a, dispatch.Send, in(81*time.Second), 9), 5, "its holder is gone")
}

// A request that is in one process's memory alone is that process's to send.
func TestUnsealedIsItsOwners(t *testing.T) {
	a, b, _ := two(t, postgres.Config{})
	e := planned("p-1")
	e.Sealed = nil
	e = take(t, a, e)
	require.Empty(t, due(t, b, dispatch.Send, began, 9))
	require.Equal(t, []string{"p-1"}, due(t, a, dispatch.Send, in(time.Second), 9))
	e.Due = in(time.Hour) // not sent for now
	e = commit(t, a, e, dispatch.StatePlanned)
	require.Empty(t, due(t, b, dispatch.Send, in(time.Hour), 9))
	require.Equal(t, []string{"p-1"}, due(t, a, dispatch.Send, in(time.Hour), 9))
	require.Equal(t, []string{"p-1"}, due(t, b, dispatch.Send, in(time.Hour+31*time.Second), 9), "its owner is gone")
	commit(t, a, e, dispatch.StateOpen)
	require.Equal(t, []string{"p-1"}, due(t, b, dispatch.Ask, in(time.Hour), 9), "anybody may ask")
}

// Several that look at once share what there is: each row goes to one of them, and none
// goes away empty while there are some.
func TestDueAtOnce(t *testing.T) {
	a, b, _ := two(t, postgres.Config{})
	const rows, page = 300, 25
	for i := range rows {
		take(t, a, planned(fmt.Sprintf("p-%03d", i)))
	}
	var mu sync.Mutex
	given := map[string]*postgres.Journal{}
	var wg sync.WaitGroup
	for _, j := range []*postgres.Journal{a, b} {
		wg.Go(func() {
			for round := 1; round*page <= rows/2; round++ {
				all, err := j.Due(t.Context(), dispatch.Send, began, round*page)
				if !assert.NoError(t, err) {
					return
				}
				mu.Lock()
				for _, d := range all {
					if other, ok := given[d.Reference]; ok && other != j {
						t.Errorf("%s was given to both", d.Reference)
					}
					given[d.Reference] = j
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	owned := map[*postgres.Journal]int{}
	for _, j := range given {
		owned[j]++
	}
	require.Greater(t, owned[a], rows/4)
	require.Greater(t, owned[b], rows/4)
}
