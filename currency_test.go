package payout_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// Every code of three capital letters and every number is tried, so nothing is in the list that its count hides.
func TestCurrencyList(t *testing.T) {
	var byCode, holdMoney int
	for i := range 26 * 26 * 26 {
		code := string([]byte{'A' + byte(i/676), 'A' + byte(i/26%26), 'A' + byte(i%26)})
		c, err := payout.ParseCurrency(code)
		if err != nil {
			require.ErrorIs(t, err, payout.ErrMoneyCurrency, code)
			require.Zero(t, c, code)
			continue
		}
		byCode++
		require.Equal(t, code, c.Code())
		require.Equal(t, code, c.String())
		if c.Exponent() >= 0 {
			holdMoney++
		}
		same, err := payout.CurrencyByNumeric(c.Numeric())
		require.NoError(t, err, code)
		require.Equal(t, c, same, code)
	}
	assert.Equal(t, 178, byCode, "codes in the list")
	assert.Equal(t, 165, holdMoney, "codes with an exponent")

	byNumber := 0
	for i := range 1000 {
		if _, err := payout.CurrencyByNumeric(fmt.Sprintf("%03d", i)); err == nil {
			byNumber++
		}
	}
	assert.Equal(t, 178, byNumber, "numbers in the list")
}

func TestCurrencyFacts(t *testing.T) {
	for _, test := range []struct {
		currency payout.Currency
		code     string
		numeric  string
		exponent int
	}{
		{payout.RUB, "RUB", "643", 2},
		{payout.KZT, "KZT", "398", 2},
		{payout.USD, "USD", "840", 2},
		{payout.EUR, "EUR", "978", 2},
		{payout.JPY, "JPY", "392", 0},
		{payout.KWD, "KWD", "414", 3},
		{payout.CLF, "CLF", "990", 4},
		{payout.UYW, "UYW", "927", 4},
		{payout.ALL, "ALL", "008", 2},
		{payout.AUD, "AUD", "036", 2},
		{payout.HUF, "HUF", "348", 2}, // CLDR's cash digits would be 0
		{payout.XCG, "XCG", "532", 2},
		{payout.XAD, "XAD", "396", 2},
		{payout.ZWG, "ZWG", "924", 2},
		{payout.XAU, "XAU", "959", -1},
		{payout.XDR, "XDR", "960", -1},
		{payout.XXX, "XXX", "999", -1},
		{0, "", "", -1},
		{810, "", "", -1},
		{1000, "", "", -1},
		{65535, "", "", -1},
	} {
		t.Run(fmt.Sprintf("%s %d", test.code, uint16(test.currency)), func(t *testing.T) {
			assert.Equal(t, test.code, test.currency.Code())
			assert.Equal(t, test.numeric, test.currency.Numeric())
			assert.Equal(t, test.exponent, test.currency.Exponent())
		})
	}
}

func TestCurrencyRefuses(t *testing.T) {
	for _, code := range []string{
		"", "R", "RU", "RUBL", "rub", "Rub", " RUB", "RUB ", "RU8", "643", "ЯУБ", "RU\x00", "\xff\xff\xff",
		"ANG", "BGN", "CUC", "HRK", "SLL", "ZWL", "RUR", "SUR", "BYR", "USS",
	} {
		t.Run(fmt.Sprintf("code %q", code), func(t *testing.T) {
			_, err := payout.ParseCurrency(code)
			assert.ErrorIs(t, err, payout.ErrMoneyCurrency)
		})
	}
	for _, numeric := range []string{
		"", "8", "08", "0008", "000", "810", "643 ", "64a", "+43", "-43", "6.3", "٦٤٣", "RUB",
		"974", // BYR
		"975", // BGN
		"191", // HRK
		"694", // SLL
		"931", // CUC
		"932", // ZWL
	} {
		t.Run(fmt.Sprintf("numeric %q", numeric), func(t *testing.T) {
			_, err := payout.CurrencyByNumeric(numeric)
			assert.ErrorIs(t, err, payout.ErrMoneyCurrency)
		})
	}
}

func TestCurrencyEncoding(t *testing.T) {
	type row struct {
		Currency payout.Currency `json:"currency"`
	}
	for _, test := range []struct {
		name     string
		currency payout.Currency
		text     string
	}{
		{"a currency", payout.RUB, "RUB"},
		{"one that can't hold money", payout.XAU, "XAU"},
		{"none", 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, err := json.Marshal(row{test.currency})
			require.NoError(t, err)
			assert.Equal(t, `{"currency":"`+test.text+`"}`, string(text))

			read := row{payout.USD}
			require.NoError(t, json.Unmarshal(text, &read))
			assert.Equal(t, test.currency, read.Currency)

			value, err := test.currency.Value()
			require.NoError(t, err)
			assert.Equal(t, test.text, value)

			for _, src := range []any{test.text, []byte(test.text)} {
				scanned := payout.USD
				require.NoError(t, scanned.Scan(src))
				assert.Equal(t, test.currency, scanned)
			}
		})
	}

	t.Run("a value outside of the list is not written", func(t *testing.T) {
		unlisted := payout.Currency(810)
		_, err := unlisted.MarshalText()
		assert.ErrorIs(t, err, payout.ErrMoneyCurrency)
		_, err = unlisted.Value()
		assert.ErrorIs(t, err, payout.ErrMoneyCurrency)
	})

	t.Run("what is refused changes nothing", func(t *testing.T) {
		c := payout.USD
		assert.ErrorIs(t, c.UnmarshalText([]byte("rub")), payout.ErrMoneyCurrency)
		assert.ErrorIs(t, c.Scan("RUR"), payout.ErrMoneyCurrency)
		for _, src := range []any{nil, int64(643), 643.0, true} {
			assert.ErrorIs(t, c.Scan(src), payout.ErrMoneyArgument, "%T", src)
		}
		assert.Error(t, json.Unmarshal([]byte(`643`), &c))
		assert.Equal(t, payout.USD, c)
	})
}
