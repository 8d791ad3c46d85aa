package postgres_test

import (
	"testing"
	"time"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/dispatch/drivertest"
	"github.com/payoutkit/payout/journal/postgres"
)

// The embedded loop, in processes that share a journal on PostgreSQL, and their rates.
func TestDriver(t *testing.T) {
	drivertest.Run(t, func(t *testing.T) drivertest.Place {
		c := postgres.Config{Lease: 2 * time.Second}
		j, pool := fresh(t, c)
		return drivertest.Place{Journal: j, SharesRates: true, Lost: c.Lease, Open: func(dc dispatch.Config) (drivertest.Driver, error) {
			another, err := postgres.Open(t.Context(), pool, c)
			if err != nil {
				return nil, err
			}
			dc.Journal, dc.Allotter = another, another
			return drivertest.Loop(dc)
		}}
	})
}
