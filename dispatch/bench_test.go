package dispatch_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// till is a bank in memory that pays at once, and costs nothing.
type till struct{ info payout.Info }

func (b till) Info() payout.Info { return b.info }

func (b till) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	if !payout.SendPermitted(ctx) {
		return payout.Payout{}, payout.ErrNotSent
	}
	return payout.Payout{Reference: req.Reference, Amount: req.Amount, Status: payout.StatusPaid}, nil
}

func (b till) Find(_ context.Context, ref payout.Ref) (payout.Payout, error) {
	return payout.Payout{Reference: ref.Reference, Amount: ref.Amount, Status: payout.StatusPaid}, nil
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

// BenchmarkDispatch is a payout's way from Submit to paid: Run with 64 workers, on the
// journal in memory, to a bank in memory. All that it costs is the dispatcher's own.
func BenchmarkDispatch(b *testing.B) {
	const banks, workers, callers = 4, 64, 8
	seen := &ended{Observer: dispatch.NoObserver(), want: int64(b.N), all: make(chan struct{})}
	c := dispatch.Config{
		Journal: dispatch.NewMemory(), Keys: testKeys, Workers: workers, Observer: seen,
		Rates: dispatch.Rates{SendsPerSecond: 1e9, AsksPerSecond: 1e9},
	}
	for i := range banks {
		info := bank(fmt.Sprint("bank-", i)).info
		c.Providers = append(c.Providers, payout.NewClient(till{info}))
		c.Routes = append(c.Routes, dispatch.Route{Provider: info.Name, Limits: []dispatch.Limit{{Name: info.Name, Count: 1e9, Period: dispatch.Daily}}})
	}
	d, err := dispatch.New(c)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = d.Run(ctx) })
	b.ReportAllocs()
	b.ResetTimer()
	cpu, began := processor(b), time.Now()
	var next atomic.Int64
	for range callers {
		running.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if _, err := d.Submit(ctx, order(fmt.Sprint("payout-", n))); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	<-seen.all
	b.StopTimer()
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "payouts/s")
	b.ReportMetric(float64(processor(b)-cpu)/float64(b.N), "cpu-ns/payout")
	cancel()
	running.Wait()
}

// processor is how much time of a processor this process has used.
func processor(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
