package connpay_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
)

// Rules that are about more than one parameter's text. Nothing is sent for what breaks
// one.
func TestRules(t *testing.T) {
	ordered := func(o connpay.Order) func(*payout.Request) {
		return func(r *payout.Request) { r.Options = []payout.Option{o} }
	}
	for name, tt := range map[string]struct {
		change func(*payout.Request)
		want   string
	}{
		"phone with two plusses": {
			func(r *payout.Request) { r.Recipient.Phone = s("++421901123456") },
			"recipient.phone: must be digits only (receiver_phone) (connpay:150)",
		},
		"other digits": {
			func(r *payout.Request) { r.Recipient.Phone = s("٤٢١") },
			"recipient.phone: must be digits only (receiver_phone) (connpay:150)",
		},
		"an address of this machine": {
			ordered(connpay.Order{IPAddress: s("fe80::1%eth0")}),
			"options.connpay_order.ipaddress: must be an IPv4 or IPv6 address (ipaddress) (connpay:32)",
		},
		"address of six letters": {
			ordered(connpay.Order{IPAddress: s("::ffff")}),
			"options.connpay_order.ipaddress: must be at least 7 characters (ipaddress) (connpay:32)",
		},
		"a CVV2 for an account": {
			ordered(connpay.Order{CVV2: s("123")}),
			"options.connpay_order.cvv2: does not go with a destination of kind bank_account (cvv2) (connpay:75)",
		},
		"a CVV2 of five digits": {
			func(r *payout.Request) {
				r.Destination, r.Options = toCard, []payout.Option{connpay.Order{CVV2: s("12345")}}
			},
			"options.connpay_order.cvv2: must be at most 4 characters (cvv2) (connpay:75)",
		},
		"a CVV2 with a letter": {
			func(r *payout.Request) {
				r.Destination, r.Options = toCard, []payout.Option{connpay.Order{CVV2: s("12a")}}
			},
			"options.connpay_order.cvv2: must be digits only (cvv2) (connpay:75)",
		},
		"a token with a sign": {
			func(r *payout.Request) { r.Destination = payout.SavedCard{ID: "+7"} },
			"destination.id: must be a whole number that fits in 64 bits (card_recurring_payment_id) (connpay:180)",
		},
		"metadata and a text": {
			func(r *payout.Request) {
				r.Metadata, r.Options = map[string]string{"a": "b"}, []payout.Option{connpay.Order{MerchantData: "c"}}
			},
			"metadata: can't be sent beside options.connpay_order.merchant_data (merchant_data) (connpay:162)",
		},
		"a text of 65537 letters": {
			ordered(connpay.Order{MerchantData: letters(65537)}),
			"options.connpay_order.merchant_data: must be at most 65536 characters (merchant_data) (connpay:162)",
		},
		"an order twice": {
			func(r *payout.Request) {
				r.Options = []payout.Option{connpay.Order{Purpose: "a"}, connpay.Order{Purpose: "b"}}
			},
			"options.connpay_order: stands twice",
		},
		"fail address alone": {
			func(r *payout.Request) { r.FailURL = "https://b.example/" },
			"fail_url: needs return_url beside it (connpay:44)",
		},
		"a callback to any port": {
			func(r *payout.Request) { r.CallbackURL = "https://platform.example:9443/" },
			"callback_url: must have no port, or one of 80, 8080, 443 and 8443 (server_callback_url) (connpay:38)",
		},
		"address without TLS": {
			func(r *payout.Request) { r.ReturnURL = "http://a.example/" },
			"return_url: must be an absolute https address (redirect_url, redirect_success_url) (connpay:46, 53)",
		},
		"reference of 129 letters": {
			func(r *payout.Request) { r.Reference = strings.Repeat("a", 129) },
			"reference: must be at most 128 characters (client_orderid) (connpay:18-20)",
		},
		"reference with a slash": {
			func(r *payout.Request) { r.Reference = "a/b" },
			"reference: has a character at position 2 that is not allowed; allowed are ASCII letters, digits - _ . (client_orderid) (connpay:18-20)",
		},
		"another currency": {
			func(r *payout.Request) { r.Amount = payout.FromMinor(100, payout.RUB) },
			"amount: currency must be one of USD (amount) (connpay:23)",
		},
		"a page": {
			func(r *payout.Request) { r.Destination = payout.HostedPage{} },
			"destination: must be one of bank_account, card, saved_card, wallet, crypto_wallet",
		},
		"a source card": {
			func(r *payout.Request) { r.Source.SavedCard = "1" },
			"source.saved_card: must be empty: this provider pays from its own account only",
		},
		"country of three letters": {
			func(r *payout.Request) { r.Recipient.Address.Country = "USA" },
			"recipient.country: must be a country's two letters (ISO 3166-1), in capitals (receiver_country_code) (connpay:135)",
		},
	} {
		capture, client := captured(t, connpay.Config{})
		req := sample()
		tt.change(&req)
		_, err := client.Create(t.Context(), req)
		var e *payout.Error
		require.ErrorAs(t, err, &e, name)
		require.Contains(t, []payout.ErrorKind{payout.ErrInvalid, payout.ErrUnsupported}, e.Kind, name)
		require.Len(t, e.Violations, 1, name)
		require.Equal(t, tt.want, e.Violations[0].String(), name)
		require.Empty(t, capture.Sent(), name)
	}
	// The adapter alone knows what it pays to.
	capture, client := captured(t, connpay.Config{})
	req := sample()
	req.Destination = payout.HostedPage{}
	_, err := client.Provider().Create(t.Context(), req)
	require.ErrorIs(t, err, payout.ErrUnsupported)
	require.Empty(t, capture.Sent())
}

// A rule that the Client holds is told in the document's words too: of several parameters
// that one field of ours may become, those that the endpoint takes.
func TestDocumentedNames(t *testing.T) {
	one := connpay.Endpoint{ID: "1", Currencies: endpoint.Currencies, Destinations: []payout.Kind{payout.SavedCard{}.Kind()}, RecurringPaymentID: true}
	for name, tt := range map[string]struct {
		e    connpay.Endpoint
		want map[string]string // by our fields; "": it has none here
	}{
		"every destination": {endpoint, map[string]string{
			"destination.number": "credit_card_number, account_number (connpay:63, 78)",
			"destination.expiry": "expire_month, expire_year (connpay:69, 72)",
			"destination.id":     "ewallet_wallet, card_recurring_payment_id (connpay:87, 180)",
			"amount":             "amount (connpay:23)",
			"recipient.email":    "receiver_email (connpay:153)",
		}},
		"saved cards": {one, map[string]string{"destination.id": "recurring-payment-id (connpay:183)", "destination.number": "", "amount": "amount (connpay:23)"}},
	} {
		info := open(t, connpay.Config{BaseURL: connpay.Sandbox, Endpoint: tt.e}).Info()
		for field, want := range tt.want {
			var got string
			if f, ok := info.Fields[field]; ok {
				got = f.Name + " (" + f.Doc + ")"
			}
			require.Equal(t, want, got, "%s: %s", name, field)
		}
	}
}
