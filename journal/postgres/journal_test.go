package postgres_test

import (
	"testing"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/dispatch/journaltest"
	"github.com/payoutkit/payout/journal/postgres"
)

func TestJournal(t *testing.T) {
	journaltest.Run(t, func(t *testing.T) dispatch.Journal {
		j, _ := fresh(t, postgres.Config{})
		return j
	})
}
