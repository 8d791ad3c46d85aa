package bereke_test

import (
	"crypto/x509"
	"testing"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/conformance/simulated"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

// Every ability is on, and every way to pay is taken.
func TestConformance(t *testing.T) {
	const userName, password = "conformance-user", "conformance-password"
	const corporate, saved = "4908a3c3-6c7c-75d3-9707-66ab06c12040", "83309cde-a56d-7409-88dd-c02e00ab3428"
	tenge := payout.MustMoney("15000.00 KZT")
	person := payout.Recipient{ID: "c-1", Name: payout.NewSecret("AIGERIM NURLANOVA")}
	card := payout.Card{Number: payout.NewSecret("4111111111111111")}
	table, err := sandbox.StartBereke(sandbox.ModuleConfig{})
	if err != nil {
		t.Fatal(err)
	}
	table.Close()
	with := func(password string) func(string, *x509.CertPool) (payout.Provider, error) {
		return func(url string, roots *x509.CertPool) (payout.Provider, error) {
			return bereke.New(bereke.Config{
				BaseURL: url, UserName: userName, Password: payout.NewSecret(password), HTTP: provider.HTTP{Roots: roots},
			})
		}
	}
	conformance.Run(t, conformance.Harness{
		New:      with(password),
		Stranger: with("the password of yesterday"),
		NewBank: func() (conformance.Bank, error) {
			b, err := sandbox.StartBereke(sandbox.ModuleConfig{
				UserName: userName, Password: password, Balance: payout.FromMinor(100_000_000_000_00, payout.KZT),
				Cards: map[string]sandbox.SavedCard{saved: {ClientID: "c-1", PAN: "5555555555554444"}},
			})
			if err != nil {
				return nil, err
			}
			return simulated.Bank(b.Server), nil
		},
		Requests: []payout.Request{
			{Amount: tenge, Recipient: person, Destination: card},
			{Amount: tenge, Recipient: person, Destination: card, Source: payout.Source{SavedCard: corporate}},
			{Amount: tenge, Recipient: person, Destination: payout.SavedCard{ID: saved}},
			{Amount: tenge, Recipient: person, Destination: payout.HostedPage{}, ReturnURL: "https://platform.example/done"},
		},
		Act:     adaptertest.Enter("4111111111111111"),
		Secrets: []string{password},
		Answers: adaptertest.Answers(table.Rows()),
	})
}
