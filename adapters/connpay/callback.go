package connpay

import (
	"cmp"
	"crypto/subtle"
	"io"
	"net/http"
	"net/url"

	"github.com/payoutkit/payout"
)

// CallbackNames are the names of a callback's parameters. An empty one is the
// platform's own.
type CallbackNames struct {
	Status        string // "status"
	OrderID       string // "orderid"
	ClientOrderID string // "client_orderid"
	Control       string // "control"
}

func (n CallbackNames) withDefaults() CallbackNames {
	return CallbackNames{
		Status:        cmp.Or(n.Status, "status"),
		OrderID:       cmp.Or(n.OrderID, "orderid"),
		ClientOrderID: cmp.Or(n.ClientOrderID, "client_orderid"),
		Control:       cmp.Or(n.Control, "control"),
	}
}

func (n CallbackNames) broken() []payout.Violation {
	seen := map[string]bool{n.Status: true, n.OrderID: true, n.ClientOrderID: true, n.Control: true}
	if len(seen) < 4 {
		return []payout.Violation{{Field: "callback", Rule: "must not give two parameters one name"}}
	}
	return nil
}

// maxCallback bounds a callback: merchant_data of 64k may come back in it, at most
// twelve bytes a character.
const maxCallback = 1 << 20

// ReadCallback implements [payout.CallbackReader] by the platform's callback, a GET or
// a POST of a form. Its control covers status, orderid and client_orderid, without
// anything between them, and neither amount nor currency: so it is a hint to ask. The
// same callback may come again.
func (p *Provider) ReadCallback(r *http.Request) (payout.Ref, error) {
	if p.control.IsZero() { // a control without a key is one that anybody can make
		return payout.Ref{}, &payout.Error{Kind: payout.ErrUnsupported, Violations: []payout.Violation{{
			Field: "control", Rule: "is required to verify callbacks",
		}}}
	}
	form, err := callbackForm(r)
	if err != nil {
		return payout.Ref{}, err
	}
	var texts [4]string
	for i, name := range []string{p.callback.Status, p.callback.OrderID, p.callback.ClientOrderID, p.callback.Control} {
		values := form[name]
		if len(values) == 0 || values[0] == "" {
			return payout.Ref{}, unreadable("the callback lacks a parameter")
		}
		for _, v := range values[1:] {
			if v != values[0] {
				return payout.Ref{}, unreadable("the callback has a parameter twice, with different values")
			}
		}
		texts[i] = values[0]
	}
	status, orderID, clientOrderID, control := texts[0], texts[1], texts[2], texts[3]
	if subtle.ConstantTimeCompare([]byte(p.controlOf(status, orderID, clientOrderID)), []byte(control)) != 1 {
		return payout.Ref{}, &payout.Error{Kind: payout.ErrUnauthorized, Detail: "the callback's control is wrong"}
	}
	return payout.Ref{Reference: clientOrderID, ProviderID: orderID}, nil
}

// callbackForm returns the parameters of the address and, of a POST, those of the
// body. They are told by themselves: the platform names no content type.
func callbackForm(r *http.Request) (url.Values, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return nil, unreadable("the callback is neither a GET nor a POST")
	}
	text := r.URL.RawQuery
	if r.Method == http.MethodPost && r.Body != nil {
		body, err := io.ReadAll(io.LimitReader(r.Body, maxCallback+1))
		if err != nil {
			return nil, unreadable("the callback's body can't be read")
		}
		text += "&" + string(body)
	}
	if len(text) > maxCallback {
		return nil, unreadable("the callback is too long")
	}
	form, err := url.ParseQuery(text)
	if err != nil {
		return nil, unreadable("the callback is no form")
	}
	return form, nil
}

func unreadable(why string) error { return &payout.Error{Kind: payout.ErrInvalid, Detail: why} }
