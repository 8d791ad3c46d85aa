package all2pay_test

import (
	"crypto/x509"
	"testing"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/conformance/simulated"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

func TestConformance(t *testing.T) {
	const userName, password = "conformance-user", "conformance-password"
	name := payout.Recipient{Name: payout.NewSecret("IVANNA PETROVA")}
	roubles := payout.MustMoney("1500.00 RUB")
	table, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{})
	if err != nil {
		t.Fatal(err)
	}
	table.Close()
	conformance.Run(t, conformance.Harness{
		New: func(url string, roots *x509.CertPool) (payout.Provider, error) {
			return all2pay.New(all2pay.Config{
				BaseURL: url, UserName: userName, Password: payout.NewSecret(password), HTTP: provider.HTTP{Roots: roots},
			})
		},
		NewBank: func() (conformance.Bank, error) {
			b, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{
				UserName: userName, Password: password, Balance: payout.FromMinor(100_000_000_000_00, payout.RUB),
				Cards: map[string]sandbox.SavedCard{"83309cde-a56d-7409-88dd-c02e00ab3428": {ClientID: "c-1", PAN: "4111111111111111"}},
			})
			if err != nil {
				return nil, err
			}
			return simulated.Bank(b.Server), nil
		},
		Requests: []payout.Request{
			{Amount: roubles, Recipient: name, Destination: payout.Card{Number: payout.NewSecret("4111111111111111")}},
			{Amount: roubles, Recipient: payout.Recipient{ID: "c-1", Name: name.Name}, Destination: payout.SavedCard{ID: "83309cde-a56d-7409-88dd-c02e00ab3428"}},
			{Amount: roubles, Recipient: name, Destination: payout.SBP{
				Phone: payout.NewSecret("+79261214249"), BankID: "100000000111",
				LastName: payout.NewSecret("Соловьёва"), FirstName: payout.NewSecret("Ангелина"),
			}},
		},
		Secrets: []string{password},
		Answers: adaptertest.Answers(table.Rows()),
	})
}
