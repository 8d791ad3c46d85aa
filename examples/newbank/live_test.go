//go:build live

package newbank_test

import (
	"os"
	"testing"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/examples/newbank"
	"github.com/payoutkit/payout/provider"
)

// go test -tags live -run TestLive pays at the bank's test host (newbank:4).
func TestLive(t *testing.T) {
	conformance.RunLive(t, conformance.Live{
		Env:   []string{"NEWBANK_MERCHANT", "NEWBANK_KEY"},
		Hosts: []string{"api.test.newbank.example"},
		New: func(env func(string) string, dial conformance.Dial) (payout.Provider, error) {
			return newbank.New(newbank.Config{
				BaseURL: newbank.Test, Merchant: env("NEWBANK_MERCHANT"), Key: payout.NewSecret(env("NEWBANK_KEY")),
				HTTP: provider.HTTP{Dial: dial},
			})
		},
		Requests: harness().Requests,
		Keep:     func(r conformance.Report) error { return os.WriteFile("live.md", []byte(r.Markdown()), 0o600) },
	})
}
