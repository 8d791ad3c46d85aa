package payout_test

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/payoutkit/payout"
)

// A request that breaks rules is refused before anything is sent. The error names
// each field and rule, and never a value.
func ExampleClient_Check() {
	client := payout.NewClient(&smallBank{})
	err := client.Check(payout.Request{
		Reference:   "payout 1",
		Amount:      payout.MustMoney("0.50 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111112")},
	})
	var e *payout.Error
	if errors.As(err, &e) {
		fmt.Println(e.Kind)
		for _, v := range e.Violations {
			fmt.Println("-", v)
		}
	}
	err = client.Check(payout.Request{
		Reference: "payout-1", Amount: payout.MustMoney("5 JPY"), Destination: payout.SavedCard{ID: "b7"},
	})
	fmt.Println(errors.Is(err, payout.ErrUnsupported))

	// Output:
	// invalid, nothing was sent
	// - reference: has a character at position 7 that is not allowed; allowed are ASCII letters, digits - _
	// - amount: must be at least 1.00 RUB
	// - destination.number: must have a valid check digit: one or more digits are wrong
	// true
}

// What an error proves about money is its kind. What is not proved is unknown.
func ExampleKindOf() {
	for _, err := range []error{
		&payout.Error{Kind: payout.ErrNotSent, Err: io.EOF},
		fmt.Errorf("route 1: %w", payout.ErrRefused),
		context.DeadlineExceeded,
		errors.Join(payout.ErrNotSent, io.ErrUnexpectedEOF),
	} {
		fmt.Println(payout.KindOf(err), payout.SafeToRetry(err))
	}
	// Output:
	// not sent true
	// refused by the bank false
	// outcome unknown false
	// outcome unknown false
}
