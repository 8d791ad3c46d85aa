package sandbox_test

import (
	"crypto/sha1"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// askV2 asks at an endpoint or "group/ID", signed with the control key.
func (g *gatewayTest) askV2(where, reference, id string) answer {
	g.t.Helper()
	sum := sha1.Sum([]byte(g.Login() + reference + id + g.Control()))
	body := "login=" + g.Login() + "&client_orderid=" + reference + "&control=" + hex.EncodeToString(sum[:])
	if id != "" {
		body += "&orderid=" + id
	}
	return g.unsigned("/paynet/api/v2/status/"+where, body)
}

// unsigned sends a body without an Authorization header.
func (g *gatewayTest) unsigned(path, body string) answer {
	g.t.Helper()
	a, err := send(g.t, g.client, http.MethodPost, g.URL()+path, body, formHeader(""))
	require.NoError(g.t, err)
	return a
}

func TestConnPayStatusV2(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Processing: -1})
	g.post("/paynet/api/v4/payout/group/1001", "account_number=55501&amount=7.5&client_orderid=o-2&currency=EUR")
	for _, where := range []string{"39916", "group/1001"} {
		for _, id := range []string{"", "6982864"} {
			v := fields(t, g.askV2(where, "o-2", id).body)
			assert.Equal(t, "approved", v.Get("status"), where)
			assert.Equal(t, "39916", v.Get("end-point-id"), "a group picks the endpoint by currency")
		}
	}
	const (
		bare = "login=TestMerchant&client_orderid=o-2"
		by   = bare + "&orderid=6982864"
		// sha1sum of "TestMerchanto-2test-merchant-control"
		control = "&control=249c1a512e81f033c7b626cbfdfc8bcbde781d29"
		// sha1sum of "TestMerchanto-26982864test-merchant-control"
		controlBy = "&control=c273ad3e16c4009a0024df049698e0fcc27852b2"
	)
	for name, test := range map[string]struct {
		body string
		ok   bool
	}{
		"by reference":      {bare + control, true},
		"by both":           {by + controlBy, true},
		"order not signed":  {by + control, false},
		"order signed only": {bare + controlBy, false},
		"capitals":          {bare + "&control=" + strings.ToUpper(strings.TrimPrefix(control, "&control=")), false},
		"another control":   {bare + "&control=" + strings.Repeat("0", 40), false},
		"no control":        {bare, false},
		"empty":             {bare + "&control=", false},
		"short":             {bare + control[:30], false},
	} {
		a := g.unsigned("/paynet/api/v2/status/39916", test.body)
		if test.ok {
			assert.Contains(t, a.body, "type=status-response\n", name)
			continue
		}
		assert.Contains(t, a.body, "type=validation-error\n", name)
		assert.Contains(t, a.body, "Parameter+control+", name)
	}
	a := g.askV2("39915", "o-2", "")
	assert.Contains(t, a.body, "type=error\n", "an order is known at its endpoint only")
	assert.Contains(t, g.askV2("40000", "o-2", "").body, "type=validation-error\n")
}

// The accounts of connpay:276-279 end as documented, and so do other destinations that
// stand for them.
func TestConnPayTestAccounts(t *testing.T) {
	for to, want := range map[string]struct {
		status, message string
		moved           int
	}{
		"account_number=1234567890":                {"approved", "", 1},
		"account_number=0987654321":                {"declined", "Declined", 0},
		"account_number=1987654321":                {"error", "PROCESSOR_INTERNAL_ERROR", 0},
		"account_number=55501":                     {"approved", "", 1},
		"ewallet_type=t&ewallet_wallet=0987654321": {"declined", "Declined", 0},
		"crypto_wallet_address=1987654321":         {"error", "PROCESSOR_INTERNAL_ERROR", 0},
		"card_recurring_payment_id=1987654321":     {"error", "PROCESSOR_INTERNAL_ERROR", 0},
		"credit_card_number=4111111111111111":      {"approved", "", 1},
		"credit_card_number=4000000000000002":      {"declined", "Declined", 0},
		"credit_card_number=4000000000000119":      {"error", "PROCESSOR_INTERNAL_ERROR", 0},
	} {
		t.Run(to, func(t *testing.T) {
			g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
			a := g.post("/paynet/api/v4/payout/39915", to+"&amount=1&client_orderid=o&currency=USD")
			require.Contains(t, a.body, "type=async-response\n")
			const ask = "login=TestMerchant&client_orderid=o"
			assert.Equal(t, "processing", fields(t, g.post("/paynet/api/v4/status/39915", ask).body).Get("status"))
			for range 2 {
				v := fields(t, g.post("/paynet/api/v4/status/39915", ask).body)
				assert.Equal(t, want.status, v.Get("status"))
				assert.Equal(t, want.message, v.Get("error-message"))
				assert.Equal(t, want.message != "", v.Get("error-code") != "")
			}
			assert.Equal(t, want.moved, g.Ledger().Times("o"))
		})
	}
}

// All that the platform's status answers hold, of a payout to a card and its failure.
func TestConnPayStatusFields(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey, Processing: -1})
	for reference, card := range map[string]string{"paid": "4111111111111111", "no": sandbox.CardDeclined} {
		g.post("/paynet/api/v4/payout/39917", "credit_card_number="+card+"&expire_month=12&expire_year=2034&amount=1000&client_orderid="+reference+
			"&currency=JPY&merchant_data=VIP+%26+co")
	}
	a := g.post("/paynet/api/v4/status/39917", "login=TestMerchant&client_orderid=paid")
	assert.True(t, strings.HasSuffix(a.body, "\n"))
	assert.Equal(t, "text/html;charset=utf-8", a.header.Get("Content-Type"))
	v := fields(t, a.body)
	for name, want := range map[string]string{
		"type": "status-response", "status": "approved", "amount": "1000", "currency": "JPY", "merchant-order-id": "paid",
		"order-stage": "transfer_approved", "bin": "411111", "last-four-digits": "1111", "merchant_data": "VIP & co", "end-point-id": "39917",
	} {
		assert.Equal(t, want, v.Get(name), name)
	}
	assert.Regexp(t, "^698286[45]$", v.Get("paynet-order-id"))
	assert.Equal(t, "PNTEST-"+v.Get("paynet-order-id"), v.Get("processor-tx-id"))
	assert.Regexp(t, "^00000000-0000-0000-0000-[0-9a-f]{12}$", v.Get("serial-number"))
	assert.Regexp(t, "^20[0-9]{2}-[0-9]{2}-[0-9]{2} ", v.Get("paynet-processing-date"))
	for _, name := range []string{"error-code", "error-message", "redirect-to"} {
		assert.False(t, v.Has(name), name)
	}
	v = fields(t, g.post("/paynet/api/v4/status/39917", "login=TestMerchant&client_orderid=no").body)
	assert.Equal(t, "declined", v.Get("status"))
	assert.Equal(t, "10000", v.Get("error-code"))
	assert.Equal(t, "Declined", v.Get("error-message"))
	assert.Equal(t, "4000000000000002"[12:], v.Get("last-four-digits"))
	assert.False(t, v.Has("processor-tx-id"))
	assert.Equal(t, "411111XXXXXX1111", g.Ledger().Moved("paid")[0].Destination)
}

// A platform without money is declined.
func TestConnPayFunds(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey, Processing: -1})
	g.Ledger().Fund("39915/USD", payout.FromMinor(1500, payout.USD))
	for _, want := range []string{"approved", "declined"} {
		g.post("/paynet/api/v4/payout/39915", "account_number=1&amount=10&client_orderid="+want+"&currency=USD")
		v := fields(t, g.post("/paynet/api/v4/status/39915", "login=TestMerchant&client_orderid="+want).body)
		assert.Equal(t, want, v.Get("status"))
	}
	assert.Equal(t, int64(500), g.Ledger().Funds("39915/USD").Balance)
}

// The answer to an unknown client_orderid, and two orders under one.
func TestConnPayTwoOrdersUnderOneReference(t *testing.T) {
	const ask = "login=TestMerchant&client_orderid=1"
	for _, first := range []bool{false, true} {
		g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey, Processing: -1, AskFirst: first})
		asked := func(path, more string) string {
			return fields(t, g.post(path, ask+more).body).Get("paynet-order-id")
		}
		a := g.post("/paynet/api/v4/status/39915", ask)
		assert.Contains(t, a.body, "type=error\n", "there is none yet")
		for range 2 {
			a = g.post("/paynet/api/v4/payout/39915", connPayRequest)
			require.Contains(t, a.body, "type=async-response\n")
		}
		require.Equal(t, "6982865", fields(t, a.body).Get("paynet-order-id"))
		assert.Equal(t, 2, g.Ledger().Times("1"), "a duplicate client_orderid moves money again")
		want := map[bool]string{false: "6982865", true: "6982864"}[first]
		for range 2 {
			assert.Equal(t, want, asked("/paynet/api/v4/status/39915", ""))
		}
		assert.Equal(t, want, fields(t, g.askV2("39915", "1", "").body).Get("paynet-order-id"))
		for _, id := range []string{"6982864", "6982865"} {
			assert.Equal(t, id, asked("/paynet/api/v4/status/39915", "&orderid="+id))
			assert.Equal(t, id, fields(t, g.askV2("group/1001", "1", id).body).Get("paynet-order-id"))
		}
		// The serial-number of the request that made an order finds that order.
		made := fields(t, a.body).Get("serial-number")
		assert.Equal(t, "6982865", asked("/paynet/api/v4/status/39915", "&by-request-sn="+made))
		assert.Equal(t, "", asked("/paynet/api/v4/status/39915", "&by-request-sn=00000000-0000-0000-0000-000002e2c3ff"))
	}
}

func TestConnPayRefusesDuplicates(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey, RefuseDuplicates: true})
	require.Contains(t, g.post("/paynet/api/v4/payout/39915", connPayRequest).body, "type=async-response\n")
	for range 2 {
		a := g.post("/paynet/api/v4/payout/39915", connPayRequest)
		assert.Contains(t, a.body, "type=validation-error\n")
		assert.Equal(t, "1", fields(t, a.body).Get("merchant-order-id"))
	}
	assert.Equal(t, 1, g.Ledger().Times("1"))
	assert.Len(t, g.Orders(), 1)
	assert.Empty(t, g.Refusals(), "the request was not malformed")
}

func TestConnPayMoneyMovesLate(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Processing: 2, LateMoney: true})
	g.post("/paynet/api/v4/payout/39915", connPayRequest)
	for i, want := range []string{"processing", "processing", "approved"} {
		assert.Equal(t, 0, g.Ledger().Times("1"), i)
		v := fields(t, g.post("/paynet/api/v4/status/39915", "login=TestMerchant&client_orderid=1").body)
		assert.Equal(t, want, v.Get("status"))
	}
	assert.Equal(t, 1, g.Ledger().Times("1"))
}

// Every word of the platform's list can be said, and others.
func TestConnPayStatusWords(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
	for _, word := range []string{"approved", "declined", "filtered", "error", "processing", "unknown", "chargeback"} {
		g.Script(bank.Script{Operation: bank.Create, Reference: word, Act: bank.Say(bank.Pending, word)})
		g.post("/paynet/api/v4/payout/39915", "account_number=1&amount=1&currency=USD&client_orderid="+word)
		v := fields(t, g.post("/paynet/api/v4/status/39915", "login=TestMerchant&client_orderid="+word).body)
		assert.Equal(t, word, v.Get("status"))
		assert.Equal(t, "transfer_processing", v.Get("order-stage"), "which is not what decides")
	}
}
