package payout_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestMoneyErrorText(t *testing.T) {
	for _, test := range []struct {
		name string
		err  func() error
		text string
	}{
		{
			"syntax", func() error { _, err := payout.ParseMajor("1,000", payout.USD); return err },
			`payout: money: syntax: an amount is an optional minus, digits, and optionally a dot and digits (at byte 1, near "1,000")`,
		},
		{
			"precision", func() error { _, err := payout.ParseMajor("10.425", payout.USD); return err },
			`payout: money: precision: USD has 2 decimals and the amount has more (at byte 5, near "10.425")`,
		},
		{
			"overflow", func() error { _, err := payout.ParseMajor("18446744073709551616", payout.JPY); return err },
			`payout: money: overflow: the amount in JPY does not fit in 64 bits of minor units (in "18446744"...)`,
		},
		{
			"currency", func() error { _, err := payout.ParseMoney("1 rub"); return err },
			`payout: money: currency: a currency is three capital letters from ISO 4217's current list (at byte 2, near "1 rub")`,
		},
		{
			"no currency", func() error { _, err := payout.ParseMajor("1", 0); return err },
			`payout: money: currency: there is no currency`,
		},
		{
			"an unlisted number", func() error { _, err := payout.ParseMajor("1", 810); return err },
			`payout: money: currency: number 810 is not in ISO 4217's current list`,
		},
		{
			"gold", func() error { _, err := payout.ParseMajor("1", payout.XAU); return err },
			`payout: money: currency: XAU has no minor unit, so it can't hold money`,
		},
		{
			"mismatch", func() error {
				_, err := payout.FromMinor(1, payout.USD).Add(payout.FromMinor(1, payout.EUR))
				return err
			},
			`payout: money: mismatch: USD and EUR do not mix`,
		},
		{
			"argument", func() error { _, err := payout.FromMinor(1, payout.USD).Split(0); return err },
			`payout: money: argument: a split is into 1 to 1048576 parts, have 0`,
		},
		{
			"the middle of a long input",
			func() error { _, err := payout.ParseMajor("1234567890x1234567890", payout.USD); return err },
			`payout: money: syntax: an amount is an optional minus, digits, and optionally a dot and digits (at byte 10, near ..."7890x123"...)`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.EqualError(t, test.err(), test.text)
		})
	}
}

// A card number that lands in the wrong column, a page of HTML, control
// characters: no text shows more than 8 bytes of them, and none as they are.
func TestMoneyErrorsEchoLittle(t *testing.T) {
	inputs := map[string]string{
		"a card number":   "4111111111111111 ",
		"a page":          strings.Repeat("<html>", 1<<16),
		"zero bytes":      strings.Repeat("\x00", 100),
		"terminal codes":  "\x1b[31m\x1b[2J\x1b[31m\x1b[2J",
		"broken UTF-8":    strings.Repeat("\xff", 100),
		"a right-to-left": "\u202e\u202e\u202e\u202e\u202e",
		"line feeds":      strings.Repeat("\n", 100),
	}
	readers := map[string]func(string) error{
		"ParseMajor":        func(s string) error { _, err := payout.ParseMajor(s, payout.RUB); return err },
		"ParseMoney":        func(s string) error { _, err := payout.ParseMoney(s); return err },
		"ParseMoney code":   func(s string) error { _, err := payout.ParseMoney("1 " + s); return err },
		"ParseCurrency":     func(s string) error { _, err := payout.ParseCurrency(s); return err },
		"CurrencyByNumeric": func(s string) error { _, err := payout.CurrencyByNumeric(s); return err },
		"UnmarshalJSON":     func(s string) error { return new(payout.Money).UnmarshalJSON([]byte(s)) },
		"UnmarshalJSON amount": func(s string) error {
			return new(payout.Money).UnmarshalJSON([]byte(`{"amount":"` + s + `","currency":"RUB"}`))
		},
		"UnmarshalJSON currency": func(s string) error {
			return new(payout.Money).UnmarshalJSON([]byte(`{"amount":"1","currency":"` + s + `"}`))
		},
		"UnmarshalText": func(s string) error { return new(payout.Money).UnmarshalText([]byte(s)) },
		"Scan":          func(s string) error { return new(payout.Money).Scan(s) },
		"Scan bytes":    func(s string) error { return new(payout.NullMoney).Scan([]byte(s)) },
		"Currency.Scan": func(s string) error { return new(payout.Currency).Scan(s) },
	}
	for name, input := range inputs {
		for reader, read := range readers {
			t.Run(reader+" of "+name, func(t *testing.T) {
				requireShortPrintable(t, input, read(input))
			})
		}
	}
}

// requireShortPrintable checks that err shows at most 8 bytes of input in a
// row, and only printable ASCII.
func requireShortPrintable(t *testing.T, input string, err error) {
	t.Helper()
	var detail *payout.MoneyError
	require.ErrorAs(t, err, &detail)
	text := err.Error()
	require.Less(t, len(text), 250)
	for _, c := range []byte(text) {
		require.True(t, ' ' <= c && c <= '~', "unprintable byte in %q", text)
	}
	require.LessOrEqual(t, len(detail.Near), len(`...""...`)+8*len(`\x00`))
	if len(input) > 8 && detail.Near != "" {
		require.NotContains(t, detail.Near, input[:9])
	}
}

func TestMoneyErrorKinds(t *testing.T) {
	kinds := []payout.MoneyErrorKind{
		payout.ErrMoneySyntax, payout.ErrMoneyPrecision, payout.ErrMoneyOverflow,
		payout.ErrMoneyCurrency, payout.ErrMoneyMismatch, payout.ErrMoneyArgument,
	}
	texts := map[string]bool{payout.MoneyErrorKind(0).Error(): true}
	for _, kind := range kinds {
		assert.False(t, texts[kind.Error()], "%v twice", kind)
		texts[kind.Error()] = true

		err := fmt.Errorf("row 7: %w", &payout.MoneyError{Kind: kind, Rule: "rule", Offset: -1})
		for _, other := range kinds {
			assert.Equal(t, kind == other, errors.Is(err, other), "%v is %v", kind, other)
		}
	}
}
