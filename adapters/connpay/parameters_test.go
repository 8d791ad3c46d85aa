package connpay_test

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
)

// s hides a text.
func s(text string) payout.Secret { return payout.NewSecret(text) }

func letters(n int) string { return strings.Repeat("a", n) }

// What a payout goes to while a row is about something else.
var (
	toAccount = payout.BankAccount{Number: s("1234567890")}
	toCard    = payout.Card{Number: s("4111111111111111")}
	toToken   = payout.SavedCard{ID: "7"}
	toWallet  = payout.Wallet{System: "qiwi", ID: s("w-1")}
	toCrypto  = payout.CryptoWallet{Address: s("c-1")}
)

// to changes a destination of that kind.
func to[D payout.Destination](change func(*D, string)) func(*payout.Request, string) {
	return func(r *payout.Request, v string) {
		d := r.Destination.(D)
		change(&d, v)
		r.Destination = d
	}
}

func order(change func(*connpay.Order, string)) func(*payout.Request, string) {
	return func(r *payout.Request, v string) {
		o, _ := payout.OptionOf[connpay.Order](*r)
		change(&o, v)
		r.Options = []payout.Option{o}
	}
}

// request is the row's: one that has nothing else, with the value set.
func (r row) request(value string) payout.Request {
	req := payout.Request{Reference: "p-1", Amount: payout.MustMoney("10.42 USD"), Destination: r.to}
	if r.to == nil {
		req.Destination = toAccount
	}
	r.set(&req, value)
	return req
}

// config is an endpoint at which the row's parameter can be sent.
func (r row) config() connpay.Config {
	e := endpoint
	e.RecurringPaymentID = r.name == "recurring-payment-id"
	return connpay.Config{Endpoint: e}
}

// Every parameter of the document, as its bytes on the wire, and as it is refused:
// nothing is sent then, and the error names our field, the document's parameter, the
// rule and the line.
func TestParameters(t *testing.T) {
	var names []string
	for _, r := range rows {
		names = append(names, r.name)
		t.Run(r.name, func(t *testing.T) {
			capture, client := captured(t, r.config())
			sent := capture.By(t, func() { _, _ = client.Create(t.Context(), r.request(r.good)) })
			require.Contains(t, "&"+sent.Body+"&", "&"+r.name+"="+r.wire+"&")
			form, err := url.ParseQuery(sent.Body)
			require.NoError(t, err)
			require.Len(t, form[r.name], 1)

			if r.max > 0 {
				at := strings.Repeat("1", r.max)
				sent = capture.By(t, func() { _, _ = client.Create(t.Context(), r.request(at)) })
				require.Contains(t, "&"+sent.Body+"&", "&"+r.name+"="+at+"&")
				requireRefused(t, client, r.request(at+"1"), r.field)
			}
			requireRefused(t, client, r.request(r.bad), r.field)
			_, err = client.Provider().Create(t.Context(), r.request(r.bad))
			var e *payout.Error
			require.ErrorAs(t, err, &e)
			require.Contains(t, texts(e.Violations), cmp.Or(r.refusal, fmt.Sprintf("%s: %s (%s) (connpay:%d)", r.field, r.rule, r.name, r.line)))
			require.NotContains(t, err.Error(), r.bad)
			require.Len(t, capture.Sent(), min(1+r.max, 2))
		})
	}
	require.Len(t, names, 51)
	slices.Sort(names)
	require.Equal(t, names, connpay.Parameters())
}

// requireRefused checks that a request is refused for that field, before anything is
// sent.
func requireRefused(t *testing.T, client *payout.Client, req payout.Request, field string) {
	t.Helper()
	_, err := client.Create(t.Context(), req)
	var e *payout.Error
	require.ErrorAs(t, err, &e)
	require.Contains(t, []payout.ErrorKind{payout.ErrInvalid, payout.ErrUnsupported}, e.Kind)
	for _, v := range e.Violations {
		// Of the metadata the Client may name an entry.
		require.Equal(t, field, strings.TrimSuffix(v.Field, ".campaign"))
	}
}

func texts(violations []payout.Violation) (out []string) {
	for _, v := range violations {
		out = append(out, v.String())
	}
	return out
}
