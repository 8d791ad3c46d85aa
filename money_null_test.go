package payout_test

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

var (
	_ sql.Scanner   = (*payout.Money)(nil)
	_ sql.Scanner   = (*payout.NullMoney)(nil)
	_ sql.Scanner   = (*payout.Currency)(nil)
	_ driver.Valuer = payout.Money{}
	_ driver.Valuer = payout.NullMoney{}
	_ driver.Valuer = payout.RUB
)

func TestNullMoney(t *testing.T) {
	for _, test := range []struct {
		name  string
		money payout.NullMoney
		json  string
		value driver.Value
	}{
		{"absent", payout.NullMoney{}, `null`, nil},
		{"present", payout.NullMoney{Money: payout.MustMoney("10.42 USD"), Valid: true}, `{"amount":"10.42","currency":"USD"}`, "10.42 USD"},
		{"present, without a currency", payout.NullMoney{Valid: true}, `{"amount":"0","currency":""}`, "0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			data, err := json.Marshal(test.money)
			require.NoError(t, err)
			assert.Equal(t, test.json, string(data))
			read := payout.NullMoney{Money: payout.MustMoney("7.00 EUR"), Valid: true}
			require.NoError(t, json.Unmarshal(data, &read))
			assert.Equal(t, test.money, read)

			value, err := test.money.Value()
			require.NoError(t, err)
			assert.Equal(t, test.value, value)
			scanned := payout.NullMoney{Money: payout.MustMoney("7.00 EUR"), Valid: true}
			require.NoError(t, scanned.Scan(value))
			assert.Equal(t, test.money, scanned)
		})
	}

	t.Run("an amount that is not Valid is not shown", func(t *testing.T) {
		hidden := payout.NullMoney{Money: payout.MustMoney("10.42 USD")}
		data, err := json.Marshal(hidden)
		require.NoError(t, err)
		assert.Equal(t, `null`, string(data))
		value, err := hidden.Value()
		require.NoError(t, err)
		assert.Nil(t, value)
	})

	t.Run("what is refused changes nothing", func(t *testing.T) {
		for _, before := range []payout.NullMoney{{}, {Money: payout.MustMoney("7.00 EUR"), Valid: true}} {
			n := before
			assert.ErrorIs(t, n.Scan("10.425 USD"), payout.ErrMoneyPrecision)
			assert.ErrorIs(t, n.Scan(1042), payout.ErrMoneyArgument)
			assert.ErrorIs(t, json.Unmarshal([]byte(`{"amount":"1"}`), &n), payout.ErrMoneySyntax)
			assert.ErrorIs(t, n.UnmarshalJSON(nil), payout.ErrMoneySyntax)
			assert.Equal(t, before, n)
		}
	})
}
