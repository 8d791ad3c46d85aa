package newbank_test

import (
	"context"
	"fmt"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/examples/newbank"
	"github.com/payoutkit/payout/examples/newbank/newbanktest"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox/bank"
)

// The bank pays and its answer is lost. The payout is asked about, not sent again.
func Example() {
	simulation, err := newbanktest.Start("4815162342", "a key that only the simulated bank knows")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer simulation.Close()
	simulation.Script(bank.Script{Operation: bank.Create, Reply: bank.Lost()})

	p, err := newbank.New(newbank.Config{
		BaseURL: simulation.URL(), Merchant: "4815162342",
		Key:  payout.NewSecret("a key that only the simulated bank knows"),
		HTTP: provider.HTTP{Roots: simulation.Roots()},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.CloseIdleConnections()
	client := payout.NewClient(p, payout.WithPolling(payout.Polling{{Every: time.Millisecond}}))

	req := payout.Request{
		Reference:   "wages-2026-11-0042", // stored, with the amount and client.Name(), before Create
		Amount:      payout.MustMoney("12.500 TND"),
		Destination: newbank.MobileWallet{Operator: "demotel", Number: payout.NewSecret("21620123456")},
	}
	paid, err := client.Create(context.Background(), req)
	fmt.Println(err)
	if payout.KindOf(err) == payout.ErrOutcomeUnknown {
		paid, err = payout.Wait(context.Background(), client, req.Ref())
	}
	fmt.Println(paid.Reference, paid.Amount, paid.Status, err)
	fmt.Println("money moved:", simulation.Ledger().Times(req.Reference), "time")
	// Output:
	// payout: newbank: create: outcome unknown: the connection was closed before the answer was whole
	// wages-2026-11-0042 12.500 TND paid <nil>
	// money moved: 1 time
}
