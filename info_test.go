package payout_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestInfoRange(t *testing.T) {
	rub := payout.AmountRange{Min: payout.MustMoney("1.00 RUB"), Max: payout.MustMoney("600000.00 RUB")}
	i := payout.Info{Amounts: []payout.AmountRange{
		{},
		{Min: payout.MustMoney("1 JPY")}, // no greatest amount
		{Max: payout.MustMoney("1 USD")}, // no smallest
		{Min: payout.MustMoney("1 EUR"), Max: payout.MustMoney("9 KZT")},
		rub,
		{Min: payout.MustMoney("5.00 RUB"), Max: payout.MustMoney("6.00 RUB")},
	}}
	got, ok := i.Range(payout.RUB)
	require.True(t, ok)
	require.Equal(t, rub, got)
	for _, c := range []payout.Currency{0, payout.JPY, payout.USD, payout.EUR, payout.KZT, payout.KWD} {
		got, ok := i.Range(c)
		require.False(t, ok, "%v", c)
		require.Zero(t, got)
	}
}

func TestInfoDestinationKind(t *testing.T) {
	i := payout.Info{Destinations: []payout.Kind{payout.Card{}.Kind(), passbookKind}}
	for name, want := range map[string]bool{"card": true, "passbook": true, "sbp": false, "": false, "Card": false} {
		k, ok := i.DestinationKind(name)
		require.Equal(t, want, ok, name)
		require.Equal(t, want, k.Name() == name && name != "", name)
	}
}
