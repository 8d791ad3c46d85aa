package connpay

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/dghubble/oauth1"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// Balance says which balances are asked for. The call is off at the gateway until
// support turns it on. The zero Balance is none.
type Balance struct {
	Of BalanceOf
	// Name of the balance, sent as balance-name for a merchant's and as
	// balance-provider for an endpoint's. Needed where there are several in one currency.
	Name string
}

// BalanceOf says whose balances are asked for.
type BalanceOf uint8

const (
	NoBalance         BalanceOf = iota // none: the ability is off
	BalanceOfMerchant                  // /api/v2/get-balance/merchant/LOGIN
	BalanceOfEndpoint                  // /api/v2/get-balance/ENDPOINTID
)

func (b Balance) broken(at Endpoint) (bad []payout.Violation) {
	switch {
	case b.Of > BalanceOfEndpoint:
		bad = append(bad, payout.Violation{Field: "balance.of", Rule: "must be one of the package's constants"})
	case b.Of == BalanceOfEndpoint && at.Group:
		bad = append(bad, payout.Violation{Field: "balance.of", Rule: "must be that of the merchant: a group has no balance of its own"})
	}
	return bad
}

// Balances implements [payout.Balancer] by /api/v2/get-balance, which is signed with
// OAuth HMAC-SHA1 by the control key, and has the oauth parameters in its body too.
// Balances in currencies that the endpoint does not pay in are left out.
func (p *Provider) Balances(ctx context.Context, _ payout.Source) ([]payout.Balance, error) {
	path, form := "/api/v2/get-balance/merchant/"+url.PathEscape(p.oauth.login), url.Values{}
	name := "balance-name"
	switch p.balance.Of {
	case NoBalance:
		return nil, &payout.Error{Kind: payout.ErrUnsupported, Violations: []payout.Violation{{Field: "balance", Rule: "is turned off"}}}
	case BalanceOfEndpoint:
		path, name = "/api/v2/get-balance/"+p.endpoint.ID, "balance-provider"
	case BalanceOfMerchant:
	}
	if p.balance.Name != "" {
		form.Set(name, p.balance.Name)
	}
	// The signer percent-encodes the key (RFC 5849, 3.4.2).
	by := &oauth1.HMACSigner{ConsumerSecret: p.control.Reveal()}
	protocol, err := p.oauth.protocol(by)
	if err != nil {
		return nil, err
	}
	body := encoded(form).and(protocol)
	authorization, err := p.oauth.header(by, path, encoded(form), protocol)
	if err != nil {
		return nil, err
	}
	at := p.oauth.now()
	a, err := p.post(ctx, path, body, authorization)
	if err != nil {
		return nil, err
	}
	balances, ok := p.balances(a)
	if !ok {
		return nil, a.Unknown("the balances can't be read")
	}
	for i := range balances {
		balances[i].At = at
	}
	return balances, nil
}

// balanceEntry is one balance. The platform's pages have amount for a merchant's and
// balance-amount, without a currency, for an endpoint's; what is reserved is in the
// first, and not in online-balance-live-amount.
type balanceEntry struct {
	Live     provider.Text `json:"online-balance-live-amount"`
	Amount   provider.Text `json:"amount"`
	Endpoint provider.Text `json:"balance-amount"`
	Hold     provider.Text `json:"amount-buffer-hold"` // of payouts under way
	Currency provider.Text `json:"currency"`
}

// balances reads an answer: one balance or a list, one for each currency.
func (p *Provider) balances(a provider.Answer) (out []payout.Balance, ok bool) {
	var list provider.List[json.RawMessage]
	if a.Status != http.StatusOK || json.Unmarshal(a.Body, &list) != nil {
		return nil, false
	}
	seen := map[payout.Currency]bool{}
	for _, raw := range list {
		var e balanceEntry
		if provider.DecodeJSON(raw, &e) != nil {
			return nil, false
		}
		currency := e.Currency.Value
		if !e.Currency.Present && len(p.endpoint.Currencies) == 1 {
			currency = p.endpoint.Currencies[0].Code()
		}
		c, err := payout.ParseCurrency(currency)
		if err != nil {
			return nil, false
		}
		if _, pays := p.info.Range(c); !pays {
			continue
		}
		b, ok := e.balance(c)
		if !ok || seen[c] { // of two in one currency nobody knows which is meant
			return nil, false
		}
		seen[c] = true
		out = append(out, b)
	}
	return out, true
}

func (e balanceEntry) balance(c payout.Currency) (b payout.Balance, ok bool) {
	available, err := payout.ParseMajor(cmp.Or(e.Live.Value, e.Amount.Value, e.Endpoint.Value), c)
	if err != nil {
		return payout.Balance{}, false
	}
	b.Available = available
	if e.Hold.Present {
		if b.OnHold, err = payout.ParseMajor(e.Hold.Value, c); err != nil {
			return payout.Balance{}, false
		}
	}
	return b, true
}
