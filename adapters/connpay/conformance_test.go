package connpay_test

import (
	"crypto/sha1"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/conformance/simulated"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

const conformanceControl = "conformance-control-key"

// TestConformance runs the suite against one endpoint and against a group, where an
// order whose answer was lost is asked about in another way; and with everything that
// is off by default turned on.
func TestConformance(t *testing.T) {
	pem := pkcs1(merchantKey())
	stranger := key(t, "rsa2048_pkcs1.pem")
	order := connpay.Order{
		Purpose: "Affiliate programme", IPAddress: s("203.0.113.77"), INN: s("500100732259"), CustomerID: "77",
		LegalPersonName: s("Northwind Legal"), LegalPersonDocumentNumber: s("1027700132195"),
		IdentityDocumentID: s("passport-of-the-state"), IdentityDocumentNumber: s("45 08 123456"),
	}
	request := func(amount string, to payout.Destination) payout.Request {
		return payout.Request{
			Amount: payout.MustMoney(amount), Destination: to, Options: []payout.Option{order}, Metadata: map[string]string{"campaign": "spring"},
			Recipient: payout.Recipient{LastName: s("Montgomery"), BirthDate: s("1990-02-01"), Phone: s("+421901123456")},
		}
	}
	account := payout.BankAccount{Number: s("40702810900000012345"), Name: s("Northwind Traders"), RoutingNumber: "15"}
	toEach := []payout.Request{
		request("10.42 USD", account),
		request("10.42 USD", payout.Card{Number: s("4111111111111111"), Holder: s("ADA KING"), Expiry: s("2034-12")}),
		request("10.42 USD", payout.SavedCard{ID: "900719925474"}),
		request("10.42 USD", payout.Wallet{System: "payer", ID: s("wallet-of-ada-king")}),
		request("10.42 USD", payout.CryptoWallet{Address: s("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")}),
	}
	for name, tt := range map[string]struct {
		c        connpay.Config
		gate     sandbox.ConnPayConfig
		requests []payout.Request
	}{
		"endpoint": {connpay.Config{Endpoint: endpoint}, sandbox.ConnPayConfig{}, toEach},
		"group": {
			connpay.Config{Endpoint: connpay.Endpoint{
				ID: "1001", Group: true, Currencies: []payout.Currency{payout.EUR, payout.JPY, payout.KWD},
				Destinations: []payout.Kind{payout.BankAccount{}.Kind()}, Required: []string{"receiver_last_name", "account_name"},
			}},
			sandbox.ConnPayConfig{AskFirst: true},
			[]payout.Request{request("10.42 EUR", account), request("1000 JPY", account), request("1.234 KWD", account)},
		},
		"all on": {
			connpay.Config{
				Endpoint: connpay.Endpoint{ID: "39915", Currencies: endpoint.Currencies, RecurringPaymentID: true},
				StatusV2: true, JSON: true, Aliases: true,
				Callback: connpay.CallbackNames{Status: "st", OrderID: "pne", ClientOrderID: "ref", Control: "sum"},
				Balance:  connpay.Balance{Of: connpay.BalanceOfMerchant},
			},
			sandbox.ConnPayConfig{Aliases: true, JSONNumbers: true, Balance: true},
			toEach,
		},
	} {
		t.Run(name, func(t *testing.T) {
			with := func(key, control payout.Secret) func(string, *x509.CertPool) (payout.Provider, error) {
				return func(url string, roots *x509.CertPool) (payout.Provider, error) {
					c := tt.c
					c.BaseURL, c.Login, c.PrivateKey, c.Control = url+"/paynet", "TestMerchant", key, control
					c.HTTP = provider.HTTP{Roots: roots}
					return connpay.New(c)
				}
			}
			conformance.Run(t, conformance.Harness{
				New:      with(pem, s(conformanceControl)),
				Stranger: with(stranger, s("the control of another")),
				NewBank: func() (conformance.Bank, error) {
					gate := tt.gate
					gate.Key, gate.Control = &merchantKey().PublicKey, conformanceControl
					b, err := sandbox.StartConnPay(gate)
					if err != nil {
						return nil, err
					}
					return simulated.Bank(b.Server), nil
				},
				Requests: tt.requests,
				Secrets:  []string{conformanceControl, pem.Reveal(), pem.Reveal()[40:120]},
				Callback: func(p payout.Payout) *http.Request { return calledBack(tt.c.Callback, p) },
				Answers:  refusals(tt.c.JSON),
			})
		})
	}
}

// calledBack is the call that the platform makes for a payout that it has paid.
func calledBack(names connpay.CallbackNames, p payout.Payout) *http.Request {
	or := func(name, otherwise string) string {
		if name == "" {
			return otherwise
		}
		return name
	}
	sum := sha1.Sum([]byte("approved" + p.ProviderID + p.Reference + conformanceControl))
	return httptest.NewRequest(http.MethodGet, "https://platform.example/connpay?"+url.Values{
		or(names.Status, "status"):                {"approved"},
		or(names.OrderID, "orderid"):              {p.ProviderID},
		or(names.ClientOrderID, "client_orderid"): {p.Reference},
		or(names.Control, "control"):              {hex.EncodeToString(sum[:])},
		"amount":                                  {p.Amount.Major()},
	}.Encode(), http.NoBody)
}

// refusals are the documented ways to say that nothing was done: the real example of
// connpay-notes, and what it is in JSON.
func refusals(inJSON bool) []conformance.Answer {
	form := conformance.Answer{
		Name: "validation-error", Status: 200, Kind: payout.ErrRefused,
		Body: func(reference string) []byte {
			return []byte("type=validation-error\n&serial-number=00000000-0000-0000-0000-000002231f99\n&merchant-order-id=" + reference +
				"\n&error-message=Parameter+credit_card_number+is+required\n&error-code=1\n")
		},
	}
	if !inJSON {
		return []conformance.Answer{form}
	}
	answers := []conformance.Answer{form}
	for _, status := range []int{200, 400, 404, 409, 422} { // 4xx
		answers = append(answers, conformance.Answer{
			Name: fmt.Sprintf("validation-error in JSON, HTTP %d", status), Status: status, Kind: payout.ErrRefused,
			Body: func(reference string) []byte {
				return []byte(`{"type":"validation-error","serial-number":"00000000-0000-0000-0000-000002231f99","merchant-order-id":"` + reference +
					`","error-message":"Parameter credit_card_number is required","error-code":1}`)
			},
		})
	}
	return answers
}
