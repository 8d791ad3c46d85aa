package postgres_test

import (
	"testing"

	"github.com/payoutkit/payout/journal/internal/keystest"
	"github.com/payoutkit/payout/journal/postgres"
)

func TestKeyStore(t *testing.T) {
	j, _ := fresh(t, postgres.Config{})
	keystest.Run(t, j)
}
