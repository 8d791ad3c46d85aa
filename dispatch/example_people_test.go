package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	simulated "github.com/payoutkit/payout/sandbox/bank"
)

func dispatcher(client *payout.Client, routes ...dispatch.Route) *dispatch.Dispatcher {
	d, err := dispatch.New(dispatch.Config{
		Journal: dispatch.NewMemory(), Providers: []*payout.Client{client}, Routes: routes, Keys: exampleKeys,
	})
	if err != nil {
		log.Fatal(err)
	}
	return d
}

// submitted submits, and takes a step for, each reference.
func submitted(d *dispatch.Dispatcher, references ...string) {
	for _, r := range references {
		if _, err := d.Submit(context.Background(), bonus(r)); err != nil {
			log.Fatal(err)
		}
		if _, _, err := d.Step(context.Background(), r); err != nil {
			log.Fatal(err)
		}
	}
}

// The same content under the same reference is the same payout; other content is refused.
func ExampleDispatcher_Submit() {
	ctx := context.Background()
	client, server, done := roubles("bank", "10000.00 RUB")
	defer done()
	d := dispatcher(client, dispatch.Route{Provider: "bank"})
	submitted(d, "bonus-4", "bonus-4")
	other := bonus("bonus-4")
	other.Amount = payout.MustMoney("1500.01 RUB")
	_, err := d.Submit(ctx, other)
	fmt.Println(errors.Is(err, payout.ErrConflict), len(server.Ledger().Entries()))
	// Output: true 1
}

// A limit is kept by the journal: what is not sent today waits.
func ExampleLimit() {
	client, server, done := roubles("bank", "10000.00 RUB")
	defer done()
	d := dispatcher(client, dispatch.Route{Provider: "bank", Limits: []dispatch.Limit{
		{Name: "per day", Amount: payout.MustMoney("4000.00 RUB"), Period: dispatch.Daily},
	}})
	submitted(d, "bonus-5", "bonus-6", "bonus-7")
	list, err := d.List(context.Background(), dispatch.Filter{States: []dispatch.State{dispatch.StatePlanned}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(list, len(server.Ledger().Entries()))
	// Output: [payout "bonus-7" planned 1500.00 RUB to card 411111******1111] 2
}

// Holding a provider stops sending there, never asking. Cancelling wins only over what is
// not being sent.
func ExampleDispatcher_Hold() {
	ctx := context.Background()
	client, server, done := roubles("bank", "10000.00 RUB")
	defer done()
	d := dispatcher(client, dispatch.Route{Provider: "bank"})
	if err := d.Hold(ctx, "bank", "A. Clerk", "their support asked for it"); err != nil {
		log.Fatal(err)
	}
	submitted(d, "bonus-8")
	entry, err := d.Cancel(ctx, "bonus-8", "A. Clerk", "paid in cash")
	fmt.Println(entry.State, err, len(server.Ledger().Entries()))
	// Output: cancelled <nil> 0
}

// What no bank can prove goes to a person, who decides with evidence and a name.
func ExampleDispatcher_Resolve() {
	ctx := context.Background()
	client, server, done := roubles("bank", "10000.00 RUB")
	defer done()
	server.Script(simulated.Script{Operation: simulated.Create, Reply: simulated.Lost()}, simulated.Script{Operation: simulated.Status, Reply: simulated.Lost()})
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	d, err := dispatch.New(dispatch.Config{
		Journal: dispatch.NewMemory(), Providers: []*payout.Client{client}, Routes: []dispatch.Route{{Provider: "bank"}}, Keys: exampleKeys,
		Now: func() time.Time { return now },
	})
	if err != nil {
		log.Fatal(err)
	}
	submitted(d, "bonus-9")
	now = now.AddDate(0, 0, 30) // the bank was asked all the while, and said nothing
	if _, _, err := d.Step(ctx, "bonus-9"); err != nil {
		log.Fatal(err)
	}
	ticket, err := d.Status(ctx, "bonus-9")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ticket.State, ticket.Review)
	entry, err := d.Resolve(ctx, "bonus-9", dispatch.StatePaid, "statement of 2026-12-22, line 3", "A. Clerk")
	fmt.Println(entry.State, err)
	// Output:
	// review deadline
	// paid <nil>
}

// The feed of changes is at least once, and goes on after a cursor that is kept.
func ExampleDispatcher_Changes() {
	client, _, done := roubles("bank", "10000.00 RUB")
	defer done()
	d := dispatcher(client, dispatch.Route{Provider: "bank"})
	submitted(d, "bonus-10")
	var after dispatch.Cursor // kept by the platform beside what it did about it
	for {
		changes, err := d.Changes(context.Background(), after, 100)
		if err != nil {
			log.Fatal(err)
		}
		for _, c := range changes {
			fmt.Println(c.Reference, c.Version, c.Event.Kind, c.State)
			after = c.Cursor
		}
		if len(changes) == 0 {
			break
		}
	}
	// Output:
	// bonus-10 2 intended sending
	// bonus-10 3 created paid
}
