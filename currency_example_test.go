package payout_test

import (
	"errors"
	"fmt"

	"github.com/payoutkit/payout"
)

func ExampleCurrency() {
	for _, c := range []payout.Currency{payout.RUB, payout.ALL, payout.JPY, payout.XAU} {
		fmt.Println(c, c.Numeric(), c.Exponent())
	}
	// Output:
	// RUB 643 2
	// ALL 008 2
	// JPY 392 0
	// XAU 959 -1
}

func ExampleParseCurrency() {
	c, err := payout.ParseCurrency("KZT")
	fmt.Println(c.Numeric(), err)

	_, err = payout.ParseCurrency("kzt")
	fmt.Println(err)
	// Output:
	// 398 <nil>
	// payout: money: currency: a currency is three capital letters from ISO 4217's current list (in "kzt")
}

func ExampleCurrencyByNumeric() {
	c, err := payout.CurrencyByNumeric("643")
	fmt.Println(c, err)

	// The ruble of before 1998 is not the ruble.
	_, err = payout.CurrencyByNumeric("810")
	fmt.Println(errors.Is(err, payout.ErrMoneyCurrency))
	// Output:
	// RUB <nil>
	// true
}
