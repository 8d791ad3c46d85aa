package connpay_test

import (
	"testing"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/provider"
)

// TestLive runs against the gateway's sandbox, and can reach no other host. The three
// accounts are the documented ones: approved, declined, an error (connpay:278-280).
func TestLive(t *testing.T) {
	var requests []payout.Request
	for _, number := range []string{"1234567890", "0987654321", "1987654321"} {
		requests = append(requests, payout.Request{
			Amount:      payout.MustMoney("10.42 USD"),
			Destination: payout.BankAccount{Number: payout.NewSecret(number), Name: payout.NewSecret("1234"), RoutingNumber: "15"},
		})
	}
	conformance.RunLive(t, conformance.Live{
		Env:   []string{"CONNPAY_LOGIN", "CONNPAY_ENDPOINT", "CONNPAY_KEY"},
		Hosts: []string{"sandbox.connpay.com"},
		New: func(env func(string) string, dial conformance.Dial) (payout.Provider, error) {
			return connpay.New(connpay.Config{
				BaseURL: connpay.Sandbox, Login: env("CONNPAY_LOGIN"), PrivateKey: payout.NewSecret(env("CONNPAY_KEY")),
				Endpoint: connpay.Endpoint{
					ID: env("CONNPAY_ENDPOINT"), Currencies: []payout.Currency{payout.USD}, Destinations: []payout.Kind{payout.BankAccount{}.Kind()},
				},
				HTTP: provider.HTTP{Dial: dial},
			})
		},
		Requests: requests,
		Keep:     conformance.KeepIn("../../docs/verified"),
	})
}
