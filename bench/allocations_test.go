//go:build !race

package bench

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/dispatch"
)

// Times are never a test's: a busy machine fails it, and a fast one passes it. Allocations are
// the same everywhere, so what grows is seen here. Whoever adds one with a reason raises the
// limit, and says the reason in docs/performance.md. Those of Money are held in package payout
// (money_alloc_test.go). Under the race detector pools forget what they hold, so this file is
// not for it.

// What an adapter allocates beside a bare request.
func TestCreateAllocations(t *testing.T) {
	limits := map[string]float64{"all2pay": 68, "bereke": 68, "connpay": 112}
	for _, s := range sendings {
		t.Run(s.name, func(t *testing.T) {
			c := start(t, s)
			// The lowest of a few: whatever else the process does can only add.
			added := allocations(t, c.ours) - allocations(t, c.bare)
			for range 4 {
				added = min(added, allocations(t, c.ours)-allocations(t, c.bare))
			}
			assert.LessOrEqual(t, added, limits[s.name])
		})
	}
}

// till is a bank in memory that pays at once.
type till struct{}

func (till) Info() payout.Info {
	return payout.Info{
		Adapter: "till", Name: "till", Account: "till",
		Amounts:      []payout.AmountRange{{Min: payout.MustMoney("0.01 EUR"), Max: payout.MustMoney("9999.99 EUR")}},
		Destinations: payout.Kinds(),
	}
}

func (till) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	if !payout.SendPermitted(ctx) {
		return payout.Payout{}, payout.ErrNotSent
	}
	return payout.Payout{Reference: req.Reference, Amount: req.Amount, Status: payout.StatusPaid}, nil
}

func (till) Find(_ context.Context, ref payout.Ref) (payout.Payout, error) {
	return payout.Payout{Reference: ref.Reference, Amount: ref.Amount, Status: payout.StatusPaid}, nil
}

// What the dispatcher allocates for a payout from Submit to paid, the journal in memory
// included.
func TestDispatchAllocations(t *testing.T) {
	d, err := dispatch.New(dispatch.Config{
		Journal: dispatch.NewMemory(), Providers: []*payout.Client{payout.NewClient(till{})}, Routes: []dispatch.Route{{Provider: "till"}},
		Keys:  dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of thirty-two bytes, for tests")}},
		Rates: dispatch.Rates{SendsPerSecond: 1e9, AsksPerSecond: 1e9},
	})
	require.NoError(t, err)
	n := 0
	reference := func() string { n++; return fmt.Sprint("payout-", n) }
	req := payout.Request{
		Amount:      payout.MustMoney("15.00 EUR"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")}, Recipient: payout.Recipient{Name: payout.NewSecret("IVAN PETROV")},
	}
	const payouts = 200
	submit := testing.AllocsPerRun(payouts, func() {
		req.Reference = reference()
		_, err = d.Submit(t.Context(), req)
		require.NoError(t, err)
	})
	n = 0
	step := testing.AllocsPerRun(payouts, func() {
		_, _, err = d.Step(t.Context(), reference())
		require.NoError(t, err)
	})
	ticket, err := d.Status(t.Context(), req.Reference)
	require.NoError(t, err)
	require.Equal(t, dispatch.StatePaid, ticket.State)
	assert.LessOrEqual(t, submit, 54.0)
	assert.LessOrEqual(t, step, 67.0)
}

// What a row of a registry allocates when its file is checked.
func TestRowAllocations(t *testing.T) {
	const rows = 20000
	var file bytes.Buffer
	file.WriteString("reference,amount,currency,destination,card.number,recipient.name,description\n")
	for i := range rows {
		fmt.Fprintf(&file, "p-%07d,%d.%02d,RUB,card,4111111111111111,IVAN PETROV,October salary\n", i, i%5000+1, i%100)
	}
	allocations := testing.AllocsPerRun(2, func() {
		report, err := batch.Check(t.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), batch.Checking{})
		require.NoError(t, err)
		require.Equal(t, rows, report.Right)
	})
	assert.LessOrEqual(t, allocations/rows, 1.15) // one, and what a block of rows needs
}
