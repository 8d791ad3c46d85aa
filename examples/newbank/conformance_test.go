package newbank_test

import (
	"crypto/x509"
	"net/http"
	"testing"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/conformance/simulated"
	"github.com/payoutkit/payout/examples/newbank"
	"github.com/payoutkit/payout/examples/newbank/newbanktest"
	"github.com/payoutkit/payout/provider"
)

const merchant, key = "4815162342", "a key that only the simulated bank knows"

func TestConformance(t *testing.T) { conformance.Run(t, harness()) }

func harness() conformance.Harness {
	return conformance.Harness{
		New:      with(key),
		Stranger: with("a key that the simulated bank does not know"),
		NewBank: func() (conformance.Bank, error) {
			b, err := newbanktest.Start(merchant, key)
			if err != nil {
				return nil, err
			}
			return simulated.Bank(b), nil
		},
		Requests: []payout.Request{
			{Amount: payout.MustMoney("12.500 TND"), Destination: wallet("21620123456")},
			{Amount: payout.MustMoney("1500 XOF"), Destination: wallet("221771234567")},
		},
		Secrets: []string{key},
		Answers: answers(),
		Declines: map[string]payout.Reason{ // newbank:32-33
			"insufficient_funds": payout.ReasonInsufficientFunds,
			"wallet_closed":      payout.ReasonDestinationInvalid,
			"operator_limit":     payout.ReasonLimitExceeded,
			"screening":          payout.ReasonFraudControl,
			"expired":            payout.ReasonExpired,
		},
		Callback: func(p payout.Payout) *http.Request { return newbanktest.Notice(key, p) },
	}
}

// with makes the adapter with that key.
func with(key string) func(url string, roots *x509.CertPool) (payout.Provider, error) {
	return func(url string, roots *x509.CertPool) (payout.Provider, error) {
		return newbank.New(newbank.Config{BaseURL: url, Merchant: merchant, Key: payout.NewSecret(key), HTTP: provider.HTTP{Roots: roots}})
	}
}

func wallet(number string) payout.Destination {
	return newbank.MobileWallet{Operator: "demotel", Number: payout.NewSecret(number)}
}

// answers is the bank's table of refusals (newbank:40-46).
func answers() []conformance.Answer {
	says := func(code string) func(string) []byte {
		return func(string) []byte { return []byte(`{"error":"` + code + `"}`) }
	}
	return []conformance.Answer{
		{Name: "400 malformed (newbank:40)", Status: 400, Body: says("malformed"), Kind: payout.ErrRefused},
		{Name: "401 bad_signature (newbank:41)", Status: 401, Body: says("bad_signature"), Kind: payout.ErrUnauthorized},
		{Name: "409 reference_used (newbank:43)", Status: 409, Body: says("reference_used"), Kind: payout.ErrConflict},
		{Name: "422 unknown_wallet (newbank:44)", Status: 422, Body: says("unknown_wallet"), Reason: payout.ReasonDestinationInvalid},
		{Name: "422 blocked_wallet (newbank:45)", Status: 422, Body: says("blocked_wallet"), Reason: payout.ReasonDestinationRestricted},
		{Name: "429 slow_down (newbank:46)", Status: 429, Body: says("slow_down"), Kind: payout.ErrRateLimited},
	}
}
