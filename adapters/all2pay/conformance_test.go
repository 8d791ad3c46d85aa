package all2pay_test

import (
	"context"
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

// Every ability is on, every way to pay is taken, and the bank wants signatures.
func TestConformance(t *testing.T) {
	const userName, password = "conformance-user", "conformance-password"
	const number, saved, payers = "4111111111111111", "83309cde-a56d-7409-88dd-c02e00ab3428", "6e8eb975-e1ba-7072-9f7a-5b7848ca5a88"
	card := payout.Card{Number: payout.NewSecret(number)}
	person := payout.Recipient{ID: "c-1", Name: payout.NewSecret("IVANNA PETROVA")}
	roubles := payout.MustMoney("1500.00 RUB")
	table, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{})
	if err != nil {
		t.Fatal(err)
	}
	table.Close()
	key, text := signingKey(t)
	with := func(password string) func(string, *x509.CertPool) (payout.Provider, error) {
		return func(url string, roots *x509.CertPool) (payout.Provider, error) {
			return all2pay.New(all2pay.Config{
				BaseURL: url, UserName: userName, Password: payout.NewSecret(password), SigningKey: text, Balances: true, HTTP: provider.HTTP{Roots: roots},
			})
		}
	}
	conformance.Run(t, conformance.Harness{
		New:      with(password),
		Stranger: with("the password of yesterday"),
		NewBank: func() (conformance.Bank, error) {
			b, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{
				UserName: userName, Password: password, Signer: &key.PublicKey, Balance: payout.FromMinor(100_000_000_000_00, payout.RUB), Balances: true,
				Cards: map[string]sandbox.SavedCard{saved: {ClientID: "c-1", PAN: number}},
			})
			if err != nil {
				return nil, err
			}
			return simulated.Bank(b.Server), nil
		},
		Requests: []payout.Request{
			{Amount: roubles, Recipient: person, Destination: card},
			{Amount: roubles, Recipient: person, Destination: card, Source: payout.Source{SavedCard: payers}},
			{Amount: roubles, Recipient: person, Destination: payout.SavedCard{ID: saved}},
			{Amount: roubles, Recipient: person, Destination: payout.EncryptedCard{}}, // see Prepare
			{Amount: roubles, Recipient: person, Destination: payout.SBP{
				Phone: payout.NewSecret("+79261214249"), BankID: "100000000111",
				LastName: payout.NewSecret("Соловьёва"), FirstName: payout.NewSecret("Ангелина"),
			}},
			{Amount: roubles, Recipient: person, Destination: payout.HostedPage{}, ReturnURL: "https://platform.example/done"},
		},
		Prepare: func(ctx context.Context, p payout.Provider, req payout.Request) (payout.Request, error) {
			var err error
			if _, ok := req.Destination.(payout.EncryptedCard); ok {
				req.Destination, err = p.(*all2pay.Provider).EncryptCard(ctx, req.Reference, card)
			}
			return req, err
		},
		Act:      adaptertest.Enter(number),
		SaveCard: payout.SaveCardRequest{OwnerID: "c-1", Card: card, CVV: payout.NewSecret("123")},
		Secrets:  []string{password, text.Reveal(), text.Reveal()[40:120]},
		Answers:  adaptertest.Answers(table.Rows()),
		Declines: map[string]payout.Reason{ // actionCode (all2pay:531-532), by the vendor's lists
			"100": payout.ReasonLimitExceeded, "101": payout.ReasonDestinationInvalid, "111": payout.ReasonDestinationInvalid,
			"116": payout.ReasonInsufficientFunds, "119": payout.ReasonDestinationRestricted, "120": payout.ReasonDeclined,
			"121": payout.ReasonLimitExceeded, "125": payout.ReasonDestinationInvalid, "902": payout.ReasonDestinationRestricted,
			"999": payout.ReasonFraudControl, "-2007": payout.ReasonExpired, "-20010": payout.ReasonLimitExceeded,
		},
	})
}
