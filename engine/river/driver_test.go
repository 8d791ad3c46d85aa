package river_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/dispatch/drivertest"
	"github.com/payoutkit/payout/engine/river"
	"github.com/payoutkit/payout/journal/postgres"
)

func TestDriver(t *testing.T) {
	drivertest.Run(t, func(t *testing.T) drivertest.Place {
		pool := fresh(t)
		// A step that hangs keeps its engine from stopping, and no connection from the others.
		journal := func() (*postgres.Journal, error) {
			return postgres.Open(t.Context(), connect(t, pool.Config().ConnString()), postgres.Config{Lease: 2 * time.Second})
		}
		seen, err := journal()
		if err != nil {
			t.Fatal(err)
		}
		return drivertest.Place{
			Journal: seen, NeedsSealer: true, SharesRates: true,
			Lost: time.Minute,
			// The sweep is about what was due a second ago, comes every second, and its job and
			// that which it makes are fetched every half second at the latest.
			Late: 4 * time.Second,
			Open: func(dc dispatch.Config) (drivertest.Driver, error) {
				j, err := journal()
				if err != nil {
					return nil, err
				}
				dc.Times.Turn = 200 * time.Millisecond
				return river.New(river.Config{
					Pool: connect(t, pool.Config().ConnString()), Journal: j, Dispatch: dc, Logger: slog.New(slog.DiscardHandler),
					Sweep: time.Second, Keep: time.Second, StopWithin: time.Second,
					JobTimeout: dc.Times.Turn + dc.Times.SendWindow + dc.Times.CallTimeout,
				})
			},
		}
	})
}
