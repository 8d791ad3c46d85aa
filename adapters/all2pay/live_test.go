package all2pay_test

import (
	"testing"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/provider"
)

// TestLive runs against the bank's test host, and can reach no other.
func TestLive(t *testing.T) {
	conformance.RunLive(t, conformance.Live{
		Env:   []string{"ALL2PAY_USER", "ALL2PAY_PASSWORD"},
		Hosts: []string{"api.uat.all2pay.net"},
		New: func(env func(string) string, dial conformance.Dial) (payout.Provider, error) {
			return all2pay.New(all2pay.Config{
				BaseURL: all2pay.Test, UserName: env("ALL2PAY_USER"), Password: payout.NewSecret(env("ALL2PAY_PASSWORD")),
				HTTP: provider.HTTP{Dial: dial},
			})
		},
		Requests: []payout.Request{{
			Amount: payout.MustMoney("10.00 RUB"), Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
			Recipient: payout.Recipient{Name: payout.NewSecret("IVAN PETROV")},
		}},
		Keep: conformance.KeepIn("../../docs/verified"),
	})
}
