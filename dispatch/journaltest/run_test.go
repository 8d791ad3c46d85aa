package journaltest_test

import (
	"testing"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/dispatch/journaltest"
)

func TestMemory(t *testing.T) {
	journaltest.Run(t, func(*testing.T) dispatch.Journal { return dispatch.NewMemory() })
}
