package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
)

// An endpoint's profile says which conditional parameters it requires (connpay:184).
func TestConnPayEndpointProfile(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Endpoints: []sandbox.Endpoint{
		{ID: "1", Currencies: currencies("USD"), Required: []string{"account_name", "bank_name"}},
	}})
	a := g.post("/paynet/api/v4/payout/1", connPayRequest)
	// As captured from the platform.
	assert.Equal(t, "type=validation-error\n&serial-number=00000000-0000-0000-0000-000002e2c322\n&merchant-order-id=1\n"+
		"&error-message=Parameter+bank_name+is+required\n&error-code=1\n", a.body)
	assert.Contains(t, g.post("/paynet/api/v4/payout/1", connPayRequest+"&bank_name=").body, "Parameter+bank_name+is+required")
	assert.Contains(t, g.post("/paynet/api/v4/payout/1", connPayRequest+"&bank_name=B").body, "async-response")
	a = g.post("/paynet/api/v4/payout/39915", connPayRequest)
	assert.Contains(t, a.body, "type=validation-error\n", "another endpoint")
	a = g.post("/paynet/api/v4/payout/group/1", connPayRequest)
	assert.Contains(t, a.body, "type=validation-error\n", "no group has that number")
}

// A group sends a payout through one of those of its endpoints that can carry it.
func TestConnPayGroupChoosesAnEndpoint(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Processing: -1, Endpoints: []sandbox.Endpoint{
		{ID: "11", Group: "7", Currencies: currencies("USD", "EUR")},
		{ID: "12", Group: "7", Currencies: currencies("USD"), Required: []string{"bank_bic"}},
		{ID: "13", Group: "7", Currencies: currencies("JPY"), Required: []string{"purpose"}},
		{ID: "14", Group: "8", Currencies: currencies("USD")},
	}})
	through := func(body string) string {
		return fields(t, g.post("/paynet/api/v4/payout/group/7", body).body).Get("end-point-id")
	}
	const usd = "account_number=1&amount=1&client_orderid=u&currency=USD"
	assert.Equal(t, "11", through("account_number=1&amount=1&client_orderid=e&currency=EUR"))
	assert.Equal(t, "11", through(usd), "12 lacks bank_bic")
	assert.Equal(t, []string{"11", "12", "11"}, []string{through(usd + "&bank_bic=B"), through(usd + "&bank_bic=B"), through(usd + "&bank_bic=B")}, "in turns")
	assert.Equal(t, "13", through("account_number=1&amount=1&client_orderid=j&currency=JPY&purpose=p"))

	a := g.post("/paynet/api/v4/payout/group/7", "account_number=1&amount=1&client_orderid=j&currency=JPY")
	assert.Contains(t, a.body, "Parameter+purpose+is+required")
	a = g.post("/paynet/api/v4/payout/group/7", "account_number=1&amount=1&client_orderid=k&currency=KWD")
	assert.Contains(t, a.body, "Parameter+currency+is+not+supported")

	// An order is known at its endpoint and at its group, nowhere else.
	const ask = "login=TestMerchant&client_orderid=e"
	assert.Equal(t, "approved", fields(t, g.post("/paynet/api/v4/status/11", ask).body).Get("status"))
	assert.Equal(t, "error", fields(t, g.post("/paynet/api/v4/status/12", ask).body).Get("type"))
	assert.Equal(t, "approved", fields(t, g.askV2("group/7", "e", "").body).Get("status"))
	assert.Equal(t, "error", fields(t, g.askV2("group/8", "e", "").body).Get("type"))
}

func TestConnPayAmounts(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
	for _, test := range []struct {
		amount, currency, endpoint string
		minor                      int64 // 0: refused
	}{
		{"10.5", "USD", "39915", 1050}, // connpay:22
		{"10.42", "USD", "39915", 1042},
		{"10", "USD", "39915", 1000},
		{"10.50", "USD", "39915", 1050},
		{"0.01", "USD", "39915", 1},
		{"10.421", "USD", "39915", 0},
		{"10.420", "USD", "39915", 0},
		{"0", "USD", "39915", 0},
		{"0.00", "USD", "39915", 0},
		{".5", "USD", "39915", 0},
		{"10.", "USD", "39915", 0},
		{"1e3", "USD", "39915", 0},
		{"1000", "JPY", "39917", 1000},
		{"1000.0", "JPY", "39917", 0},
		{"9999999999", "JPY", "39917", 9999999999},
		{"1.234", "KWD", "39918", 1234},
		{"1.2345", "KWD", "39918", 0},
	} {
		t.Run(test.amount+" "+test.currency, func(t *testing.T) {
			before := len(g.Ledger().Entries())
			a := g.post("/paynet/api/v4/payout/"+test.endpoint, "account_number=1&client_orderid=a&currency="+test.currency+"&amount="+test.amount)
			if test.minor == 0 {
				assert.Contains(t, a.body, "Parameter+amount+")
				assert.Len(t, g.Ledger().Entries(), before)
				return
			}
			require.Contains(t, a.body, "async-response")
			assert.Equal(t, payout.FromMinor(test.minor, currencies(test.currency)[0]), g.Ledger().Entries()[before].Money)
		})
	}
}

func TestConnPayEndpointsAreChecked(t *testing.T) {
	usd := currencies("USD")
	for rule, endpoints := range map[string][]sandbox.Endpoint{
		`endpoint "" must have digits for an ID`:     {{Currencies: usd}},
		`endpoint "a" must have digits for an ID`:    {{ID: "a", Currencies: usd}},
		`endpoint "1" must have digits for a group`:  {{ID: "1", Group: "g", Currencies: usd}},
		`endpoint "1" takes no currency`:             {{ID: "1"}},
		`endpoint "1" is there twice`:                {{ID: "1", Currencies: usd}, {ID: "1", Currencies: usd}},
		`endpoint "1" requires first_name, which is`: {{ID: "1", Currencies: usd, Required: []string{"bank_name", "first_name"}}},
	} {
		_, err := sandbox.StartConnPay(sandbox.ConnPayConfig{Key: &testKey().PublicKey, Endpoints: endpoints})
		require.ErrorContains(t, err, rule)
	}
}
