package river_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// ended counts the payouts that came to their end.
type ended struct {
	dispatch.Observer
	want int64
	n    atomic.Int64
	all  chan struct{}
}

func (o *ended) Moved(_ context.Context, m dispatch.Moved) {
	if m.To.Final() && !m.From.Final() && o.n.Add(1) == o.want {
		close(o.all)
	}
}

// BenchmarkDispatch is a payout's way from Submit through the intent, the sending and one
// question to paid, with so many engines.
func BenchmarkDispatch(b *testing.B) {
	for _, engines := range []int{1, 2, 4} {
		b.Run(fmt.Sprint(engines), func(b *testing.B) {
			pool := fresh(b)
			bank := newTill("till")
			bank.pending = true
			seen := &ended{Observer: dispatch.NoObserver(), want: int64(b.N), all: make(chan struct{})}
			var stops []func()
			var first func(ctx context.Context, req payout.Request) (dispatch.Entry, error)
			for range engines {
				c := config(b, connect(b, pool.Config().ConnString()), bank)
				c.Dispatch.Observer, c.Dispatch.Workers = seen, 100
				e := start(b, c)
				first = e.Submit
			}
			b.ResetTimer()
			began := time.Now()
			var next atomic.Int64
			var wg sync.WaitGroup
			for range 24 {
				wg.Go(func() {
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						if _, err := first(b.Context(), order(fmt.Sprint("p-", n))); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			submitted := time.Since(began)
			<-seen.all
			b.ReportMetric(float64(b.N)/submitted.Seconds(), "submits/s")
			b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "payouts/s")
			b.StopTimer()
			for _, s := range stops {
				s()
			}
		})
	}
}
