package payout_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/payoutkit/payout"
)

func ExampleMoney() {
	price := payout.MustMoney("1500.00 RUB")
	fee := payout.FromMinor(2550, payout.RUB)

	total, err := price.Add(fee)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(total, total.Minor(), total.Major())
	fmt.Println(total == payout.MustMoney("1525.5 RUB"))
	// Output:
	// 1525.50 RUB 152550 1525.50
	// true
}

func ExampleFromMinor() {
	fmt.Println(payout.FromMinor(1042, payout.USD))
	fmt.Println(payout.FromMinor(1042, payout.JPY))
	fmt.Println(payout.FromMinor(1042, payout.KWD))
	// Output:
	// 10.42 USD
	// 1042 JPY
	// 1.042 KWD
}

// A bank that counts rubles in whole rubles can't be given kopecks.
func ExampleMoney_MinorAt() {
	units, err := payout.MustMoney("1500.00 RUB").MinorAt(0)
	fmt.Println(units, err)

	_, err = payout.MustMoney("1500.50 RUB").MinorAt(0)
	fmt.Println(err)
	// Output:
	// 1500 <nil>
	// payout: money: precision: 1500.50 RUB is no whole number of units of 0 decimals
}

func ExampleFromMinorAt() {
	m, err := payout.FromMinorAt(104200, 2, payout.JPY)
	fmt.Println(m, err)
	// Output: 1042 JPY <nil>
}

func ExampleParseMajor() {
	m, err := payout.ParseMajor("10.420", payout.USD)
	fmt.Println(m, err)

	_, err = payout.ParseMajor("10.425", payout.USD)
	fmt.Println(err)

	_, err = payout.ParseMajor("1,000", payout.USD)
	fmt.Println(errors.Is(err, payout.ErrMoneySyntax))
	// Output:
	// 10.42 USD <nil>
	// payout: money: precision: USD has 2 decimals and the amount has more (at byte 5, near "10.425")
	// true
}

func ExampleFromDecimal() {
	rate := decimal.RequireFromString("92.35")
	rubles := payout.MustMoney("10.42 USD").Decimal().Mul(rate)

	_, err := payout.FromDecimal(rubles, payout.RUB)
	fmt.Println(err)

	// Rounding is a decision, and so it is the caller's.
	m, err := payout.FromDecimal(rubles.RoundBank(2), payout.RUB)
	fmt.Println(m, err)
	// Output:
	// payout: money: precision: RUB has 2 decimals, the decimal has digits beyond
	// 962.29 RUB <nil>
}

func ExampleMoney_AppendMajor() {
	line := []byte("amount=")
	line = payout.MustMoney("10.42 USD").AppendMajor(line)
	fmt.Println(string(line))
	// Output: amount=10.42
}

func ExampleMoney_Cmp() {
	limit := payout.MustMoney("10000.00 RUB")
	order, err := payout.MustMoney("15000.00 RUB").Cmp(limit)
	fmt.Println(order > 0, err)

	_, err = payout.MustMoney("100.00 USD").Cmp(limit)
	fmt.Println(err)
	// Output:
	// true <nil>
	// payout: money: mismatch: USD and RUB do not mix
}

func ExampleMoney_Split() {
	parts, err := payout.MustMoney("100.00 RUB").Split(3)
	fmt.Println(parts, err)
	// Output: [33.34 RUB 33.33 RUB 33.33 RUB] <nil>
}

func ExampleMoney_Allocate() {
	// 70 % to the driver, 30 % to the owner of the car, nothing to the platform.
	parts, err := payout.MustMoney("0.99 RUB").Allocate(70, 30, 0)
	fmt.Println(parts, err)
	// Output: [0.70 RUB 0.29 RUB 0.00 RUB] <nil>
}

func ExampleMoney_MarshalJSON() {
	data, err := json.Marshal(payout.MustMoney("10.42 USD"))
	fmt.Println(string(data), err)
	// Output: {"amount":"10.42","currency":"USD"} <nil>
}

func ExampleMoney_UnmarshalJSON() {
	var m payout.Money
	err := json.Unmarshal([]byte(`{"amount": 92233720368547758.07, "currency": "USD"}`), &m)
	fmt.Println(m, err)
	// Output: 92233720368547758.07 USD <nil>
}

func ExampleNullMoney() {
	var row struct {
		Fee payout.NullMoney `json:"fee"`
	}
	err := json.Unmarshal([]byte(`{"fee": null}`), &row)
	fmt.Println(row.Fee.Valid, err)
	// Output: false <nil>
}

func ExampleMoneyError() {
	_, err := payout.ParseMoney("10.42 RUR")

	var detail *payout.MoneyError
	if errors.As(err, &detail) {
		fmt.Println(detail.Kind == payout.ErrMoneyCurrency, detail.Offset, detail.Near)
	}
	// Output: true 6 ..."0.42 RUR"
}
