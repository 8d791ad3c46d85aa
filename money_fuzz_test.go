package payout_test

import (
	"bytes"
	"encoding/json"
	"io"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// The fuzzers know from a second reading of the rules, slow and by math/big,
// what each input must give.

var amountGrammar = regexp.MustCompile(`\A-?[0-9]+(\.[0-9]+)?\z`)

// wantAmount returns the minor units, or the kind of error.
func wantAmount(amount string, cur payout.Currency) (int64, payout.MoneyErrorKind) {
	if cur.Exponent() < 0 {
		return 0, payout.ErrMoneyCurrency
	}
	if !amountGrammar.MatchString(amount) {
		return 0, payout.ErrMoneySyntax
	}
	exact, _ := new(big.Rat).SetString(amount)
	exact.Mul(exact, new(big.Rat).SetInt(powerOfTen(cur.Exponent())))
	switch {
	case !exact.IsInt():
		return 0, payout.ErrMoneyPrecision
	case !exact.Num().IsInt64():
		return 0, payout.ErrMoneyOverflow
	}
	return exact.Num().Int64(), 0
}

func powerOfTen(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// wantMoney is the same for text with a currency behind it.
func wantMoney(text string) (payout.Money, payout.MoneyErrorKind) {
	amount, code, found := strings.Cut(text, " ")
	if !found {
		return payout.Money{}, payout.ErrMoneySyntax
	}
	cur, err := payout.ParseCurrency(code)
	if err != nil {
		return payout.Money{}, payout.ErrMoneyCurrency
	}
	minor, kind := wantAmount(amount, cur)
	return payout.FromMinor(minor, cur), kind
}

func requireRead(t *testing.T, input string, want payout.Money, kind payout.MoneyErrorKind, have payout.Money, err error) {
	t.Helper()
	if kind == 0 {
		require.NoError(t, err)
		require.Equal(t, want, have)
		return
	}
	require.ErrorIs(t, err, kind)
	requireShortPrintable(t, "", err)
}

var amountSeeds = []string{
	"", "0", "-0", "10.42", "-10.42", "10.420", "10.425", "007", "+1", ".5", "5.", "1e2", "1,000", " 1", "1 ", "-", "--1",
	"92233720368547758.07", "92233720368547758.08", "-92233720368547758.08", "-92233720368547758.09",
	"184467440737095516.16", "18446744073709551616", "9223372036854775807", "-9223372036854775808",
	"0.0001", "0.00001", "1.0.0", "NaN", "0x1", "١", "\x00", "99999999999999999999999999999999999999999.9",
}

func FuzzParseMajor(f *testing.F) {
	for _, amount := range amountSeeds {
		for _, cur := range []payout.Currency{payout.USD, payout.JPY, payout.KWD, payout.CLF} {
			f.Add(amount, uint16(cur))
		}
	}
	f.Add("1", uint16(payout.XAU))
	f.Add("1", uint16(0))
	f.Add("1", uint16(810))
	f.Add("1", uint16(40000))
	f.Fuzz(func(t *testing.T, amount string, number uint16) {
		cur := payout.Currency(number)
		minor, kind := wantAmount(amount, cur)
		m, err := payout.ParseMajor(amount, cur)
		requireRead(t, amount, payout.FromMinor(minor, cur), kind, m, err)
		if err != nil {
			require.Equal(t, payout.Money{}, m)
			return
		}
		again, err := payout.ParseMajor(m.Major(), cur)
		require.NoError(t, err)
		require.Equal(t, m, again)
	})
}

func FuzzParseMoney(f *testing.F) {
	for _, amount := range amountSeeds {
		for _, code := range []string{" USD", " JPY", " XAU", " usd", "", "  USD", " USD ", "\tUSD"} {
			f.Add(amount + code)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, kind := wantMoney(text)
		m, err := payout.ParseMoney(text)
		requireRead(t, text, want, kind, m, err)
		if err != nil {
			require.Equal(t, payout.Money{}, m)
			return
		}
		again, err := payout.ParseMoney(m.String())
		require.NoError(t, err)
		require.Equal(t, m, again)
	})
}

func FuzzMoneyScan(f *testing.F) {
	for _, amount := range amountSeeds {
		f.Add(amount)
		f.Add(amount + " USD")
		f.Add(amount + " JPY")
	}
	before := payout.MustMoney("7.00 EUR")
	f.Fuzz(func(t *testing.T, text string) {
		want, kind := wantMoney(text)
		if text == "0" {
			want, kind = payout.Money{}, 0
		}
		if kind != 0 {
			want = before
		}
		for _, src := range []any{text, []byte(text)} {
			m := before
			err := m.Scan(src)
			requireRead(t, text, want, kind, m, err)
			require.Equal(t, want, m)

			n := payout.NullMoney{Money: before, Valid: true}
			require.Equal(t, err == nil, n.Scan(src) == nil)
			require.Equal(t, payout.NullMoney{Money: want, Valid: true}, n)
		}
		if kind == 0 {
			value, err := want.Value()
			require.NoError(t, err)
			var again payout.Money
			require.NoError(t, again.Scan(value))
			require.Equal(t, want, again)
		}
	})
}

func FuzzMoneyJSON(f *testing.F) {
	for _, amount := range amountSeeds {
		quoted, _ := json.Marshal(amount)
		f.Add([]byte(`{"amount":` + string(quoted) + `,"currency":"USD"}`))
		f.Add([]byte(`{"currency":"JPY","amount":` + amount + `}`))
	}
	for _, text := range []string{
		`null`, `"10.42 USD"`, ` "0" `, `"10.42\u0020USD"`, `{}`, `[]`, `""`, `{"amount":"0","currency":""}`, `{"amount":"1","amount":"1","currency":"USD"}`,
		`{"amount":"1","currency":"USD","x":1}`, `{"\u0061mount":"1\u0030","currency":"\u0055SD"}`,
		"{\n\t\"amount\" : 1 ,\r \"currency\" : \"USD\" } ", `{"amount":"1","currency":"USD"}}`, `{"amount":"\ud800","currency":"USD"}`,
	} {
		f.Add([]byte(text))
	}
	before := payout.MustMoney("7.00 EUR")
	f.Fuzz(func(t *testing.T, data []byte) {
		input := bytes.Clone(data)
		m := before
		err := m.UnmarshalJSON(data)
		require.Equal(t, input, data, "the input was changed")

		want, accepted := wantJSON(data)
		if string(data) == "null" {
			want, accepted = before, true
		}
		require.Equal(t, accepted, err == nil, "%v", err)
		if err != nil {
			require.Equal(t, before, m)
			requireShortPrintable(t, "", err)
			return
		}
		require.Equal(t, want, m)
		again := before
		require.NoError(t, json.Unmarshal(m.AppendJSON(nil), &again))
		require.Equal(t, m, again)
	})
}

// wantJSON reads the object through encoding/json's tokens.
func wantJSON(data []byte) (payout.Money, bool) {
	if !json.Valid(data) {
		return payout.Money{}, false
	}
	tokens := json.NewDecoder(bytes.NewReader(data))
	tokens.UseNumber()
	next := func() json.Token {
		token, err := tokens.Token()
		if err == io.EOF {
			return nil
		}
		return token
	}
	switch first := next().(type) {
	case string:
		if first == "0" {
			return payout.Money{}, true
		}
		m, kind := wantMoney(first)
		return m, kind == 0
	case json.Delim:
		if first != '{' {
			return payout.Money{}, false
		}
	default:
		return payout.Money{}, false
	}
	members := map[string]json.Token{}
	for range 2 {
		name, _ := next().(string)
		members[name] = next()
	}
	if next() != json.Delim('}') {
		return payout.Money{}, false
	}
	code, isText := members["currency"].(string)
	var amount string
	switch value := members["amount"].(type) {
	case string:
		amount = value
	case json.Number:
		amount = value.String()
	default:
		return payout.Money{}, false
	}
	if !isText {
		return payout.Money{}, false
	}
	if amount == "0" && code == "" {
		return payout.Money{}, true
	}
	cur, err := payout.ParseCurrency(code)
	if err != nil {
		return payout.Money{}, false
	}
	minor, kind := wantAmount(amount, cur)
	return payout.FromMinor(minor, cur), kind == 0
}
