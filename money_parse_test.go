package payout_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestParseMajor(t *testing.T) {
	for _, test := range []struct {
		amount string
		cur    payout.Currency
		minor  int64
	}{
		{"0", payout.USD, 0},
		{"-0", payout.USD, 0},
		{"-0.00", payout.USD, 0},
		{"10", payout.USD, 1000},
		{"10.4", payout.USD, 1040},
		{"10.42", payout.USD, 1042},
		{"-10.42", payout.USD, -1042},
		{"10.4200000000000000000000000000", payout.USD, 1042},
		{"0.01", payout.USD, 1},
		{"007.50", payout.USD, 750},
		{"0000000000000000000000000000001", payout.USD, 100},
		{"10.0", payout.JPY, 10},
		{"10", payout.JPY, 10},
		{"1.042", payout.KWD, 1042},
		{"1.0421", payout.CLF, 10421},
		{"92233720368547758.07", payout.USD, math.MaxInt64},
		{"-92233720368547758.08", payout.USD, math.MinInt64},
		{"92233720368547758.0700", payout.USD, math.MaxInt64},
		{"9223372036854775807", payout.JPY, math.MaxInt64},
		{"-9223372036854775808", payout.JPY, math.MinInt64},
		{"-922337203685477.5808", payout.CLF, math.MinInt64},
	} {
		t.Run(test.amount+" "+test.cur.Code(), func(t *testing.T) {
			m, err := payout.ParseMajor(test.amount, test.cur)
			require.NoError(t, err)
			assert.Equal(t, payout.FromMinor(test.minor, test.cur), m)
		})
	}
}

func TestParseMajorRefuses(t *testing.T) {
	const syntax, precision, overflow = payout.ErrMoneySyntax, payout.ErrMoneyPrecision, payout.ErrMoneyOverflow
	for _, test := range []struct {
		name   string
		amount string
		cur    payout.Currency
		kind   payout.MoneyErrorKind
		offset int
	}{
		{"nothing", "", payout.USD, syntax, 0},
		{"only a minus", "-", payout.USD, syntax, 1},
		{"only a dot", ".", payout.USD, syntax, 0},
		{"no digit before the dot", ".5", payout.USD, syntax, 0},
		{"no digit after the minus", "-.5", payout.USD, syntax, 1},
		{"no digit after the dot", "10.", payout.USD, syntax, 3},
		{"no digit after the dot of yen", "10.", payout.JPY, syntax, 3},
		{"a plus", "+1", payout.USD, syntax, 0},
		{"two minuses", "--1", payout.USD, syntax, 1},
		{"a minus behind", "1-", payout.USD, syntax, 1},
		{"two dots", "1.0.0", payout.USD, syntax, 3},
		{"a space before", " 1", payout.USD, syntax, 0},
		{"a space behind", "1 ", payout.USD, syntax, 1},
		{"a line feed behind", "1.00\n", payout.USD, syntax, 4},
		{"a thousands separator", "1,000.00", payout.USD, syntax, 1},
		{"a comma for the dot", "10,42", payout.USD, syntax, 2},
		{"an underscore", "1_000", payout.USD, syntax, 1},
		{"an apostrophe", "1'000", payout.USD, syntax, 1},
		{"an exponent", "1e2", payout.USD, syntax, 1},
		{"an exponent behind decimals", "1.5E+2", payout.USD, syntax, 3},
		{"hexadecimal", "0x10", payout.USD, syntax, 1},
		{"infinity", "Inf", payout.USD, syntax, 0},
		{"not a number", "NaN", payout.USD, syntax, 0},
		{"a zero byte", "1\x00", payout.USD, syntax, 1},
		{"Arabic digits", "١٠", payout.USD, syntax, 0},
		{"full-width digits", "１０", payout.USD, syntax, 0},
		{"a real minus", "−1", payout.USD, syntax, 0},
		{"a byte order mark", "\ufeff1", payout.USD, syntax, 0},
		{"broken UTF-8", "\xff1", payout.USD, syntax, 0},
		{"the currency", "1 USD", payout.USD, syntax, 1},

		{"half a cent", "10.425", payout.USD, precision, 5},
		{"two digits beyond", "10.4251", payout.USD, precision, 5},
		{"a digit far beyond", "10.420000000000000000000000000001", payout.USD, precision, 32},
		{"half a yen", "10.5", payout.JPY, precision, 3},
		{"a negative fraction of a yen", "-0.1", payout.JPY, precision, 3},
		{"the fourth digit of a dinar", "0.0001", payout.KWD, precision, 5},

		{"one more than the largest", "92233720368547758.08", payout.USD, overflow, -1},
		{"one less than the smallest", "-92233720368547758.09", payout.USD, overflow, -1},
		{"2^64 minor units", "184467440737095516.16", payout.USD, overflow, -1},
		{"2^64 yen", "18446744073709551616", payout.JPY, overflow, -1},
		{"2^64 + 1 yen", "18446744073709551617", payout.JPY, overflow, -1},
		{"2^128 yen", "340282366920938463463374607431768211456", payout.JPY, overflow, -1},
		{"wraps to 5 at the last digit", "184467440737095516165", payout.JPY, overflow, -1},
		{"wraps to 5 at the last decimal", "1844674407370955161.65", payout.USD, overflow, -1},
		{"wraps to 0 before it is padded", "1844674407370955161.6", payout.USD, overflow, -1},
		{"wraps to 0 while it is padded", "1844674407370955161.6", payout.KWD, overflow, -1},
		{"2^63 yen", "9223372036854775808", payout.JPY, overflow, -1},
		{"wraps while it is padded", "184467440737095517", payout.USD, overflow, -1},
		{"ten zeros too many", "10000000000000000000000000000", payout.USD, overflow, -1},

		{"syntax goes before size", strings.Repeat("9", 40) + "x", payout.USD, syntax, 40},
		{"syntax goes before precision", "0.001x", payout.USD, syntax, 5},
		{"precision goes before size", strings.Repeat("9", 40) + ".001", payout.USD, precision, 43},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := payout.ParseMajor(test.amount, test.cur)
			require.ErrorIs(t, err, test.kind)
			assert.Equal(t, payout.Money{}, m)
			var detail *payout.MoneyError
			require.ErrorAs(t, err, &detail)
			assert.Equal(t, test.offset, detail.Offset)
		})
	}
}

func TestParseMoney(t *testing.T) {
	m, err := payout.ParseMoney("-10.4 USD")
	require.NoError(t, err)
	assert.Equal(t, payout.FromMinor(-1040, payout.USD), m)

	for _, test := range []struct {
		name string
		text string
		kind payout.MoneyErrorKind
	}{
		{"nothing", "", payout.ErrMoneySyntax},
		{"no currency", "10.42", payout.ErrMoneySyntax},
		{"the zero Money", "0", payout.ErrMoneySyntax},
		{"no space", "10.42USD", payout.ErrMoneySyntax},
		{"a tab", "10.42\tUSD", payout.ErrMoneySyntax},
		{"a no-break space", "10.42\u00a0USD", payout.ErrMoneySyntax},
		{"no amount", " USD", payout.ErrMoneySyntax},
		{"only a code", "USD", payout.ErrMoneySyntax},
		{"the currency first", "USD 10.42", payout.ErrMoneyCurrency},
		{"two spaces", "10.42  USD", payout.ErrMoneyCurrency},
		{"a space behind", "10.42 USD ", payout.ErrMoneyCurrency},
		{"small letters", "10.42 usd", payout.ErrMoneyCurrency},
		{"a number for a currency", "10.42 840", payout.ErrMoneyCurrency},
		{"a retired currency", "10.42 RUR", payout.ErrMoneyCurrency},
		{"gold", "1 XAU", payout.ErrMoneyCurrency},
		{"a separator", "1,000 USD", payout.ErrMoneySyntax},
		{"half a cent", "10.425 USD", payout.ErrMoneyPrecision},
		{"too much", "92233720368547758.08 USD", payout.ErrMoneyOverflow},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := payout.ParseMoney(test.text)
			assert.ErrorIs(t, err, test.kind)
			assert.Equal(t, payout.Money{}, m)
		})
	}
}

func TestMustMoney(t *testing.T) {
	assert.Equal(t, payout.FromMinor(150000, payout.RUB), payout.MustMoney("1500.00 RUB"))
	assert.Panics(t, func() { payout.MustMoney("1500.001 RUB") })
}
