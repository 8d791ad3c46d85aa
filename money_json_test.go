package payout_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestMoneyJSON(t *testing.T) {
	for _, test := range []struct {
		money payout.Money
		text  string
	}{
		{payout.MustMoney("10.42 USD"), `{"amount":"10.42","currency":"USD"}`},
		{payout.MustMoney("-1500 JPY"), `{"amount":"-1500","currency":"JPY"}`},
		{payout.FromMinor(smallest, payout.CLF), `{"amount":"-922337203685477.5808","currency":"CLF"}`},
		{payout.MustMoney("0 RUB"), `{"amount":"0.00","currency":"RUB"}`},
		{payout.Money{}, `{"amount":"0","currency":""}`},
	} {
		t.Run(test.text, func(t *testing.T) {
			data, err := json.Marshal(test.money)
			require.NoError(t, err)
			assert.Equal(t, test.text, string(data))
			assert.Equal(t, "x"+test.text, string(test.money.AppendJSON([]byte("x"))))

			read := payout.MustMoney("7.00 EUR")
			require.NoError(t, json.Unmarshal(data, &read))
			assert.Equal(t, test.money, read)
		})
	}

	t.Run("in a struct, a slice and a map", func(t *testing.T) {
		type batch struct {
			Fee    payout.Money            `json:"fee"`
			Rows   []payout.Money          `json:"rows"`
			Totals map[payout.Money]string `json:"totals"`
		}
		want := batch{
			payout.MustMoney("1.50 RUB"),
			[]payout.Money{payout.MustMoney("2.00 KZT"), {}},
			map[payout.Money]string{payout.MustMoney("3 JPY"): "three"},
		}
		data, err := json.Marshal(want)
		require.NoError(t, err)
		var have batch
		require.NoError(t, json.Unmarshal(data, &have))
		assert.Equal(t, want, have)
	})
}

func TestMoneyUnmarshalJSON(t *testing.T) {
	for _, test := range []struct {
		name  string
		text  string
		money string
	}{
		{"a number", `{"amount":10.42,"currency":"USD"}`, "10.42 USD"},
		{"a number that no float holds", `{"amount":92233720368547758.07,"currency":"USD"}`, "92233720368547758.07 USD"},
		{"a number with zeros beyond", `{"amount":0.10000000000000000000000000000000,"currency":"USD"}`, "0.10 USD"},
		{"a negative number", `{"amount":-0.01,"currency":"USD"}`, "-0.01 USD"},
		{"zero", `{"amount":0,"currency":"USD"}`, "0.00 USD"},
		{"minus zero", `{"amount":-0,"currency":"USD"}`, "0.00 USD"},
		{"the other order", `{"currency":"USD","amount":"10.42"}`, "10.42 USD"},
		{"spaces", " {\n\t\"amount\" : \"10.42\" ,\r\n \"currency\" : \"USD\" } ", "10.42 USD"},
		{"a string, as for the key of a map", ` "10.42 USD" `, "10.42 USD"},
		{"a string with escapes", `"10.42\u0020USD"`, "10.42 USD"},
		{"escapes", `{"\u0061mount":"1\u0030.42","currency":"\u0055SD"}`, "10.42 USD"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, read := range []func([]byte, *payout.Money) error{
				func(data []byte, m *payout.Money) error { return json.Unmarshal(data, m) },
				func(data []byte, m *payout.Money) error { return m.UnmarshalJSON(data) },
			} {
				var m payout.Money
				require.NoError(t, read([]byte(test.text), &m))
				assert.Equal(t, payout.MustMoney(test.money), m)
			}
		})
	}
}

func TestMoneyUnmarshalJSONRefuses(t *testing.T) {
	const syntax, precision, overflow, currency = payout.ErrMoneySyntax, payout.ErrMoneyPrecision, payout.ErrMoneyOverflow, payout.ErrMoneyCurrency
	for _, test := range []struct {
		name string
		text string
		kind payout.MoneyErrorKind
	}{
		{"an exponent in a number", `{"amount":1e2,"currency":"USD"}`, syntax},
		{"an exponent in a string", `{"amount":"1e2","currency":"USD"}`, syntax},
		{"a string with a space", `{"amount":" 1","currency":"USD"}`, syntax},
		{"an escape that is no digit", `{"amount":"1\u0020","currency":"USD"}`, syntax},
		{"an empty amount", `{"amount":"","currency":"USD"}`, syntax},
		{"an amount that is null", `{"amount":null,"currency":"USD"}`, syntax},
		{"an amount that is true", `{"amount":true,"currency":"USD"}`, syntax},
		{"an amount that is a list", `{"amount":["1"],"currency":"USD"}`, syntax},
		{"half a cent", `{"amount":10.425,"currency":"USD"}`, precision},
		{"half a cent in a string", `{"amount":"10.425","currency":"USD"}`, precision},
		{"too much", `{"amount":92233720368547758.08,"currency":"USD"}`, overflow},

		{"a currency in small letters", `{"amount":"1","currency":"usd"}`, currency},
		{"an unknown currency", `{"amount":"1","currency":"RUR"}`, currency},
		{"gold", `{"amount":"1","currency":"XAU"}`, currency},
		{"an empty currency", `{"amount":"1","currency":""}`, currency},
		{"an empty currency and cents", `{"amount":"0.00","currency":""}`, currency},
		{"a currency that is a number", `{"amount":"1","currency":840}`, syntax},
		{"a currency that is null", `{"amount":"1","currency":null}`, syntax},

		{"no currency", `{"amount":"1"}`, syntax},
		{"no amount", `{"currency":"USD"}`, syntax},
		{"nothing in it", `{}`, syntax},
		{"a name in capitals", `{"Amount":"1","currency":"USD"}`, syntax},
		{"another member", `{"amount":"1","currency":"USD","exponent":3}`, syntax},
		{"another member in front", `{"x":{},"amount":"1","currency":"USD"}`, syntax},
		{"two amounts", `{"amount":"1","amount":"2","currency":"USD"}`, syntax},
		{"two amounts, one empty", `{"amount":"","amount":"2","currency":"USD"}`, syntax},
		{"two amounts, one escaped to nothing", `{"currency":"USD","amount":"1","\u0061mount":"2"}`, syntax},
		{"two currencies", `{"amount":"1","currency":"USD","currency":"RUB"}`, syntax},
		{"two currencies, one empty", `{"amount":"1","currency":"","currency":"RUB"}`, syntax},
		{"a string without a currency", `"10.42"`, syntax},
		{"a string with half a cent", `"10.425 USD"`, precision},
		{"a number", `10.42`, syntax},
		{"a list", `["10.42","USD"]`, syntax},
		{"true", `true`, syntax},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := payout.MustMoney("7.00 EUR")
			require.ErrorIs(t, json.Unmarshal([]byte(test.text), &m), test.kind)
			require.ErrorIs(t, m.UnmarshalJSON([]byte(test.text)), test.kind)
			assert.Equal(t, payout.MustMoney("7.00 EUR"), m)
		})
	}
}

// encoding/json never passes these on, but UnmarshalJSON can be called with anything.
func TestMoneyUnmarshalJSONRefusesWhatIsNoJSON(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                      ``,
		"spaces":                       ` `,
		"only the start":               `{`,
		"cut in a name":                `{"amou`,
		"cut behind a name":            `{"amount"`,
		"cut behind the colon":         `{"amount":`,
		"cut in a value":               `{"amount":"1`,
		"cut in a number":              `{"amount":1`,
		"cut in an escape":             `{"amount":"1\`,
		"cut behind a value":           `{"amount":"1"`,
		"cut behind the comma":         `{"amount":"1",`,
		"not closed":                   `{"amount":"1","currency":"USD"`,
		"a comma too many":             `{"amount":"1","currency":"USD",}`,
		"another member without value": `{"x":,"amount":"1","currency":"USD"}`,
		"a comma in front":             `{,"amount":"1","currency":"USD"}`,
		"no comma":                     `{"amount":"1" "currency":"USD"}`,
		"no colon":                     `{"amount" "1","currency":"USD"}`,
		"something behind":             `{"amount":"1","currency":"USD"}}`,
		"a number with zeros in front": `{"amount":01,"currency":"USD"}`,
		"the same, negative":           `{"amount":-01,"currency":"USD"}`,
		"a number with a plus":         `{"amount":+1,"currency":"USD"}`,
		"a line feed in a string":      "{\"amount\":\"1\",\"currency\":\"US\nD\"}",
		"a line feed in a name":        "{\"amount\n\":\"1\",\"currency\":\"USD\"}",
		"an unknown escape":            `{"amount":"\1","currency":"USD"}`,
		"a bare word":                  `{amount:1,currency:"USD"}`,
		"a form feed for a space":      "{\f\"amount\":\"1\",\"currency\":\"USD\"}",
		"null and more":                `null{}`,
		"a string and more":            `"10.42 USD""`,
		"a string that is cut":         `"10.42 USD`,
	} {
		t.Run(name, func(t *testing.T) {
			require.False(t, json.Valid([]byte(text)), "this is JSON and belongs in another test")
			m := payout.MustMoney("7.00 EUR")
			require.ErrorIs(t, m.UnmarshalJSON([]byte(text)), payout.ErrMoneySyntax)
			assert.Equal(t, payout.MustMoney("7.00 EUR"), m)
		})
	}
}

func TestMoneyJSONNull(t *testing.T) {
	m := payout.MustMoney("7.00 EUR")
	require.NoError(t, json.Unmarshal([]byte(`null`), &m))
	assert.Equal(t, payout.MustMoney("7.00 EUR"), m, "null changes nothing")
}

// What is read shares no memory with the input, and reading does not write to it.
func TestMoneyUnmarshalJSONLeavesItsInput(t *testing.T) {
	text := `{"\u0061mount":"1\u0030.42","currency":"\u0055SD"}`
	data := []byte(text)
	var m payout.Money
	require.NoError(t, m.UnmarshalJSON(data))
	assert.Equal(t, text, string(data))
}
