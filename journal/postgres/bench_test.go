package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/postgres"
)

const benchWorkers = 64

// benched returns a journal with so many payouts in it already, and as many connections
// as there are workers.
func benched(b *testing.B, already int) *postgres.Journal {
	b.Helper()
	pool := connect(b, database(b), func(c *pgxpool.Config) { c.MaxConns = benchWorkers })
	j, err := postgres.Create(b.Context(), pool, postgres.Config{})
	require.NoError(b, err)
	if already > 0 {
		fill(b, pool, already)
	}
	return j
}

// BenchmarkJournal is the journal alone: three durable transitions for each payout, made
// by 64 workers.
func BenchmarkJournal(b *testing.B) {
	j := benched(b, 0)
	epoch, err := j.Epoch(b.Context())
	require.NoError(b, err)
	b.ResetTimer()
	began := time.Now()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range benchWorkers {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				e, _, err := j.Insert(context.Background(), planned(fmt.Sprint("p-", n)))
				for _, s := range []dispatch.State{dispatch.StateSending, dispatch.StatePaid} {
					if err != nil {
						b.Error(err)
						return
					}
					c := change(e, s)
					c.Entry.Attempts = []dispatch.Attempt{{Route: "till", Provider: "till", Account: "till", Reference: e.Reference, State: s, Epoch: epoch, Intent: n}}
					err = j.Commit(context.Background(), c)
					e.Version++
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "payouts/s")
}

// ended counts the payouts that came to their end.
type ended struct {
	dispatch.Observer
	want int64
	n    atomic.Int64
	all  chan struct{}
}

func (o *ended) Moved(_ context.Context, m dispatch.Moved) {
	if m.To.Final() && o.n.Add(1) == o.want {
		close(o.all)
	}
}

// BenchmarkDispatch is a payout's way from Submit to paid: Run with 64 workers, and a bank
// in memory.
func BenchmarkDispatch(b *testing.B) {
	j := benched(b, 0)
	seen := &ended{Observer: dispatch.NoObserver(), want: int64(b.N), all: make(chan struct{})}
	d, err := dispatch.New(dispatch.Config{
		Journal: j, Providers: []*payout.Client{payout.NewClient(newTill())}, Routes: []dispatch.Route{{Provider: "till"}}, Observer: seen,
		Keys:    dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of thirty-two bytes, for tests")}},
		Workers: benchWorkers, Rates: dispatch.Rates{SendsPerSecond: 1e9, AsksPerSecond: 1e9},
	})
	require.NoError(b, err)
	ctx, cancel := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = d.Run(ctx) })
	b.ResetTimer()
	began := time.Now()
	var next atomic.Int64
	for range benchWorkers / 2 {
		running.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if _, err := d.Submit(ctx, order(fmt.Sprint("p-", n))); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	<-seen.all
	b.StopTimer()
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "payouts/s")
	cancel()
	running.Wait()
}

// BenchmarkSubmit is what it costs to take a payout on, by how many there are.
func BenchmarkSubmit(b *testing.B) {
	for _, already := range []int{1000, 1000000} {
		b.Run(fmt.Sprint(already), func(b *testing.B) {
			j := benched(b, already)
			b.ResetTimer()
			for n := range b.N {
				_, _, err := j.Insert(b.Context(), planned(fmt.Sprint("p-", n)))
				require.NoError(b, err)
			}
		})
	}
}
