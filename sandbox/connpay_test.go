package sandbox_test

import (
	"cmp"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// gatewayTest is a gateway and a client that signs for it.
type gatewayTest struct {
	*sandbox.ConnPay
	t      *testing.T
	client *http.Client
}

func startConnPay(t *testing.T, cfg sandbox.ConnPayConfig) *gatewayTest {
	t.Helper()
	g, err := sandbox.StartConnPay(cfg)
	require.NoError(t, err)
	t.Cleanup(g.Close)
	return &gatewayTest{ConnPay: g, t: t, client: newClient(t, g.Server)}
}

// escape is RFC 3986's percent-encoding, for which package url has no function.
func escape(s string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(s))
}

// oauthParams are those of connpay:207 but the signature.
func oauthParams(login string, at time.Time) map[string]string {
	return map[string]string{
		"oauth_consumer_key": login, "oauth_nonce": rand.Text(), "oauth_signature_method": "RSA-SHA256",
		"oauth_timestamp": fmt.Sprint(at.Unix()), "oauth_version": "1.0",
	}
}

// sign returns an Authorization header for params.
func sign(t *testing.T, key *rsa.PrivateKey, address, body string, params map[string]string) string {
	t.Helper()
	form, err := url.ParseQuery(body)
	require.NoError(t, err)
	var all []string
	for name, value := range params {
		all = append(all, escape(name)+"="+escape(value))
	}
	for name, values := range form {
		for _, value := range values {
			all = append(all, escape(name)+"="+escape(value))
		}
	}
	slices.Sort(all)
	sum := sha256.Sum256([]byte("POST&" + escape(address) + "&" + escape(strings.Join(all, "&"))))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	require.NoError(t, err)
	signed := maps.Clone(params)
	signed["oauth_signature"] = base64.StdEncoding.EncodeToString(signature)
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(signed)) {
		parts = append(parts, name+`="`+escape(signed[name])+`"`)
	}
	return "OAuth " + strings.Join(parts, ", ")
}

func formHeader(authorization string) http.Header {
	h := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	if authorization != "" {
		h.Set("Authorization", authorization)
	}
	return h
}

// post signs a body and sends it.
func (g *gatewayTest) post(path, body string) answer {
	g.t.Helper()
	a, err := g.try(path, body)
	require.NoError(g.t, err)
	return a
}

func (g *gatewayTest) try(path, body string) (answer, error) {
	g.t.Helper()
	address := g.URL() + path
	header := sign(g.t, cmp.Or(g.MerchantKey(), testKey()), address, body, oauthParams(g.Login(), time.Now()))
	return send(g.t, g.client, http.MethodPost, address, body, formHeader(header))
}

// The body of connpay:211-217, in one line as its Content-Length of 150 says.
const connPayRequest = "account_name=1234&account_number=1234&amount=10.42&client_orderid=1&currency=USD" +
	"&routing_number=15&server_callback_url=https%3A%2F%2Fhttpstat.us%2F200"

func fields(t *testing.T, body string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(strings.ReplaceAll(body, "\n", ""))
	require.NoError(t, err)
	return v
}

func TestConnPayTakesTheSample(t *testing.T) {
	require.Len(t, connPayRequest, 150) // connpay:208
	g := startConnPay(t, sandbox.ConnPayConfig{})
	a := g.post("/paynet/api/v4/payout/39915", connPayRequest)
	require.Equal(t, 200, a.status)
	assert.Equal(t, "text/html;charset=utf-8", a.header.Get("Content-Type"))
	// connpay:231-235, byte for byte but the numbers, which the gateway counts.
	assert.Equal(t, "type=async-response\n&serial-number=00000000-0000-0000-0000-000002e2c322\n"+
		"&merchant-order-id=1\n&paynet-order-id=6982864\n&end-point-id=39915", a.body)
	assert.Len(t, a.body, 137) // connpay:230

	status := "login=TestMerchant&client_orderid=1"
	first := fields(t, g.post("/paynet/api/v4/status/39915", status).body)
	assert.Equal(t, "status-response", first.Get("type"))
	assert.Equal(t, "processing", first.Get("status"))
	then := fields(t, g.post("/paynet/api/v4/status/39915", status+"&orderid=6982864").body)
	assert.Equal(t, "approved", then.Get("status"))
	assert.Equal(t, "10.42", then.Get("amount"))
	assert.Equal(t, "USD", then.Get("currency"))
	assert.Equal(t, "6982864", then.Get("paynet-order-id"))
	assert.Equal(t, 1, g.Ledger().Times("1"))
	assert.Empty(t, g.Refusals())
}

func TestConnPaySpoiledAnswers(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Processing: -1})
	g.Script(bank.Script{Operation: bank.Create, Times: 1, Act: bank.Nothing(), Reply: g.AccessDenied()})
	a := g.post("/paynet/api/v4/payout/39915", connPayRequest)
	assert.Equal(t, 403, a.status)
	assert.Empty(t, g.Ledger().Entries())

	g.Script(bank.Script{Operation: bank.Create, Times: 1, Reply: bank.Lost()})
	_, err := g.try("/paynet/api/v4/payout/39915", connPayRequest)
	require.Error(t, err)
	assert.Equal(t, 1, g.Ledger().Times("1"))

	g.Script(bank.Script{Operation: bank.Status, Times: 1, Alter: bank.Omit(bank.StatusWord, bank.Amount)})
	v := fields(t, g.post("/paynet/api/v4/status/39915", "login=TestMerchant&client_orderid=1").body)
	assert.False(t, v.Has("status"))
	assert.False(t, v.Has("amount"))
	assert.Equal(t, "USD", v.Get("currency"))
	g.Script(bank.Script{Operation: bank.Status, Times: 1, Alter: bank.ClaimWord("unknown")})
	v = fields(t, g.post("/paynet/api/v4/status/39915", "login=TestMerchant&client_orderid=1").body)
	assert.Equal(t, "unknown", v.Get("status"))
	g.Script(bank.Script{Operation: bank.Create, Times: 1, Alter: bank.Omit(bank.Reference, bank.OrderID)})
	a = g.post("/paynet/api/v4/payout/39915", connPayRequest)
	assert.NotContains(t, a.body, "order-id")
	g.Script(bank.Script{Operation: bank.Create, Reference: "e", Act: bank.Nothing(), Reply: g.Reply("error", "17", "no")})
	a = g.post("/paynet/api/v4/payout/39915", strings.Replace(connPayRequest, "client_orderid=1", "client_orderid=e", 1))
	assert.Equal(t, "17", fields(t, a.body).Get("error-code"))
	assert.Equal(t, 0, g.Ledger().Times("e"))
}

func TestConnPayDestinationsAreMasked(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{})
	for to, want := range map[string]string{
		"account_number=40817810099910004312":                           "XXXXXXXXXXXXXXXX4312",
		"ewallet_type=w&ewallet_wallet=purse-77712345":                  "XXXXXXXXXX2345",
		"crypto_wallet_address=bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f": strings.Repeat("X", 35) + "kv8f",
		"card_recurring_payment_id=12345678":                            "RPI XXXX5678",
		"recurring-payment-id=12345679":                                 "RPI XXXX5679",
		"credit_card_number=4111111111111111":                           "411111XXXXXX1111",
		"account_number=55501":                                          "XXXXX",
	} {
		a := g.post("/paynet/api/v4/payout/39915", to+"&amount=1&client_orderid=d&currency=USD")
		require.Contains(t, a.body, "async-response", to)
		entries := g.Ledger().Entries()
		assert.Equal(t, want, entries[len(entries)-1].Destination)
	}
}
