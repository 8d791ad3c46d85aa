package connpay

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// question is the body of a question: by client_orderid, and by orderid too once that
// is known, since the platform does not keep client_orderid unique.
func (p *Provider) question(ref payout.Ref) url.Values {
	form := url.Values{"login": {p.oauth.login}, "client_orderid": {ref.Reference}}
	if ref.ProviderID != "" {
		form.Set("orderid", ref.ProviderID)
	}
	return form
}

// path is what stands behind a call's name (connpay:8-11).
func (e Endpoint) path() string {
	if e.Group {
		return "group/" + e.ID
	}
	return e.ID
}

// statuses are the platform's words (its status list). The platform's own tables
// disagree about error and unknown, so a person looks at the first, and the second
// stays what it says. What is not here is Unknown.
var statuses = map[string]payout.Status{
	"approved":   payout.StatusPaid,
	"declined":   payout.StatusFailed,
	"filtered":   payout.StatusFailed,
	"error":      payout.StatusReview,
	"processing": payout.StatusPending,
	"unknown":    payout.StatusUnknown,
}

// found reads the answer to a status request. Only type=status-response is one;
// anything else leaves the question open: no code for "not found" is documented. The
// status alone decides: order-stage is for support.
func found(a provider.Answer, f fields) (payout.Payout, error) {
	if f["type"] != "status-response" || a.Status != http.StatusOK {
		return payout.Payout{}, a.Error(payout.ErrOutcomeUnknown, f["error-code"], "no usable answer to the status request")
	}
	p := f.payout()
	p.Status = statuses[f["status"]]
	p.Metadata = metadata(f["merchant_data"])
	amount, readable := money(f["amount"], f["currency"])
	p.Amount = amount
	switch {
	case !readable,
		p.Status == payout.StatusFailed && p.Reference == "": // who takes a payout for failed may pay again
		p.Status = payout.StatusUnknown
	case p.Status == payout.StatusFailed:
		p.Failure = payout.Failure{Reason: payout.ReasonDeclined, Code: f["error-code"]}
		if f["status"] == "filtered" {
			p.Failure.Reason = payout.ReasonFraudControl
		}
	case !p.Status.Final() && p.Status != payout.StatusReview && strings.HasPrefix(f["redirect-to"], "https://"):
		p.Status = payout.StatusActionRequired
		p.Action.URL = payout.NewSecret(f["redirect-to"])
	}
	return p, nil
}
