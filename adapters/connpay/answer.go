package connpay

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// post sends a form once. Access that was denied leaves everything open: a firewall may
// have cut the answer off (connpay:236-274 is no answer of the payout's own).
func (p *Provider) post(ctx context.Context, path string, body params, authorization string) (provider.Answer, error) {
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	if authorization != "" {
		header.Set("Authorization", authorization)
	}
	if p.json {
		header.Set("Accept", "application/vnd.pay+json")
	}
	a, err := p.link.Do(ctx, provider.Call{Method: http.MethodPost, Path: path, Header: header, Body: []byte(body.String())})
	if err != nil {
		return a, err
	}
	if a.Status == http.StatusForbidden || a.Status == http.StatusUnauthorized {
		return a, a.Unknown("access was denied, perhaps by a firewall")
	}
	return a, nil
}

// ask sends a form once and reads the answer. Answers are told by their body, not by
// their content type, which is text/html for everything (connpay:222, 240).
func (p *Provider) ask(ctx context.Context, path string, body params, authorization string) (provider.Answer, fields, error) {
	a, err := p.post(ctx, path, body, authorization)
	if err != nil {
		return a, nil, err
	}
	read := parseForm
	if p.inJSON(a) {
		read = parseJSON
	}
	f, ok := read(a.Body)
	if !ok || f["type"] == "" {
		return a, nil, a.Unknown("the answer can't be read")
	}
	return a, f, nil
}

// inJSON reports whether an answer is to be read as JSON: it was asked for, and not
// every gateway obeys.
func (p *Provider) inJSON(a provider.Answer) bool {
	return p.json && bytes.HasPrefix(bytes.TrimLeft(a.Body, " \t\r\n"), []byte("{"))
}

// fields are an answer's, by the document's names.
type fields map[string]string

// parseForm reads a form whose values end in line feeds (connpay:231-235). A name that
// stands twice with different values makes it unreadable, and so does one that is no
// name: the body is something else.
func parseForm(body []byte) (fields, bool) {
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
		if !ok || !isName(name) || err1 != nil || err2 != nil || !utf8.ValidString(value) {
			return nil, false
		}
		if earlier, twice := f[name]; twice && earlier != value {
			return nil, false
		}
		f[name] = value
	}
	return f, len(f) > 0
}

func isName(text string) bool {
	return text != "" && strings.Trim(text, payout.Alphanumeric+"-_.") == ""
}

// decisive are the fields of an answer that something is decided by.
var decisive = map[string]bool{
	"type": true, "status": true, "merchant-order-id": true, "paynet-order-id": true, "end-point-id": true,
	"amount": true, "currency": true, "redirect-to": true,
}

// parseJSON reads the same fields from an object, where each is a string or a number
// (the ids are either). One that nothing is decided by may be anything.
func parseJSON(body []byte) (fields, bool) {
	var raw map[string]json.RawMessage
	if provider.DecodeJSON(body, &raw) != nil {
		return nil, false
	}
	f := fields{}
	for name, value := range raw {
		var t provider.Text
		switch err := t.UnmarshalJSON(value); {
		case err == nil:
			f[name] = strings.TrimSpace(t.Value)
		case decisive[name]:
			return nil, false
		}
	}
	return f, true
}

// refuses reports whether a refusal comes under that HTTP status: 200, or 4xx in JSON.
// The two that mean "later" are none.
func (p *Provider) refuses(a provider.Answer) bool {
	switch a.Status {
	case http.StatusOK:
		return true
	case http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	}
	return p.inJSON(a) && a.Status >= 400 && a.Status < 500
}

// created reads the answer to a payout (connpay:190-201). All examples of an answer
// in this form have HTTP 200; a refusal in JSON has one of 4xx.
func (p *Provider) created(a provider.Answer, f fields, reference string) (payout.Payout, error) {
	out := f.payout()
	why := "no code of the gateway's is documented to mean that nothing was paid"
	switch {
	case f["type"] == "async-response" && a.Status == http.StatusOK:
		out.Status = payout.StatusPending // received, not paid: its fate is in the status
		return out, nil
	case f["type"] != "validation-error" || !p.refuses(a):
	case out.Reference != "" && out.Reference != reference:
		why = "the answer is about another order"
	case out.ProviderID != "":
		why = "the answer refuses an order that the gateway has made"
	default:
		return payout.Payout{}, a.Error(payout.ErrRefused, f["error-code"], "")
	}
	return payout.Payout{}, a.Error(payout.ErrOutcomeUnknown, f["error-code"], why)
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
