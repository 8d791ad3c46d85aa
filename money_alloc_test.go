package payout_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/payoutkit/payout"
)

// Results go here, so that the compiler can't drop the work.
var (
	sinkMoney    payout.Money
	sinkCurrency payout.Currency
	sinkInt      int64
	sinkString   string
	sinkBytes    []byte
	sinkErr      error
)

func TestMoneyAllocations(t *testing.T) {
	a, b := payout.MustMoney("10.42 USD"), payout.MustMoney("-3.58 USD")
	buffer := make([]byte, 0, 128)
	parts := make([]payout.Money, 3)
	object := []byte(`{"amount":"10.42","currency":"USD"}`)
	text := []byte("10.42 USD")
	ratios := []int64{70, 20, 10}

	for _, test := range []struct {
		name string
		want float64
		run  func()
	}{
		{"ParseMajor", 0, func() { sinkMoney, sinkErr = payout.ParseMajor("10.42", payout.USD) }},
		{"ParseMoney", 0, func() { sinkMoney, sinkErr = payout.ParseMoney("10.42 USD") }},
		{"ParseCurrency", 0, func() { sinkCurrency, sinkErr = payout.ParseCurrency("USD") }},
		{"CurrencyByNumeric", 0, func() { sinkCurrency, sinkErr = payout.CurrencyByNumeric("840") }},
		{"Code", 0, func() { sinkString = payout.USD.Code() }},
		{"Numeric", 0, func() { sinkString = payout.ALL.Numeric() }},
		{"FromMinor", 0, func() { sinkMoney = payout.FromMinor(1042, payout.USD) }},
		{"FromMinorAt", 0, func() { sinkMoney, sinkErr = payout.FromMinorAt(10420, 3, payout.USD) }},
		{"Minor", 0, func() { sinkInt = a.Minor() }},
		{"MinorAt", 0, func() { sinkInt, sinkErr = a.MinorAt(3) }},
		{"Add", 0, func() { sinkMoney, sinkErr = a.Add(b) }},
		{"Sub", 0, func() { sinkMoney, sinkErr = a.Sub(b) }},
		{"Mul", 0, func() { sinkMoney, sinkErr = a.Mul(3) }},
		{"Neg", 0, func() { sinkMoney, sinkErr = a.Neg() }},
		{"Abs", 0, func() { sinkMoney, sinkErr = b.Abs() }},
		{"Cmp", 0, func() { _, sinkErr = a.Cmp(b) }},
		{"AppendMajor", 0, func() { buffer = a.AppendMajor(buffer[:0]) }},
		{"AppendText", 0, func() { buffer, sinkErr = a.AppendText(buffer[:0]) }},
		{"AppendJSON", 0, func() { buffer = a.AppendJSON(buffer[:0]) }},
		{"SplitInto", 0, func() { sinkErr = a.SplitInto(parts) }},
		{"Split into a few that are not kept", 0, func() {
			var parts []payout.Money
			parts, sinkErr = a.Split(4)
			sinkMoney = parts[3]
		}},
		{"AllocateInto", 0, func() { sinkErr = a.AllocateInto(parts, ratios...) }},
		{"UnmarshalJSON", 0, func() { sinkErr = sinkMoney.UnmarshalJSON(object) }},
		{"UnmarshalText", 0, func() { sinkErr = sinkMoney.UnmarshalText(text) }},
		{"Major", 1, func() { sinkString = a.Major() }},
		{"String", 1, func() { sinkString = a.String() }},
		{"MarshalJSON", 1, func() { sinkBytes, sinkErr = a.MarshalJSON() }},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, testing.AllocsPerRun(100, test.run))
			assert.NoError(t, sinkErr)
		})
	}
}
