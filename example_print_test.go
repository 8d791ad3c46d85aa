package payout_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/payoutkit/payout"
)

// However it is printed or encoded, a Secret does not show.
func ExampleSecret() {
	card := payout.Card{Number: payout.NewSecret("4111111111111111")}
	fmt.Printf("%v %+v %q\n", card.Number, card.Number, card.Number)
	text, _ := json.Marshal(card)
	fmt.Println(string(text))
	fmt.Println(card.Number == payout.NewSecret("4111111111111111"))
	fmt.Println(len(card.Number.Reveal()))
	// Output:
	// [redacted] [redacted] [redacted]
	// {"Number":"[redacted]","Holder":"","Expiry":""}
	// true
	// 16
}

func ExampleMasked() {
	fmt.Println(payout.Masked(payout.Card{Number: payout.NewSecret("4111111111111111")}))
	fmt.Println(payout.Masked(payout.SBP{Phone: payout.NewSecret("+7 926 123-45-49"), BankID: "100000000111"}))
	fmt.Println(payout.Masked(payout.HostedPage{}))
	// Output:
	// card 411111******1111
	// sbp ******49
	// hosted_page
}

// A request shows which payout it is, and nothing of the person.
func ExampleRequest() {
	fmt.Println(payout.Request{
		Reference:   "payout-1",
		Amount:      payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient:   payout.Recipient{Name: payout.NewSecret("Иван Петров")},
	})
	// Output:
	// payout "payout-1" 1500.00 RUB to card 411111******1111
}

// Every two seconds for half a minute, then every minute for ever.
func ExamplePolling() {
	p := payout.Polling{{Every: 2 * time.Second, For: 30 * time.Second}, {Every: time.Minute}}
	for _, elapsed := range []time.Duration{0, 29 * time.Second, 30 * time.Second, 24 * time.Hour} {
		fmt.Println(p.Next(elapsed))
	}
	// Output:
	// 2s
	// 2s
	// 1m0s
	// 1m0s
}

// The bank's answer decides by its status, and the status answers two questions.
func ExampleStatus() {
	for _, s := range []payout.Status{payout.StatusUnknown, payout.StatusPaid, payout.StatusFailed, payout.StatusReview} {
		fmt.Println(s, "final:", s.Final(), "moved:", s.Moved())
	}
	// Output:
	// unknown final: false moved: maybe
	// paid final: true moved: yes
	// failed final: true moved: no
	// review final: false moved: maybe
}
