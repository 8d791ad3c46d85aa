package payout_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// A text is a currency's code or its number, to the byte, or an error that quotes little
// of it and changes nothing.
func FuzzParseCurrency(f *testing.F) {
	for _, text := range []string{"RUB", "643", "008", "XAU", "rub", "RUR", "810", "8", "", " RUB", "RUB ", "ＲＵＢ", "R\x00B", "4111111111111111"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		named, err := payout.ParseCurrency(text)
		if err != nil {
			require.ErrorIs(t, err, payout.ErrMoneyCurrency)
			requireShortPrintable(t, "", err)
			require.Zero(t, named)
		} else {
			require.Equal(t, text, named.Code())
			require.Regexp(t, `\A[A-Z]{3}\z`, text)
		}

		numbered, numberErr := payout.CurrencyByNumeric(text)
		if numberErr != nil {
			require.ErrorIs(t, numberErr, payout.ErrMoneyCurrency)
			requireShortPrintable(t, "", numberErr)
			require.Zero(t, numbered)
		} else {
			require.Equal(t, text, numbered.Numeric())
			require.Regexp(t, `\A[0-9]{3}\z`, text)
		}

		before := payout.EUR
		have := before
		switch textErr := have.UnmarshalText([]byte(text)); {
		case text == "":
			require.NoError(t, textErr)
			require.Zero(t, have)
		case err == nil:
			require.NoError(t, textErr)
			require.Equal(t, named, have)
			again, err := json.Marshal(have)
			require.NoError(t, err)
			require.Equal(t, `"`+text+`"`, string(again))
		default:
			require.Error(t, textErr)
			require.Equal(t, before, have)
		}
		scanned := before
		require.Equal(t, text == "" || err == nil, scanned.Scan(text) == nil)
		require.Equal(t, have, scanned)
	})
}
