// Command quickstart sends one payout into a simulated bank and waits for its fate.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

func main() {
	bank, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{})
	check(err)
	defer bank.Close()
	p, err := all2pay.New(all2pay.Config{
		BaseURL: bank.URL(), UserName: bank.UserName(), Password: payout.NewSecret(bank.Password()),
		HTTP: provider.HTTP{Roots: bank.Roots()},
	})
	check(err)
	client := payout.NewClient(p)

	result, err := pay(context.Background(), client, payout.Request{
		Reference:   "order-1001", // stored, with the amount and client.Name(), before this call
		Amount:      payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient:   payout.Recipient{Name: payout.NewSecret("IVAN PETROV")},
	})
	check(err)
	fmt.Println(result.Reference, result.Amount, result.Destination, result.Status)
}

// pay sends a payout once, and asks until its fate is known.
func pay(ctx context.Context, client *payout.Client, req payout.Request) (payout.Payout, error) {
	result, err := client.Create(ctx, req)
	if payout.ProvedUnpaid(err) || result.Status.Final() {
		return result, err
	}
	return payout.Wait(ctx, client, req.Ref()) // it may have been paid: ask, never send again
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
