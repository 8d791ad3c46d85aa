package sqlite_test

import (
	"context"
	"fmt"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

var begin = time.Date(2026, 11, 22, 10, 11, 12, 345678000, time.UTC)

// planned is a payout that was just taken.
func planned(reference string) dispatch.Entry {
	return dispatch.Entry{
		Reference: reference, State: dispatch.StatePlanned, Amount: payout.FromMinor(150000, payout.RUB),
		Destination: "card 411111******1111", CreatedAt: begin, SendUntil: begin.Add(24 * time.Hour), Due: begin,
	}
}

// intended is the commit before a payout is sent.
func intended(e dispatch.Entry) dispatch.Change {
	c := dispatch.Next(e, dispatch.Event{Kind: dispatch.EventIntended, At: begin, Attempt: len(e.Attempts) - 1, Planned: dispatch.Attempt{
		Route: "bank-1", Provider: "bank-1", Account: "bank.example/merchant-1", Reference: e.Reference, Mark: "3f1c5a2b9d8e7f60",
		Epoch: 7, Intent: 1, IntentAt: begin, SendBefore: begin.Add(10 * time.Second),
	}}, dispatch.Rules{})
	c.Reserve = []dispatch.Use{{Bucket: "bank-1/2026-11-22", MaxCount: 1e12}}
	return c
}

// answered is the commit of what the bank said.
func answered(e dispatch.Entry, s payout.Status) dispatch.Change {
	return dispatch.Next(e, dispatch.Event{Kind: dispatch.EventCreated, At: begin, Attempt: len(e.Attempts) - 1, Outcome: dispatch.Outcome{
		Answered: true, Status: s, ProviderID: "5a1b2c3d", Destination: "card ******1111",
	}}, dispatch.Rules{Patrol: []time.Duration{time.Hour}})
}

// pays makes the three commits of a payout.
func pays(ctx context.Context, j dispatch.Journal, reference string) error {
	e, _, err := j.Insert(ctx, planned(reference))
	if err != nil {
		return err
	}
	c := intended(e)
	if err := j.Commit(ctx, c); err != nil {
		return err
	}
	c.Entry.Version++
	return j.Commit(ctx, answered(c.Entry, payout.StatusPaid))
}

// till is a bank in memory that pays at once.
type till struct{ info payout.Info }

func newTill(n int) till {
	return till{payout.Info{
		Adapter: "till", Name: fmt.Sprint("bank-", n), Account: fmt.Sprint("bank.example/merchant-", n),
		Amounts:      []payout.AmountRange{{Min: payout.MustMoney("1.00 RUB"), Max: payout.MustMoney("600000.00 RUB")}},
		Destinations: payout.Kinds(), Description: 100,
	}}
}

func (b till) Info() payout.Info { return b.info }

func (b till) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	if !payout.SendPermitted(ctx) {
		return payout.Payout{}, payout.ErrNotSent
	}
	return payout.Payout{Reference: req.Reference, Amount: req.Amount, Status: payout.StatusPaid}, nil
}

func (b till) Find(_ context.Context, ref payout.Ref) (payout.Payout, error) {
	return payout.Payout{Reference: ref.Reference, Amount: ref.Amount, Status: payout.StatusPaid}, nil
}

func order(reference string) payout.Request {
	return payout.Request{
		Reference: reference, Amount: payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient:   payout.Recipient{ID: "person-1", Name: payout.NewSecret("IVAN PETROV")},
	}
}

var testKeys = dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of thirty-two bytes, for tests")}}

// config is a dispatcher's, with banks in memory.
func config(j dispatch.Journal, banks, workers int) dispatch.Config {
	c := dispatch.Config{
		Journal: j, Keys: testKeys, Workers: workers, Rates: dispatch.Rates{SendsPerSecond: 1e9, AsksPerSecond: 1e9},
	}
	for i := range banks {
		b := newTill(i)
		c.Providers = append(c.Providers, payout.NewClient(b))
		c.Routes = append(c.Routes, dispatch.Route{Provider: b.info.Name, Limits: []dispatch.Limit{{Name: b.info.Name, Count: 1e9, Period: dispatch.Daily}}})
	}
	return c
}
