package all2pay_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

// atSandbox starts a simulated all2pay and opens an account there. For the bank itself
// leave the sandbox out: BaseURL is [all2pay.Test] or [all2pay.Production], and
// UserName and Password are the partner's.
func atSandbox(cfg sandbox.ModuleConfig) (p *all2pay.Provider, closing func()) {
	bank, err := sandbox.StartAll2Pay(cfg)
	if err != nil {
		log.Fatal(err)
	}
	p, err = all2pay.New(all2pay.Config{
		BaseURL: bank.URL(), UserName: bank.UserName(), Password: payout.NewSecret(bank.Password()),
		Balances: true, HTTP: provider.HTTP{Roots: bank.Roots()},
	})
	if err != nil {
		log.Fatal(err)
	}
	return p, func() {
		p.CloseIdleConnections()
		bank.Close()
	}
}

// A payout to a card. Store the reference and the amount before Create: they are what it
// takes to ask.
func Example() {
	p, closing := atSandbox(sandbox.ModuleConfig{})
	defer closing()
	client := payout.NewClient(p)
	paid, err := client.Create(context.Background(), payout.Request{
		Reference:   "order-1001",
		Amount:      payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient:   payout.Recipient{Name: payout.NewSecret("Ivan Petrov")},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(paid.Reference, paid.Amount, paid.Destination, paid.Status)
	// Output: order-1001 1500.00 RUB card ******1111 paid
}

// A payout by SBP: a Russian mobile number in any usual way of writing, the bank that
// keeps the account, and the name in Cyrillic letters.
func Example_sbp() {
	p, closing := atSandbox(sandbox.ModuleConfig{})
	defer closing()
	paid, err := payout.NewClient(p).Create(context.Background(), payout.Request{
		Reference: "order-1002",
		Amount:    payout.MustMoney("250.50 RUB"),
		Destination: payout.SBP{
			Phone: payout.NewSecret("8 (926) 121-42-49"), BankID: "100000000111",
			LastName: payout.NewSecret("Петров"), FirstName: payout.NewSecret("Иван"),
		},
		Recipient: payout.Recipient{Name: payout.NewSecret("Ivan Petrov")},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(paid.Destination, paid.Status)
	// Output: sbp ******49 paid
}

// Save a recipient's card once, and pay to it by the bank's identifier. If the answer
// to SaveCard is lost, FindCard tells what became of it.
func ExampleProvider_SaveCard() {
	p, closing := atSandbox(sandbox.ModuleConfig{})
	defer closing()
	ctx, client := context.Background(), payout.NewClient(p)
	saved, err := client.SaveCard(ctx, payout.SaveCardRequest{
		Reference: "card-77", // never one of a payout
		OwnerID:   "person-77",
		Card:      payout.Card{Number: payout.NewSecret("4111111111111111")},
	})
	if errors.Is(err, payout.ErrOutcomeUnknown) {
		saved, err = p.FindCard(ctx, "card-77")
	}
	if err != nil {
		log.Fatal(err)
	}
	paid, err := client.Create(ctx, payout.Request{
		Reference:   "order-1003",
		Amount:      payout.MustMoney("1500.00 RUB"),
		Destination: payout.SavedCard{ID: saved.ID},
		Recipient:   payout.Recipient{ID: "person-77", Name: payout.NewSecret("Ivan Petrov")},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(saved.Masked, paid.Status)
	// Output: 411111******1111 paid
}

// Save a card of the platform's own to pay from. Its owner passes 3-D Secure on the
// bank's page first; then the card has an identifier.
func ExampleProvider_SaveSourceCard() {
	p, closing := atSandbox(sandbox.ModuleConfig{})
	defer closing()
	ctx := context.Background()
	saved, err := payout.NewClient(p).SaveSourceCard(ctx, payout.SaveCardRequest{
		Reference: "own-card-1",
		OwnerID:   "our-company",
		Card:      payout.Card{Number: payout.NewSecret("4111111111111111"), Expiry: payout.NewSecret("2034-12")},
		CVV:       payout.NewSecret("123"), // not stored anywhere
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("identifier:", saved.ID != "", "action:", !saved.Action.IsZero())
	// The owner opens saved.Action.URL.Reveal() in a browser and enters the bank's code.
	// Later:
	found, err := p.FindCard(ctx, "own-card-1")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("identifier:", found.ID != "")
	// Output:
	// identifier: false action: true
	// identifier: false
}

// The recipient enters the card on the bank's page: the platform never sees it. The
// simulated bank stands in for the recipient here; examples/hostedpage is the same for
// a browser.
func Example_hostedPage() {
	p, closing := atSandbox(sandbox.ModuleConfig{PageCard: "5555555555554444"})
	defer closing()
	ctx, client := context.Background(), payout.NewClient(p)
	req := payout.Request{
		Reference:   "order-1004",
		Amount:      payout.MustMoney("1500.00 RUB"),
		Destination: payout.HostedPage{},
		Recipient:   payout.Recipient{Name: payout.NewSecret("Ivan Petrov")},
		ReturnURL:   "https://platform.example/done",
		Options:     []payout.Option{all2pay.Order{SessionTimeoutSecs: "600"}},
	}
	p1, err := client.Create(ctx, req)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p1.Status, p1.Action.URL) // give p1.Action.URL.Reveal() to the recipient, and to nobody else
	p1, err = payout.Wait(ctx, client, p1.Ref())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p1.Status, p1.Destination)
	// Output:
	// action_required [redacted]
	// paid card ******4444
}

// A card that only the bank can read: made for one payout, and good for 30 minutes.
func ExampleProvider_EncryptCard() {
	p, closing := atSandbox(sandbox.ModuleConfig{})
	defer closing()
	ctx := context.Background()
	card, err := p.EncryptCard(ctx, "order-1005", payout.Card{Number: payout.NewSecret("4111111111111111")})
	if err != nil {
		log.Fatal(err) // nothing has left
	}
	paid, err := payout.NewClient(p).Create(ctx, payout.Request{
		Reference:   "order-1005", // the one that the card was encrypted for
		Amount:      payout.MustMoney("1500.00 RUB"),
		Destination: card,
		Recipient:   payout.Recipient{Name: payout.NewSecret("Ivan Petrov")},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(card, paid.Status)
	// Output: {[redacted]} paid
}

// What is left to pay from, where Config.Balances turned it on.
func ExampleProvider_Balances() {
	p, closing := atSandbox(sandbox.ModuleConfig{Balances: true, Balance: payout.MustMoney("100000.00 RUB")})
	defer closing()
	balances, err := payout.NewClient(p).Balances(context.Background(), payout.Source{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(balances[0].Available)
	// Output: 100000.00 RUB
}

// New checks a configuration whole, and says all that is wrong with it.
func ExampleConfig() {
	_, err := all2pay.New(all2pay.Config{BaseURL: all2pay.Production})
	var e *payout.Error
	if errors.As(err, &e) {
		for _, v := range e.Violations {
			fmt.Println(v)
		}
	}
	// Output:
	// user_name: is required (userName) (all2pay:302-303)
	// password: is required (password) (all2pay:304-305)
}

// What a request says to this bank alone is an option, checked like every other field.
func ExampleOrder() {
	p, closing := atSandbox(sandbox.ModuleConfig{})
	defer closing()
	err := payout.NewClient(p).Check(payout.Request{
		Reference: "order-1006", Amount: payout.MustMoney("1500.00 RUB"), Destination: payout.HostedPage{}, ReturnURL: "https://platform.example/done",
		Recipient: payout.Recipient{Name: payout.NewSecret("Ivan Petrov")},
		Options:   []payout.Option{all2pay.Order{SessionTimeoutSecs: "five minutes"}},
	})
	fmt.Println(err)
	// Output: payout: all2pay: create: invalid, nothing was sent: options.all2pay_order.session_timeout_secs: must be a whole number of seconds, of at most 9 digits, and more than 0 (sessionTimeoutSecs) (all2pay:219-220)
}
