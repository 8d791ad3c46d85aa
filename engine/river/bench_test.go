package river_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
)

var rows = flag.Int("rows", 1_000_000, "rows that BenchmarkRows has in the tables")

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

// driven has so many engines bring payouts from Submit through the intent, the sending and
// one question to paid, and returns how long it took; without Submit, if they are
// submitted before.
func driven(b *testing.B, pool *pgxpool.Pool, engines, workers, n int, takes time.Duration, submitted bool) time.Duration {
	b.Helper()
	bank := newTill("till")
	bank.pending, bank.takes = true, takes
	seen := &ended{Observer: dispatch.NoObserver(), want: int64(n), all: make(chan struct{})}
	c := config(b, pool, bank)
	c.Sweep = 0 // not a test's
	submitter := engine(b, c)
	series++
	submit := func() {
		var next atomic.Int64
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				for i := next.Add(1); i <= int64(n); i = next.Add(1) {
					if _, err := submitter.Submit(b.Context(), order(fmt.Sprintf("p-%d-%d", series, i))); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
	}
	if submitted {
		submit()
	}
	var stops []func()
	began := time.Now()
	for range engines {
		c := config(b, connect(b, pool.Config().ConnString()), bank)
		c.Sweep = 0
		c.Dispatch.Observer, c.Dispatch.Workers = seen, workers
		stops = append(stops, run(b, engine(b, c)))
	}
	if !submitted {
		submit()
	}
	<-seen.all
	took := time.Since(began)
	for _, stop := range stops {
		stop()
	}
	return took
}

var series int

// BenchmarkEngine is a payout's way with so many engines, and a bank in memory.
func BenchmarkEngine(b *testing.B) {
	for _, submitted := range []bool{false, true} {
		for _, engines := range []int{1, 2, 4} {
			b.Run(fmt.Sprintf("submitted=%t/%d", submitted, engines), func(b *testing.B) {
				took := driven(b, fresh(b), engines, 200, b.N, 0, submitted)
				b.ReportMetric(float64(b.N)/took.Seconds(), "payouts/s")
			})
		}
	}
}

// BenchmarkWorkers is two engines beside one, at a bank that answers in 50 ms.
func BenchmarkWorkers(b *testing.B) {
	pool := fresh(b)
	b.Run("two-beside-one", func(b *testing.B) {
		one := driven(b, pool, 1, 4, b.N, 50*time.Millisecond, true)
		two := driven(b, pool, 2, 4, b.N, 50*time.Millisecond, true)
		b.ReportMetric(float64(b.N)/one.Seconds(), "one/s")
		b.ReportMetric(float64(b.N)/two.Seconds(), "two/s")
		b.ReportMetric(one.Seconds()/two.Seconds(), "times-one")
	})
}

// BenchmarkRows is what a payout costs with many in the tables, beside what it costs with
// none.
func BenchmarkRows(b *testing.B) {
	few, many := fresh(b), fresh(b)
	fill(b, many, *rows)
	b.Run(fmt.Sprint(*rows), func(b *testing.B) {
		took := driven(b, few, 2, 200, b.N, 0, false)
		beside := driven(b, many, 2, 200, b.N, 0, false)
		b.ReportMetric(float64(b.N)/took.Seconds(), "payouts/s-with-none")
		b.ReportMetric(float64(b.N)/beside.Seconds(), "payouts/s")
		b.ReportMetric(beside.Seconds()/took.Seconds(), "of-none")
	})
}

// fill puts payouts that are paid into the journal, and their jobs, which are done, into
// River's table.
func fill(b *testing.B, pool *pgxpool.Pool, n int) {
	b.Helper()
	document := `{"fingerprint":"` + strings.Repeat("A", 43) + `=","destination":"card 411111******1111","send_until":1795338672345678}`
	for _, statement := range []string{
		`INSERT INTO payout.payouts (reference, version, state, queue, due, created_at, amount, currency, document)
			SELECT 'old-' || md5(i::text), 4, 'paid', 1, 9000000000000000 + i, 1700000000000000 + i::bigint * 60000, 100 + (i::bigint * 7919) % 1000000, 'EUR', '` + document + `'
			FROM generate_series(1, ` + fmt.Sprint(n) + `) i`,
		`INSERT INTO payout.attempts (account, reference_key, payout, provider) SELECT 'bank', reference, reference, 'bank' FROM payout.payouts`,
		`INSERT INTO payout.events (era, tx, reference, version, at, kind, state, document)
			SELECT 0, i, reference, 1 + i, created_at, 'found', state, '{"attempt":0,"amount":100,"currency":"EUR"}' FROM payout.payouts, generate_series(1, 3) i`,
		`INSERT INTO payout_river.river_job (args, attempt, kind, max_attempts, queue, state, finalized_at, attempted_at)
			SELECT jsonb_build_object('reference', reference), 1, 'payout', 25, 'payout_to_bank', 'completed', now(), now() FROM payout.payouts`,
		`VACUUM ANALYZE`,
	} {
		_, err := pool.Exec(b.Context(), statement)
		require.NoError(b, err)
	}
}
