package sandbox_test

import (
	"context"
	"fmt"
	"log"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// A bank that pays and whose answer is lost, one that declines for lack of funds, and one
// that works: each to the payout that the script names.
func ExampleModule() {
	server, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{Balance: payout.MustMoney("100000.00 RUB")})
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	server.Script(
		bank.Script{Reference: "p-1", Operation: bank.Create, Reply: bank.Lost()},
		bank.Script{Reference: "p-2", Operation: bank.Create, Act: bank.Decline("116")},
	)
	p, err := all2pay.New(all2pay.Config{
		BaseURL: server.URL(), UserName: server.UserName(), Password: payout.NewSecret(server.Password()), HTTP: provider.HTTP{Roots: server.Roots()},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer p.CloseIdleConnections()
	client := payout.NewClient(p)
	for _, reference := range []string{"p-1", "p-2", "p-3"} {
		paid, err := client.Create(context.Background(), payout.Request{
			Reference: reference, Amount: payout.MustMoney("5000.00 RUB"),
			Destination: payout.Card{Number: payout.NewSecret("4111111111111111")}, Recipient: payout.Recipient{Name: payout.NewSecret("IVAN PETROV")},
		})
		fmt.Println(reference, paid.Status, err, server.Ledger().Times(reference))
	}
	// Output:
	// p-1 unknown payout: all2pay: create: outcome unknown: the connection was closed before the answer was whole 1
	// p-2 failed <nil> 0
	// p-3 paid <nil> 1
}
