package payout_test

import (
	"encoding"
	"encoding/xml"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

var (
	_ encoding.TextAppender    = payout.Money{}
	_ encoding.TextMarshaler   = payout.Money{}
	_ encoding.TextUnmarshaler = (*payout.Money)(nil)
	_ encoding.TextAppender    = payout.RUB
	_ encoding.TextMarshaler   = payout.RUB
	_ encoding.TextUnmarshaler = (*payout.Currency)(nil)
)

func TestMoneyText(t *testing.T) {
	for _, test := range []struct {
		money payout.Money
		text  string
	}{
		{payout.MustMoney("10.42 USD"), "10.42 USD"},
		{payout.FromMinor(smallest, payout.CLF), "-922337203685477.5808 CLF"},
		{payout.MustMoney("0 RUB"), "0.00 RUB"},
		{payout.Money{}, "0"},
	} {
		t.Run(test.text, func(t *testing.T) {
			text, err := test.money.MarshalText()
			require.NoError(t, err)
			assert.Equal(t, test.text, string(text))
			text, err = test.money.AppendText([]byte("x"))
			require.NoError(t, err)
			assert.Equal(t, "x"+test.text, string(text))
			value, err := test.money.Value()
			require.NoError(t, err)
			assert.Equal(t, test.text, value)

			read := payout.MustMoney("7.00 EUR")
			require.NoError(t, read.UnmarshalText([]byte(test.text)))
			assert.Equal(t, test.money, read)

			for _, src := range []any{test.text, []byte(test.text)} {
				scanned := payout.MustMoney("7.00 EUR")
				require.NoError(t, scanned.Scan(src))
				assert.Equal(t, test.money, scanned)
			}
		})
	}

	t.Run("xml", func(t *testing.T) {
		type row struct {
			Amount payout.Money `xml:"amount"`
		}
		data, err := xml.Marshal(row{payout.MustMoney("10.42 USD")})
		require.NoError(t, err)
		assert.Equal(t, `<row><amount>10.42 USD</amount></row>`, string(data))
		var read row
		require.NoError(t, xml.Unmarshal(data, &read))
		assert.Equal(t, payout.MustMoney("10.42 USD"), read.Amount)
	})
}

func TestMoneyTextRefuses(t *testing.T) {
	for _, test := range []struct {
		text string
		kind payout.MoneyErrorKind
	}{
		{"", payout.ErrMoneySyntax},
		{"00", payout.ErrMoneySyntax},
		{"0.00", payout.ErrMoneySyntax},
		{"1", payout.ErrMoneySyntax},
		{"10.42", payout.ErrMoneySyntax},
		{" 0", payout.ErrMoneyCurrency},
		{"10.42 usd", payout.ErrMoneyCurrency},
		{"10.425 USD", payout.ErrMoneyPrecision},
		{"92233720368547758.08 USD", payout.ErrMoneyOverflow},
	} {
		t.Run(test.text, func(t *testing.T) {
			m := payout.MustMoney("7.00 EUR")
			assert.ErrorIs(t, m.UnmarshalText([]byte(test.text)), test.kind)
			assert.ErrorIs(t, m.Scan(test.text), test.kind)
			assert.ErrorIs(t, m.Scan([]byte(test.text)), test.kind)
			assert.Equal(t, payout.MustMoney("7.00 EUR"), m)
		})
	}
}

func TestMoneyScanRefusesOtherTypes(t *testing.T) {
	for _, src := range []any{nil, int64(1042), 10.42, true, time.Time{}, payout.MustMoney("1 USD")} {
		m := payout.MustMoney("7.00 EUR")
		assert.ErrorIs(t, m.Scan(src), payout.ErrMoneyArgument, "%T", src)
		assert.Equal(t, payout.MustMoney("7.00 EUR"), m)
	}
}

// A driver may reuse the bytes that it scans from.
func TestMoneyScanKeepsNoBytes(t *testing.T) {
	src := []byte("10.42 USD")
	var m payout.Money
	require.NoError(t, m.Scan(src))
	copy(src, "99.99 RUB")
	assert.Equal(t, payout.MustMoney("10.42 USD"), m)
}
