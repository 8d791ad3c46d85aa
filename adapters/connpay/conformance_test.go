package connpay_test

import (
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/conformance/simulated"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

// TestConformance runs the suite twice: against one endpoint, and against a group,
// where an order whose answer was lost is asked about in another way.
func TestConformance(t *testing.T) {
	first, err := sandbox.StartConnPay(sandbox.ConnPayConfig{})
	if err != nil {
		t.Fatal(err)
	}
	pair := first.MerchantKey()
	first.Close()
	key := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(pair)}))
	const control = "conformance-control-key"
	account := payout.BankAccount{Number: payout.NewSecret("40702810900000012345"), Name: payout.NewSecret("Northwind Traders"), RoutingNumber: "15"}
	request := func(amount string) payout.Request {
		return payout.Request{Amount: payout.MustMoney(amount), Destination: account, Recipient: payout.Recipient{LastName: payout.NewSecret("Montgomery")}}
	}
	for name, at := range map[string]struct {
		endpoint connpay.Endpoint
		requests []payout.Request
	}{
		"endpoint": {
			connpay.Endpoint{ID: "39915", Currencies: []payout.Currency{payout.USD}},
			[]payout.Request{request("10.42 USD")},
		},
		"group": {
			connpay.Endpoint{ID: "1001", Group: true, Currencies: []payout.Currency{payout.EUR, payout.JPY, payout.KWD}},
			[]payout.Request{request("10.42 EUR"), request("1000 JPY"), request("1.234 KWD")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			conformance.Run(t, conformance.Harness{
				New: func(url string, roots *x509.CertPool) (payout.Provider, error) {
					return connpay.New(connpay.Config{
						BaseURL: url + "/paynet", Login: "TestMerchant", Control: payout.NewSecret(control), PrivateKey: payout.NewSecret(key),
						Endpoint: at.endpoint, HTTP: provider.HTTP{Roots: roots},
					})
				},
				NewBank: func() (conformance.Bank, error) {
					b, err := sandbox.StartConnPay(sandbox.ConnPayConfig{Key: &pair.PublicKey, Control: control})
					if err != nil {
						return nil, err
					}
					return simulated.Bank(b.Server), nil
				},
				Requests: at.requests,
				Secrets:  []string{control, key, key[40:120]},
				Answers: []conformance.Answer{{
					Name: "validation-error", Status: 200, Kind: payout.ErrRefused,
					Body: func(reference string) []byte {
						return []byte("type=validation-error\n&serial-number=00000000-0000-0000-0000-000002231f99\n&merchant-order-id=" + reference +
							"\n&error-message=Parameter+credit_card_number+is+required\n&error-code=1\n")
					},
				}},
			})
		})
	}
}
