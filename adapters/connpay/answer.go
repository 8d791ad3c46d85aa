package connpay

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	querystring "github.com/google/go-querystring/query"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// statusQuery is the body of a status request; control is for the older one only.
type statusQuery struct {
	Login         string        `url:"login"`
	ClientOrderID string        `url:"client_orderid"`
	OrderID       string        `url:"orderid,omitempty"`
	Control       payout.Secret `url:"-"`
}

// fields are an answer's, by the document's names.
type fields map[string]string

// post encodes, signs and sends a form once. Answers are told by their body, not by
// their content type, which is text/html for everything (connpay:222, 240).
func (p *Provider) post(ctx context.Context, path string, form any, signed bool) (provider.Answer, fields, error) {
	values, err := querystring.Values(form)
	if err != nil {
		return provider.Answer{}, nil, provider.Invalid(payout.Violation{Field: "request", Rule: "can't be written as a form"})
	}
	if q, ok := form.(statusQuery); ok && !q.Control.IsZero() {
		values.Set("control", q.Control.Reveal())
	}
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	if signed {
		authorization, err := p.signer.header(path, values)
		if err != nil {
			return provider.Answer{}, nil, &payout.Error{Kind: payout.ErrNotSent, Detail: "the request can't be signed"}
		}
		header.Set("Authorization", authorization)
	}
	a, err := p.link.Do(ctx, provider.Call{Method: http.MethodPost, Path: path, Header: header, Body: []byte(values.Encode())})
	if err != nil {
		return a, nil, err
	}
	if a.Status == http.StatusForbidden || a.Status == http.StatusUnauthorized {
		e := a.Unknown("access was denied, perhaps by a firewall")
		e.Hold = true
		return a, nil, e
	}
	f, ok := parse(a.Body)
	if !ok || f["type"] == "" {
		return a, nil, a.Unknown("the answer can't be read")
	}
	return a, f, nil
}

// parse reads a form whose values end in line feeds (connpay:231-235). A name that
// stands twice with different values makes it unreadable, and so does one that is no
// name: the body is something else.
func parse(body []byte) (fields, bool) {
	if !utf8.Valid(body) || bytes.IndexByte(body, '<') >= 0 { // a form has none, somebody's page has
		return nil, false
	}
	f := fields{}
	for pair := range strings.SplitSeq(string(body), "&") {
		name, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if name == "" && !ok {
			continue
		}
		name, err1 := url.QueryUnescape(strings.TrimSpace(name))
		value, err2 := url.QueryUnescape(strings.TrimSpace(value))
		value = strings.TrimSpace(value)
		if earlier, twice := f[name]; !ok || !isName(name) || err1 != nil || err2 != nil || twice && earlier != value {
			return nil, false
		}
		f[name] = value
	}
	return f, len(f) > 0
}

func isName(text string) bool {
	return text != "" && strings.Trim(text, payout.Alphanumeric+"-_.") == ""
}

// created reads the answer to a payout (connpay:190-201). All examples of an answer
// in this form have HTTP 200.
func created(a provider.Answer, f fields, reference string) (payout.Payout, error) {
	p := f.payout()
	why := "no code of the gateway's is documented to mean that nothing was paid"
	switch {
	case a.Status != http.StatusOK:
	case f["type"] == "async-response":
		p.Status = payout.StatusPending // received, not paid: its fate is in the status
		return p, nil
	case f["type"] != "validation-error":
	case p.Reference != "" && p.Reference != reference:
		why = "the answer is about another order"
	case p.ProviderID != "":
		why = "the answer refuses an order that the gateway has made"
	default:
		return payout.Payout{}, a.Error(payout.ErrRefused, f["error-code"], "")
	}
	return payout.Payout{}, a.Error(payout.ErrOutcomeUnknown, f["error-code"], why)
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
// anything else leaves the question open: no code for "not found" is documented.
func found(a provider.Answer, f fields) (payout.Payout, error) {
	if f["type"] != "status-response" || a.Status != http.StatusOK {
		return payout.Payout{}, a.Error(payout.ErrOutcomeUnknown, f["error-code"], "no usable answer to the status request")
	}
	p := f.payout()
	p.Status = statuses[f["status"]]
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

// payout takes over the ids: support asks for all of them (connpay:192-197). An
// endpoint that could not be asked at is as good as none.
func (f fields) payout() payout.Payout {
	p := payout.Payout{
		Reference:  f["merchant-order-id"],
		ProviderID: f["paynet-order-id"],
	}
	if digits(f["end-point-id"]) {
		p.Endpoint = f["end-point-id"]
	}
	if f["serial-number"] != "" {
		p.Support = map[string]string{"serial-number": f["serial-number"]}
	}
	return p
}
