package bereke_test

import (
	"context"
	"fmt"
	"log"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

// atSandbox starts a simulated Bereke Bank and opens an account there. For the bank
// itself leave the sandbox out: BaseURL is [bereke.Test] or [bereke.Production], and
// UserName and Password are the partner's.
func atSandbox(cfg sandbox.ModuleConfig) (client *payout.Client, closing func()) {
	bank, err := sandbox.StartBereke(cfg)
	if err != nil {
		log.Fatal(err)
	}
	p, err := bereke.New(bereke.Config{
		BaseURL: bank.URL(), UserName: bank.UserName(), Password: payout.NewSecret(bank.Password()),
		HTTP: provider.HTTP{Roots: bank.Roots()},
	})
	if err != nil {
		log.Fatal(err)
	}
	return payout.NewClient(p), func() {
		p.CloseIdleConnections()
		bank.Close()
	}
}

// A payout to a card. Store the reference and the amount before Create: they are what it
// takes to ask.
func Example() {
	client, closing := atSandbox(sandbox.ModuleConfig{})
	defer closing()
	paid, err := client.Create(context.Background(), payout.Request{
		Reference:   "order-1001",
		Amount:      payout.MustMoney("15000.00 KZT"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient:   payout.Recipient{Name: payout.NewSecret("Aigerim Nurlanova")}, // in Latin letters
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(paid.Reference, paid.Amount, paid.Destination, paid.Status)
	// Output: order-1001 15000.00 KZT card ******1111 paid
}

// The same from a corporate card that was added in the bank's portal.
func Example_corporateCard() {
	client, closing := atSandbox(sandbox.ModuleConfig{})
	defer closing()
	ctx, corporate := context.Background(), payout.Source{SavedCard: sandbox.BerekeSource}
	paid, err := client.Create(ctx, payout.Request{
		Reference:   "order-1002",
		Amount:      payout.MustMoney("15000.00 KZT"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Source:      corporate,
		Recipient:   payout.Recipient{Name: payout.NewSecret("Aigerim Nurlanova")},
	})
	if err != nil {
		log.Fatal(err)
	}
	balances, err := client.Balances(ctx, corporate)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(paid.Status, "left:", balances[0].Available)
	// Output: paid left: 985000.00 KZT
}

// The recipient enters the card on the bank's page: the platform never sees it. The
// simulated bank stands in for the recipient here; examples/hostedpage is the same for
// a browser.
func Example_hostedPage() {
	client, closing := atSandbox(sandbox.ModuleConfig{PageCard: "5555555555554444"})
	defer closing()
	ctx := context.Background()
	p, err := client.Create(ctx, payout.Request{
		Reference:   "order-1003",
		Amount:      payout.MustMoney("15000.00 KZT"),
		Destination: payout.HostedPage{},
		Recipient:   payout.Recipient{Name: payout.NewSecret("Aigerim Nurlanova")},
		ReturnURL:   "https://platform.example/done",
		Options:     []payout.Option{bereke.Order{SessionTimeoutSecs: "600"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Status, p.Action.URL) // give p.Action.URL.Reveal() to the recipient, and to nobody else
	p, err = payout.Wait(ctx, client, p.Ref())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Status, p.Destination)
	// Output:
	// action_required [redacted]
	// paid card ******4444
}

// What is left to pay from.
func ExampleProvider_Balances() {
	client, closing := atSandbox(sandbox.ModuleConfig{Balance: payout.MustMoney("499252.00 KZT")})
	defer closing()
	balances, err := client.Balances(context.Background(), payout.Source{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(balances[0].Available)
	// Output: 499252.00 KZT
}
