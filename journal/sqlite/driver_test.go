package sqlite_test

import (
	"testing"

	"github.com/payoutkit/payout/dispatch/drivertest"
	"github.com/payoutkit/payout/journal/sqlite"
)

// The embedded loop, on a journal in a file.
func TestDriver(t *testing.T) {
	drivertest.Run(t, func(t *testing.T) drivertest.Place {
		j, _ := created(t, sqlite.Config{})
		return drivertest.OnJournal(j)
	})
}
