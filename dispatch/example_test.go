package dispatch_test

import (
	"context"
	"fmt"
	"log"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
	simulated "github.com/payoutkit/payout/sandbox/bank"
)

// exampleKeys come from the configuration, and outlive every payout.
var exampleKeys = dispatch.Keys{Current: 1, Versions: map[uint32]payout.Secret{
	1: payout.NewSecret("32 bytes and more, that nobody else has"),
}}

// roubles is a client of a simulated bank, under a name of its own.
func roubles(name string, balance string) (*payout.Client, *sandbox.Module, func()) {
	server, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{Balance: payout.MustMoney(balance)})
	if err != nil {
		log.Fatal(err)
	}
	p, err := all2pay.New(all2pay.Config{
		Name: name, BaseURL: server.URL(), UserName: server.UserName(), Password: payout.NewSecret(server.Password()),
		HTTP: provider.HTTP{Roots: server.Roots()},
	})
	if err != nil {
		log.Fatal(err)
	}
	return payout.NewClient(p), server, func() { p.CloseIdleConnections(); server.Close() }
}

func bonus(reference string) payout.Request {
	return payout.Request{
		Reference: reference, Amount: payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient:   payout.Recipient{Name: payout.NewSecret("IVAN PETROV")},
	}
}

// The first bank's account does not hold enough: that is certain, so the second one
// pays. Each has a reference of its own.
func Example() {
	ctx := context.Background()
	first, _, closeFirst := roubles("first", "100.00 RUB")
	defer closeFirst()
	second, server, closeSecond := roubles("second", "10000.00 RUB")
	defer closeSecond()

	d, err := dispatch.New(dispatch.Config{
		Journal:   dispatch.NewMemory(), // a journal on disk keeps the promise beyond this process
		Providers: []*payout.Client{first, second},
		Routes:    []dispatch.Route{{Provider: "first", Priority: 1}, {Provider: "second", Priority: 2}},
		Keys:      exampleKeys,
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := d.Submit(ctx, bonus("bonus-1")); err != nil {
		log.Fatal(err)
	}
	// d.Run does this by itself, for all payouts, on time.
	for range 3 { // sent and declined; asked, which agrees; sent to the next
		if _, _, err := d.Step(ctx, "bonus-1"); err != nil {
			log.Fatal(err)
		}
	}
	ticket, err := d.Status(ctx, "bonus-1")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ticket.Entry)
	for _, a := range ticket.Attempts {
		fmt.Println(a.Provider, a.State, a.Failure.Reason)
	}
	fmt.Println("moved:", len(server.Ledger().Entries()))
	// Output:
	// payout "bonus-1" paid 1500.00 RUB to card 411111******1111
	// first failed insufficient_funds
	// second paid unknown
	// moved: 1
}

// The bank pays, and its answer is lost. Nothing is sent again: the bank is asked.
func Example_lostAnswer() {
	ctx := context.Background()
	client, server, done := roubles("bank", "10000.00 RUB")
	defer done()
	server.Script(simulated.Script{Operation: simulated.Create, Reply: simulated.Lost()})
	d, err := dispatch.New(dispatch.Config{
		Journal: dispatch.NewMemory(), Providers: []*payout.Client{client},
		Routes: []dispatch.Route{{Provider: "bank"}}, Keys: exampleKeys,
		Times: dispatch.Times{Polling: map[string]payout.Polling{"bank": {{Every: 1}}}}, // at once, for the example
	})
	if err != nil {
		log.Fatal(err)
	}
	ticket, err := d.Submit(ctx, bonus("bonus-2"), dispatch.AwaitAnswer())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("after the call:", ticket.State)
	for ticket.State == dispatch.StateUnknown {
		if _, _, err := d.Step(ctx, "bonus-2"); err != nil {
			log.Fatal(err)
		}
		if ticket, err = d.Status(ctx, "bonus-2"); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("after asking:", ticket.State)
	fmt.Println("moved:", len(server.Ledger().Entries()))
	// Output:
	// after the call: unknown
	// after asking: paid
	// moved: 1
}

// Explain says where a payout would go, and why not elsewhere. It sends nothing.
func ExampleDispatcher_Explain() {
	client, _, done := roubles("bank", "10000.00 RUB")
	defer done()
	d, err := dispatch.New(dispatch.Config{
		Journal: dispatch.NewMemory(), Providers: []*payout.Client{client}, Keys: exampleKeys,
		Routes: []dispatch.Route{
			{Name: "large", Provider: "bank", Priority: 1, Match: dispatch.Match{Min: payout.MustMoney("10000.00 RUB")}},
			{Name: "phones", Provider: "bank", Priority: 2, Match: dispatch.Match{Destinations: []string{"sbp"}}},
			{Name: "rest", Provider: "bank", Priority: 3},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	choices, err := d.Explain(context.Background(), bonus("bonus-3"))
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range choices {
		fmt.Printf("%-6s taken: %-5v %s\n", c.Route, c.Taken, c.Why)
	}
	// Output:
	// large  taken: false below the least amount
	// phones taken: false another kind of destination
	// rest   taken: true  first by priority and weight
}
