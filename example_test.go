package payout_test

import (
	"context"
	"fmt"
	"time"

	"github.com/payoutkit/payout"
)

// smallBank stands for an adapter. It loses its answer to Create, after it has
// acted, and pays by the third question.
type smallBank struct{ asked int }

func (b *smallBank) Info() payout.Info {
	return payout.Info{
		Adapter: "smallbank", Name: "smallbank", Account: "smallbank.example/shop",
		Amounts:      []payout.AmountRange{{Min: payout.MustMoney("1.00 RUB"), Max: payout.MustMoney("100000.00 RUB")}},
		Destinations: []payout.Kind{payout.Card{}.Kind()},
		Polling:      payout.Polling{{Every: time.Millisecond}},
	}
}

func (b *smallBank) Create(context.Context, payout.Request) (payout.Payout, error) {
	return payout.Payout{}, payout.ErrOutcomeUnknown
}

func (b *smallBank) Find(_ context.Context, ref payout.Ref) (payout.Payout, error) {
	b.asked++
	p := payout.Payout{Reference: ref.Reference, ProviderID: "42", Amount: ref.Amount, Status: payout.StatusPending}
	if b.asked == 3 {
		p.Status = payout.StatusPaid
	}
	return p, nil
}

// One payout from its reference to its fate. The bank's first answer is lost, as
// happens: the payout is not sent again but asked about.
func Example() {
	ctx := context.Background()
	client := payout.NewClient(&smallBank{})

	req := payout.Request{
		Reference:   "payout-2026-0001", // store it, with amount and provider, before the first call
		Amount:      payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
	}
	p, err := client.Create(ctx, req)
	ref := p.Ref()
	if err != nil {
		fmt.Println(err)
		switch payout.KindOf(err) {
		case payout.ErrInvalid, payout.ErrUnsupported, payout.ErrNotSent,
			payout.ErrRefused, payout.ErrUnauthorized, payout.ErrRateLimited:
			return // it was not paid
		}
		ref = req.Ref() // it may have been
	}

	p, err = payout.Wait(ctx, client, ref)
	if err != nil {
		fmt.Println(err) // not known yet: ask again later
		return
	}
	fmt.Println(p.Reference, p.ProviderID, p.Amount, p.Status)

	// Output:
	// payout: smallbank: create: outcome unknown
	// payout-2026-0001 42 1500.00 RUB paid
}
