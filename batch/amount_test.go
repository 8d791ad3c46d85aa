package batch_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestAmounts(t *testing.T) {
	t.Parallel()
	const digits = "must be digits with at most one dot, such as 1500.00"
	for _, c := range []struct{ amount, currency, want, rule string }{
		{"1500.00", "RUB", "1500.00 RUB", ""},
		{"0.01", "RUB", "0.01 RUB", ""},
		{"007", "RUB", "7.00 RUB", ""},
		{"10.420", "RUB", "10.42 RUB", ""},
		{"10", "JPY", "10 JPY", ""},
		{"0.125", "KWD", "0.125 KWD", ""},
		{"", "RUB", "", "is required"},
		{"1e3", "RUB", "", digits},
		{`"10,42"`, "RUB", "", digits},
		{"+5", "RUB", "", digits},
		{"1 500", "RUB", "", digits},
		{"1\u00a0500", "RUB", "", digits},
		{"1_000", "RUB", "", digits},
		{".5", "RUB", "", digits},
		{"5.", "RUB", "", digits},
		{"1.5.0", "RUB", "", digits},
		{"0x10", "RUB", "", digits},
		{"١٥٠", "RUB", "", digits},
		{"NaN", "RUB", "", digits},
		{"=1+1", "RUB", "", digits},
		{"₽15", "RUB", "", digits},
		{" 15", "RUB", "", digits},
		{"-5", "RUB", "", "must be more than zero"},
		{"0", "RUB", "", "must be more than zero"},
		{"0.00", "RUB", "", "must be more than zero"},
		{"-0", "RUB", "", "must be more than zero"},
		{"10.425", "RUB", "", "has more decimals than RUB has"},
		{"0.5", "JPY", "", "has more decimals than JPY has"},
		{"99999999999999999999", "RUB", "", "is too large"},
	} {
		t.Run(c.amount+" "+c.currency, func(t *testing.T) {
			row := one(t, header+"p-1,"+c.amount+","+c.currency+",card,4111111111111111,A B,x\n")
			if c.rule == "" {
				require.NoError(t, row.Err)
				require.Equal(t, payout.MustMoney(c.want), row.Request.Amount)
				return
			}
			if strings.TrimSpace(c.amount) != c.amount {
				require.ErrorContains(t, row.Err, "column 2 (amount): must not begin or end with a space; column 2 (amount): "+c.rule)
				return
			}
			p := problem(t, row)
			require.Equal(t, 2, p.Column)
			require.Equal(t, "amount", p.Name)
			require.Equal(t, c.rule, p.Rule)
		})
	}
}

func TestCurrencies(t *testing.T) {
	t.Parallel()
	const letters = "must be three letters of ISO 4217, such as RUB"
	for currency, rule := range map[string]string{
		"":     "is required",
		"rub":  letters,
		"RUR":  letters,
		"643":  letters,
		"RUBL": letters,
		"₽":    letters,
		"XAU":  "is one that can't hold money: it has no minor unit",
		"XXX":  "is one that can't hold money: it has no minor unit",
	} {
		t.Run(currency, func(t *testing.T) {
			p := problem(t, one(t, header+"p-1,1.00,"+currency+",card,4111111111111111,A B,x\n"))
			require.Equal(t, "currency", p.Name)
			require.Equal(t, 3, p.Column)
			require.Equal(t, rule, p.Rule)
		})
	}
}
