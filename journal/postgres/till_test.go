package postgres_test

import (
	"context"
	"sync"

	"github.com/payoutkit/payout"
)

// till is a bank in memory that pays at once, and counts.
type till struct {
	mu   sync.Mutex
	paid map[string]int
	hold func(reference string) // before it pays
}

func newTill() *till { return &till{paid: map[string]int{}} }

func (b *till) Info() payout.Info {
	return payout.Info{
		Adapter: "till", Name: "till", Account: "till",
		Amounts:      []payout.AmountRange{{Min: payout.MustMoney("1.00 RUB"), Max: payout.MustMoney("600000.00 RUB")}},
		Destinations: payout.Kinds(),
	}
}

func (b *till) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	if b.hold != nil {
		b.hold(req.Reference)
	}
	if !payout.SendPermitted(ctx) {
		return payout.Payout{}, payout.ErrNotSent
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.paid[req.Reference]++
	return payout.Payout{Reference: req.Reference, Amount: req.Amount, Status: payout.StatusPaid}, nil
}

func (b *till) Find(_ context.Context, ref payout.Ref) (payout.Payout, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.paid[ref.Reference] == 0 {
		return payout.Payout{}, payout.ErrNotFound
	}
	return payout.Payout{Reference: ref.Reference, Amount: ref.Amount, Status: payout.StatusPaid}, nil
}

// moved returns how often money moved for each reference.
func (b *till) moved() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := map[string]int{}
	for reference, n := range b.paid {
		out[reference] = n
	}
	return out
}
