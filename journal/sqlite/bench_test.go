package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/sqlite"
)

const workers = 64

// together has many goroutines do n things.
func together(b testing.TB, workers int, n int64, do func(n int64) error) time.Duration {
	var running sync.WaitGroup
	var next atomic.Int64
	began := time.Now()
	for range workers {
		running.Go(func() {
			for i := next.Add(1); i <= n; i = next.Add(1) {
				if err := do(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	running.Wait()
	return time.Since(began)
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

// dispatched brings n payouts from Submit to paid, and returns how long it took.
func dispatched(b testing.TB, j dispatch.Journal, n int64) time.Duration {
	seen := &ended{Observer: dispatch.NoObserver(), want: n, all: make(chan struct{})}
	c := config(j, 4, workers)
	c.Observer = seen
	d, err := dispatch.New(c)
	require.NoError(b, err)
	ctx, cancel := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = d.Run(ctx) })
	began := time.Now()
	together(b, workers, n, func(i int64) error {
		_, err := d.Submit(ctx, order(fmt.Sprint("payout-", i)))
		return err
	})
	<-seen.all
	took := time.Since(began)
	cancel()
	running.Wait()
	return took
}

// BenchmarkDispatch is a payout's way from Submit to paid, with three durable commits:
// 64 workers, a bank in memory. It is compared with the same commits made straight at the
// journal by 64 goroutines.
func BenchmarkDispatch(b *testing.B) {
	n := int64(b.N)
	j, _ := created(b, sqlite.Config{})
	bare := together(b, workers, n, func(i int64) error { return pays(b.Context(), j, fmt.Sprint("bare-", i)) })
	other, _ := created(b, sqlite.Config{})
	b.ResetTimer()
	took := dispatched(b, other, n)
	b.StopTimer()
	b.ReportMetric(float64(n)/took.Seconds(), "payouts/s")
	b.ReportMetric(float64(n)/bare.Seconds(), "bare-payouts/s")
	b.ReportMetric(bare.Seconds()/took.Seconds(), "of-bare")
}

// BenchmarkOneWorker is one goroutine that commits, beside one that writes a page and
// syncs it.
func BenchmarkOneWorker(b *testing.B) {
	j, path := created(b, sqlite.Config{})
	const warm = 3000 // until the log has its length
	together(b, workers, warm, func(i int64) error { return pays(b.Context(), j, fmt.Sprint("warm-", i)) })
	f, err := os.Create(filepath.Join(filepath.Dir(path), "beside"))
	require.NoError(b, err)
	defer f.Close()
	page := make([]byte, 4096)
	var syncs, commits time.Duration
	synced := 0
	b.ResetTimer()
	for i := range b.N {
		began := time.Now()
		require.NoError(b, pays(b.Context(), j, fmt.Sprint("payout-", i)))
		commits += time.Since(began)
		began = time.Now()
		for range 3 {
			_, err := f.WriteAt(page, int64(synced%256)*4096)
			require.NoError(b, err)
			require.NoError(b, f.Sync())
			synced++
		}
		syncs += time.Since(began)
	}
	b.ReportMetric(float64(3*b.N)/commits.Seconds(), "commits/s")
	b.ReportMetric(float64(3*b.N)/syncs.Seconds(), "syncs/s")
	b.ReportMetric(syncs.Seconds()/commits.Seconds(), "of-syncs")
}
