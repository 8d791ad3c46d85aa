package newbank

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// transfer is the body of POST /v1/transfers (newbank:12-18).
type transfer struct {
	Reference string `json:"reference"`
	Amount    string `json:"amount"`
	Currency  string `json:"currency"`
	Operator  string `json:"operator"`
	Number    string `json:"number"`
	Note      string `json:"note,omitempty"`
}

// answer is every answer of the bank (newbank:27, 39, 49-50), and its notice.
type answer struct {
	ID        provider.Text `json:"id"`
	Reference provider.Text `json:"reference"`
	Amount    provider.Text `json:"amount"`
	Currency  provider.Text `json:"currency"`
	State     provider.Text `json:"state"`
	Code      provider.Text `json:"code"`
	Error     provider.Text `json:"error"`
	Merchant  provider.Text `json:"merchant"`
	Balances  []struct {
		Currency  provider.Text `json:"currency"`
		Available provider.Text `json:"available"`
		OnHold    provider.Text `json:"on_hold"`
	} `json:"balances"`
}

// prefixes are those of the currencies' countries (newbank:17).
var prefixes = map[payout.Currency]string{payout.TND: "216", payout.XOF: "221"}

// transferOf translates a request, or names every rule of the bank that it breaks and
// that the Client can't know from Info.
func transferOf(req payout.Request) ([]byte, error) {
	to, _ := req.Destination.(MobileWallet)
	t := transfer{
		Reference: req.Reference,
		Amount:    req.Amount.Major(), // newbank:13
		Currency:  req.Amount.Currency().Code(),
		Operator:  to.Operator,
		Number:    to.Number.Reveal(), //nolint:forbidigo // it leaves for the bank
		Note:      req.Description,
	}
	var bad []payout.Violation
	if prefix, ok := prefixes[req.Amount.Currency()]; !ok || !strings.HasPrefix(t.Number, prefix) {
		bad = append(bad, payout.Violation{Field: "destination.number", Rule: "must be of the currency's country", Doc: "newbank:17"})
	}
	if err := provider.Invalid(bad...); err != nil {
		return nil, err
	}
	return json.Marshal(t)
}

// send signs a call, sends it once and reads the answer.
func (p *Provider) send(ctx context.Context, method, path string, body []byte) (a provider.Answer, w answer, err error) {
	a, err = p.link.Do(ctx, provider.Call{Method: method, Path: path, Body: body, Header: http.Header{
		"Content-Type":        {"application/json"},
		"X-Newbank-Merchant":  {p.merchant},
		"X-Newbank-Signature": {p.sign(method, path, body)},
	}})
	if err == nil && provider.DecodeJSON(a.Body, &w) != nil {
		err = a.Unknown("the answer can't be read")
	}
	return a, w, err
}

// sign returns the signature of newbank:7-8.
func (p *Provider) sign(method, path string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(p.key.Reveal())) //nolint:forbidigo // it signs
	mac.Write([]byte(method + "\n" + path + "\n"))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
