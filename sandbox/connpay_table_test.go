package sandbox_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox"
)

// parameter is a row of the document's table: what it takes at most, and what it
// refuses.
type parameter struct {
	name string
	line int
	// max and min are the lengths in characters. Of most parameters any text will do.
	max, min int
	longest  string // a value of max characters, where not any will do
	tooLong  string // one of max+1
	wrong    string // a value of an allowed length and another kind
	// with are parameters that have to stand beside it; "account_number=1234" is there
	// unless it says otherwise.
	with string
	// without is the rule that is broken when the value is empty.
	without string
}

func digitsOf(n int) string { return strings.Repeat("7", n) }

func addressOf(n int) string { return "https://a.example/" + strings.Repeat("x", n-18) }

// The whole table of connpay:14-183, as it stands there.
var parameters = []parameter{
	{name: "client_orderid", line: 18, max: 128, without: "client_orderid: is required (connpay:18)"},
	{name: "amount", line: 21, max: 10, longest: "1234567.89", tooLong: "12345678.90", wrong: "10,42", without: "amount: is required (connpay:21)"},
	{name: "currency", line: 24, max: 3, min: 3, longest: "USD", tooLong: "USDT", wrong: "Usd", without: "currency: is required (connpay:24)"},
	{name: "order_desc", line: 27, max: 64},
	{name: "ipaddress", line: 30, max: 45, min: 7, longest: "0000:0000:0000:0000:0000:ffff:192.168.100.100", tooLong: "0000:0000:0000:0000:0000:00000:192.168.100.100", wrong: "999.1.1.1"},
	{name: "purpose", line: 33, max: 128},
	{name: "server_callback_url", line: 36, max: 128, longest: addressOf(128), tooLong: addressOf(129), wrong: "nowhere"},
	{name: "redirect_url", line: 39, max: 128, longest: addressOf(128), tooLong: addressOf(129), wrong: "https:///x"},
	{name: "redirect_success_url", line: 47, max: 1024, longest: addressOf(1024), tooLong: addressOf(1025), wrong: "ftp://a.example", with: "redirect_fail_url=https%3A%2F%2Fa.example"},
	{name: "redirect_fail_url", line: 54, max: 1024, longest: addressOf(1024), tooLong: addressOf(1025), wrong: "https://a.example:x", with: "redirect_success_url=https%3A%2F%2Fa.example"},
	{name: "credit_card_number", line: 61, max: 20, min: 12, longest: "41111111111111111115", tooLong: digitsOf(21), wrong: "4111 1111 1111 1111", with: "account_number=", without: "account_number: or another destination is required, and only one"},
	{name: "card_printed_name", line: 64, max: 128, with: "account_number=&credit_card_number=4111111111111111"},
	{name: "expire_month", line: 67, max: 2, longest: "12", tooLong: "012", wrong: "ab", with: "account_number=&credit_card_number=4111111111111111&expire_year=2034", without: "expire_month: is required beside expire_year (connpay:179)"},
	{name: "expire_year", line: 70, max: 4, longest: "2034", tooLong: "20345", wrong: "20a4", with: "account_number=&credit_card_number=4111111111111111&expire_month=12", without: "expire_year: is required beside expire_month (connpay:179)"},
	{name: "cvv2", line: 73, max: 4, min: 3, longest: "9757", tooLong: "97571", wrong: "97x", with: "account_number=&credit_card_number=4111111111111111"},
	{name: "account_number", line: 76, max: 32, without: "account_number: or another destination is required, and only one"},
	{name: "account_name", line: 79, max: 128},
	{name: "ewallet_type", line: 82, max: 64, with: "account_number=&ewallet_wallet=w", without: "ewallet_type: is required (connpay:82)"},
	{name: "ewallet_wallet", line: 85, max: 128, with: "account_number=&ewallet_type=t", without: "account_number: or another destination is required, and only one"},
	{name: "crypto_wallet_address", line: 88, max: 64, with: "account_number=", without: "account_number: or another destination is required, and only one"},
	{name: "bank_name", line: 91, max: 255},
	{name: "bank_branch", line: 94, max: 255},
	{name: "bank_code", line: 97, max: 32},
	{name: "bank_city", line: 100, max: 128},
	{name: "bank_address1", line: 103, max: 255},
	{name: "bank_zip_code", line: 106, max: 255},
	{name: "bank_province", line: 109, max: 255},
	{name: "bank_area", line: 112, max: 255},
	{name: "routing_number", line: 115, max: 16},
	{name: "legal_person_name", line: 118, max: 128},
	{name: "legal_person_document_number", line: 121, max: 128},
	{name: "receiver_first_name", line: 124, max: 128},
	{name: "receiver_last_name", line: 127, max: 128},
	{name: "receiver_birthday", line: 130, max: 30, longest: digitsOf(30), tooLong: digitsOf(31), wrong: "1990-01-31"},
	{name: "receiver_country_code", line: 133, max: 3},
	{name: "receiver_state", line: 136, max: 4},
	{name: "receiver_city", line: 139, max: 128},
	{name: "receiver_zip_code", line: 142, max: 32, longest: digitsOf(32), tooLong: digitsOf(33), wrong: "SW1A 1AA"},
	{name: "receiver_address1", line: 145, max: 256},
	{name: "receiver_phone", line: 148, max: 128, longest: digitsOf(128), tooLong: digitsOf(129), wrong: "+79261234567"},
	{name: "receiver_email", line: 151, max: 128},
	{name: "receiver_identity_document_id", line: 154, max: 128},
	{name: "receiver_identity_document_number", line: 157, max: 128},
	{name: "merchant_data", line: 160, max: 64 << 10},
	{name: "bank_bic", line: 163, max: 128},
	{name: "receiver_inn", line: 166, max: 128},
	{name: "customer_level", line: 169, max: 32},
	{name: "customer_id", line: 172, max: 10, longest: digitsOf(10), tooLong: digitsOf(11), wrong: "1.0"},
	{name: "merchant_customer_identifier", line: 175, max: 64},
	{name: "card_recurring_payment_id", line: 178, max: 19, longest: "9223372036854775807", tooLong: digitsOf(20), wrong: "9223372036854775808", with: "account_number=", without: "account_number: or another destination is required, and only one"},
	{name: "recurring-payment-id", line: 181, max: 19, longest: "9223372036854775807", tooLong: digitsOf(20), wrong: "-1", with: "account_number=", without: "account_number: or another destination is required, and only one"},
}

// request is a payout with one parameter set to a value.
func (p parameter) request(t *testing.T, value string) string {
	t.Helper()
	form := url.Values{"amount": {"1"}, "currency": {"USD"}, "account_number": {"1234"}, "client_orderid": {"r"}}
	with, err := url.ParseQuery(p.with)
	require.NoError(t, err)
	for name := range with {
		form.Set(name, with.Get(name))
		if with.Get(name) == "" {
			form.Del(name)
		}
	}
	form.Set(p.name, value)
	return form.Encode()
}

func TestConnPayTakesTheWholeTable(t *testing.T) {
	require.Len(t, parameters, 51)
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
	seen := make(map[string]bool)
	for _, p := range parameters {
		require.False(t, seen[p.name])
		seen[p.name] = true
		t.Run(p.name, func(t *testing.T) {
			if p.longest == "" { // characters count, not bytes
				p.longest, p.tooLong = strings.Repeat("й", p.max), strings.Repeat("й", p.max+1)
			}
			doc := fmt.Sprintf(" (connpay:%d)", p.line)
			a := g.post("/paynet/api/v4/payout/39915", p.request(t, p.longest))
			require.Contains(t, a.body, "type=async-response\n")

			refused := func(value, rule string) {
				t.Helper()
				before := len(g.Ledger().Entries())
				a := g.post("/paynet/api/v4/payout/39915", p.request(t, value))
				assert.Regexp(t, "^type=validation-error\n", a.body)
				all := g.Refusals()
				require.NotEmpty(t, all)
				assert.Equal(t, p.name+": "+rule, all[len(all)-1].Refused)
				assert.Len(t, g.Ledger().Entries(), before)
			}
			refused(p.tooLong, "has the wrong length"+doc)
			if p.min > 0 {
				refused(p.longest[:p.min-1], "has the wrong length"+doc)
			}
			if p.wrong != "" {
				before := len(g.Refusals())
				a := g.post("/paynet/api/v4/payout/39915", p.request(t, p.wrong))
				assert.Regexp(t, "^type=validation-error\n", a.body)
				require.Len(t, g.Refusals(), before+1)
				assert.Regexp(t, "^"+p.name+": (has the wrong type|does not match its pattern|is not an? )", g.Refusals()[before].Refused)
			}
			before := len(g.Refusals())
			a = g.post("/paynet/api/v4/payout/39915", p.request(t, ""))
			if p.without == "" {
				assert.Contains(t, a.body, "async-response")
				return
			}
			require.Len(t, g.Refusals(), before+1)
			assert.Equal(t, p.without, g.Refusals()[before].Refused)
		})
	}
}

// The other names of receiver_* (connpay:125-158).
var aliases = map[string]string{
	"first_name": "receiver_first_name", "last_name": "receiver_last_name", "birthday": "receiver_birthday",
	"country": "receiver_country_code", "state": "receiver_state", "city": "receiver_city", "zip_code": "receiver_zip_code",
	"address1": "receiver_address1", "phone": "receiver_phone", "email": "receiver_email",
	"identity_document_id": "receiver_identity_document_id", "identity_document_number": "receiver_identity_document_number",
}

func TestConnPayAliases(t *testing.T) {
	require.Len(t, aliases, 12)
	endpoint := sandbox.Endpoint{ID: "39915", Currencies: currencies("USD")}
	for _, name := range aliases {
		endpoint.Required = append(endpoint.Required, name)
	}
	off := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
	on := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey, Aliases: true})
	profile := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey, Aliases: true, Endpoints: []sandbox.Endpoint{endpoint}})
	const good = "account_number=1234&amount=1&client_orderid=1&currency=USD"
	all := good
	for alias, name := range aliases {
		all += "&" + alias + "=1"
		assert.Contains(t, off.post("/paynet/api/v4/payout/39915", good+"&"+alias+"=1").body, "Parameter+"+alias+"+is+not+a+parameter")
		assert.Contains(t, on.post("/paynet/api/v4/payout/39915", good+"&"+name+"=1").body, "async-response")
		assert.Contains(t, on.post("/paynet/api/v4/payout/39915", good+"&"+alias+"=1&"+name+"=1").body, "Parameter+"+name+"+is+given+twice")
		assert.Contains(t, on.post("/paynet/api/v4/payout/39915", good+"&"+alias+"="+strings.Repeat("1", 257)).body, "Parameter+"+alias+"+has+the+wrong+length")
	}
	assert.Contains(t, on.post("/paynet/api/v4/payout/39915", all).body, "async-response")
	assert.Contains(t, profile.post("/paynet/api/v4/payout/39915", all).body, "async-response", "what an endpoint requires may come under its other name")
	assert.Contains(t, profile.post("/paynet/api/v4/payout/39915", good).body, "is+required")
}
