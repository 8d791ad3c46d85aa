package postgres_test

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/pgtest"
	"github.com/payoutkit/payout/journal/postgres"
)

// alarmed is an observer that waits for an alarm.
type alarmed struct {
	dispatch.Observer
	kind dispatch.AlarmKind
	once sync.Once
	rung chan struct{}
}

func (o *alarmed) Alarm(_ context.Context, a dispatch.Alarm) {
	if a.Kind == o.kind {
		o.once.Do(func() { close(o.rung) })
	}
}

// In the middle of sending, the database goes away, and comes back. Meanwhile nothing is
// sent, and that is said; what is sent after that is sent under a new epoch. Each payout
// is paid once, but for those whose intent was just being written: nobody knows whether
// they were sent, and this bank can't prove that they were not.
func TestOutage(t *testing.T) {
	const payouts, workers = 150, 8
	for name, row := range map[string]struct {
		away func(*pgtest.Server, *pgtest.Proxy)
		back func(*pgtest.Server, *pgtest.Proxy) error
	}{
		"killed": {
			func(s *pgtest.Server, _ *pgtest.Proxy) { s.Kill() },
			func(s *pgtest.Server, _ *pgtest.Proxy) error { return s.Run() },
		},
		"cut off": {
			func(_ *pgtest.Server, p *pgtest.Proxy) { p.Cut() },
			func(_ *pgtest.Server, p *pgtest.Proxy) error { p.Mend(); return nil },
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := pgtest.Start(t)
			p := s.Proxy(t)
			pool := connect(t, s.URL("postgres"), func(c *pgxpool.Config) {
				c.ConnConfig.DialFunc = func(ctx context.Context, _, _ string) (net.Conn, error) {
					return new(net.Dialer).DialContext(ctx, "tcp", p.Addr())
				}
			})
			j, err := postgres.Create(t.Context(), pool, postgres.Config{Lease: time.Second})
			require.NoError(t, err)
			bank, seen := newTill(), &alarmed{Observer: dispatch.NoObserver(), kind: dispatch.AlarmUnrecorded, rung: make(chan struct{})}
			var calls atomic.Int64
			var gone sync.WaitGroup
			gone.Add(1)
			bank.hold = func(string) {
				if calls.Add(1) == payouts/3 {
					row.away(s, p)
					gone.Done()
				}
			}
			d, err := dispatch.New(dispatch.Config{
				Journal: j, Providers: []*payout.Client{payout.NewClient(bank)}, Routes: []dispatch.Route{{Provider: "till"}},
				Keys:    dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of thirty-two bytes, for tests")}},
				Workers: workers, Observer: seen, Rates: dispatch.Rates{SendsPerSecond: 1e6, AsksPerSecond: 1e6, Unknowns: 1e6},
				Times: dispatch.Times{
					SendWindow: time.Second, CallTimeout: time.Second, RetryEvery: 50 * time.Millisecond,
					Polling: map[string]payout.Polling{"till": {{Every: 100 * time.Millisecond}}},
				},
			})
			require.NoError(t, err)
			for i := range payouts {
				_, err := d.Submit(t.Context(), order(fmt.Sprint("p-", i)))
				require.NoError(t, err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { defer close(done); _ = d.Run(ctx) }()
			defer func() { cancel(); <-done }()

			gone.Wait()
			<-seen.rung
			_, err = d.Submit(t.Context(), order("p-0"))
			require.Error(t, err)
			before := len(bank.moved())
			require.Never(t, func() bool { return len(bank.moved()) > before }, 300*time.Millisecond, 5*time.Millisecond, "nothing is sent")
			require.Less(t, before, payouts)
			require.NoError(t, row.back(s, p))
			require.Eventually(t, func() bool {
				states, err := j.Count(t.Context(), dispatch.Filter{})
				return err == nil && states[dispatch.StatePaid]+states[dispatch.StateUnknown] == payouts &&
					states[dispatch.StateUnknown] < workers && states[dispatch.StatePaid] == int64(len(bank.moved()))
			}, time.Minute, 20*time.Millisecond)
			for reference, n := range bank.moved() {
				require.Equal(t, 1, n, reference)
			}
			require.GreaterOrEqual(t, value[int64](t, pool, `SELECT epoch FROM payout.journal`), int64(2))
		})
	}
}
