package drivertest_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/dispatch/drivertest"
)

// TestMain fails where a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestLoop(t *testing.T) {
	t.Parallel()
	drivertest.Run(t, func(*testing.T) drivertest.Place { return drivertest.OnJournal(dispatch.NewMemory()) })
}
