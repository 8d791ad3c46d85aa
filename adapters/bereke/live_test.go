package bereke_test

import (
	"testing"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/provider"
)

// TestLive runs against the bank's test host, and can reach no other.
func TestLive(t *testing.T) {
	conformance.RunLive(t, conformance.Live{
		Env:   []string{"BEREKE_USER", "BEREKE_PASSWORD"},
		Hosts: []string{"3dsec.berekebank.kz"},
		New: func(env func(string) string, dial conformance.Dial) (payout.Provider, error) {
			return bereke.New(bereke.Config{
				BaseURL: bereke.Test, UserName: env("BEREKE_USER"), Password: payout.NewSecret(env("BEREKE_PASSWORD")),
				HTTP: provider.HTTP{Dial: dial},
			})
		},
		Requests: []payout.Request{{
			Amount: payout.MustMoney("100.00 KZT"), Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
			Recipient: payout.Recipient{Name: payout.NewSecret("AIGERIM NURLANOVA")},
		}},
		Keep: conformance.KeepIn("../../docs/verified"),
	})
}
