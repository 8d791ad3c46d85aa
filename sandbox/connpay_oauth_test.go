package sandbox_test

import (
	"cmp"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

func TestConnPayDeniesAccess(t *testing.T) {
	at := time.Now()
	set := func(name, value string) func(map[string]string) {
		return func(p map[string]string) { p[name] = value }
	}
	const version = `oauth_version="1.0"`
	for name, test := range map[string]struct {
		params   func(map[string]string) // changes what is signed
		body     string                  // what is signed and sent; "" is the sample's
		old, new string                  // changes the header afterwards
		move     bool                    // oauth_version comes first
		rule     string
	}{
		"another login":          {params: set("oauth_consumer_key", "Other"), rule: "oauth_consumer_key: is not known"},
		"another method":         {params: set("oauth_signature_method", "RSA-SHA1"), rule: "oauth_signature_method: must be RSA-SHA256"},
		"another version":        {params: set("oauth_version", "1.1"), rule: "oauth_version: must be 1.0"},
		"no version":             {params: func(p map[string]string) { delete(p, "oauth_version") }, rule: "Authorization: lacks a parameter"},
		"a token":                {params: set("oauth_token", "t"), rule: "Authorization: holds a parameter that is not documented"},
		"an empty token":         {params: set("oauth_token", ""), rule: "Authorization: holds a parameter that is not documented"},
		"a realm":                {old: "OAuth ", new: `OAuth realm="r", `, rule: "Authorization: holds a parameter that is not documented"},
		"milliseconds":           {params: set("oauth_timestamp", fmt.Sprint(at.UnixMilli())), rule: "oauth_timestamp: is too far"},
		"an hour ago":            {params: set("oauth_timestamp", fmt.Sprint(at.Add(-time.Hour).Unix())), rule: "oauth_timestamp: is too far"},
		"a zero before":          {params: set("oauth_timestamp", "0"+fmt.Sprint(at.Unix())), rule: "oauth_timestamp: must be whole seconds"},
		"a time in words":        {params: set("oauth_timestamp", "now"), rule: "oauth_timestamp: must be whole seconds"},
		"a short nonce":          {params: set("oauth_nonce", "b5E31Tw6SVjauE29uOf2j"), rule: "oauth_nonce: is too short"},
		"another order":          {old: version, new: version, move: true, rule: "Authorization: is not in the documented order"},
		"no spaces":              {old: ", ", new: ",", rule: "Authorization: wants a comma and a space"},
		"two spaces":             {old: ", " + version, new: ",  " + version, rule: "Authorization: holds a parameter that is not documented"},
		"a space at the start":   {old: "OAuth ", new: "OAuth  ", rule: "Authorization: wants a comma and a space"},
		"a comma at the end":     {old: version, new: version + ",", rule: "Authorization: is not well formed"},
		"small letters":          {old: "OAuth ", new: "oauth ", rule: "Authorization: must be OAuth"},
		"an empty nonce":         {params: set("oauth_nonce", ""), rule: "oauth_nonce: is not well formed"},
		"another nonce":          {old: `oauth_nonce="`, new: `oauth_nonce="x`, rule: "oauth_signature: does not verify"},
		"no base64":              {old: `oauth_signature="`, new: `oauth_signature="-`, rule: "oauth_signature: is not base64"},
		"another scheme":         {old: "OAuth ", new: "Basic ", rule: "Authorization: must be OAuth"},
		"a parameter twice":      {old: version, new: version + ", " + version, rule: "oauth_version: is given twice"},
		"no quotes":              {old: version, new: `oauth_version=1.0`, rule: "Authorization: is not well formed"},
		"no first quote":         {old: version, new: `oauth_version=1.0"`, rule: "Authorization: is not well formed"},
		"no last quote":          {old: version, new: `oauth_version="1.0`, rule: "Authorization: is not well formed"},
		"one quote":              {old: version, new: `oauth_version="`, rule: "Authorization: is not well formed"},
		"no equals sign":         {old: version, new: `oauth_version`, rule: "Authorization: is not well formed"},
		"half an escape":         {old: version, new: `oauth_version="1.0%2"`, rule: "oauth_version: is not well formed"},
		"no escape":              {old: version, new: `oauth_version="1.0%zz"`, rule: "oauth_version: is not well formed"},
		"an escape too many":     {old: version, new: `oauth_version="1%2E0"`, rule: "oauth_version: is not well formed"},
		"too few escapes":        {old: version, new: `oauth_version="1.0/"`, rule: "oauth_version: is not well formed"},
		"a body that is no form": {body: "amount", rule: "body: is not well formed"},
		"parameters in the body": {body: connPayRequest + "&oauth_callback=x", rule: "oauth_*: belong into the header only"},
	} {
		t.Run(name, func(t *testing.T) {
			g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
			address := g.URL() + "/paynet/api/v4/payout/39915"
			params, body := oauthParams("TestMerchant", at), cmp.Or(test.body, connPayRequest)
			if test.params != nil {
				test.params(params)
			}
			header := sign(t, testKey(), address, body, params)
			require.Contains(t, header, test.old)
			header = strings.ReplaceAll(header, cmp.Or(test.old, "nothing"), test.new)
			if test.move {
				header = strings.Replace(strings.Replace(header, ", "+version, "", 1), "OAuth ", "OAuth "+version+", ", 1)
			}
			a, err := send(t, g.client, http.MethodPost, address, body, formHeader(header))
			require.NoError(t, err)
			denied(t, g, a, test.rule)
		})
	}
	t.Run("a status call too", func(t *testing.T) {
		g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
		a, err := send(t, g.client, http.MethodPost, g.URL()+"/paynet/api/v4/status/39915", "login=TestMerchant&client_orderid=1", formHeader(""))
		require.NoError(t, err)
		denied(t, g, a, "Authorization: is required, once")
	})
}

func TestConnPayHeaders(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
	address := g.URL() + "/paynet/api/v4/payout/39915"
	header := sign(t, testKey(), address, connPayRequest, oauthParams("TestMerchant", time.Now()))
	try := func(body string, h http.Header) answer {
		a, err := send(t, g.client, http.MethodPost, address, body, h)
		require.NoError(t, err)
		return a
	}
	denied(t, g, try(connPayRequest, formHeader("")), "Authorization: is required, once")
	two := formHeader(header)
	two.Add("Authorization", header)
	denied(t, g, try(connPayRequest, two), "Authorization: is required, once")
	denied(t, g, try(strings.Replace(connPayRequest, "10.42", "99.42", 1), formHeader(header)), "oauth_signature: does not verify")
	require.Equal(t, 200, try(connPayRequest, formHeader(header)).status)
	a := try(connPayRequest, formHeader(header))
	require.Equal(t, 403, a.status)
	assert.Equal(t, 1, g.Ledger().Times("1"))
	refused := g.Refusals()
	assert.Equal(t, "oauth_nonce: was used before", refused[len(refused)-1].Refused)
}

// 401 is reported too.
func TestConnPayUnauthorized(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey, Unauthorized: true})
	a, err := send(t, g.client, http.MethodPost, g.URL()+"/paynet/api/v4/payout/39915", connPayRequest, formHeader(""))
	require.NoError(t, err)
	assert.Equal(t, 401, a.status)
	assert.Contains(t, a.body, "<title>401</title>")
	assert.Contains(t, a.body, "<p>Access is denied</p>")
	g.Script(bank.Script{Operation: bank.Create, Times: 1, Act: bank.Nothing(), Reply: g.Unauthorized()})
	assert.Equal(t, 401, g.post("/paynet/api/v4/payout/39915", connPayRequest).status)
	assert.Empty(t, g.Ledger().Entries())
}

// denied checks the page of connpay:236-272, and that nothing else happened.
func denied(t *testing.T, g *gatewayTest, a answer, rule string) {
	t.Helper()
	assert.Equal(t, 403, a.status)
	assert.Equal(t, "text/html", a.header.Get("Content-Type"))
	assert.Contains(t, a.body, "<p>Access is denied</p>")
	assert.Empty(t, g.Ledger().Entries())
	refused := g.Refusals()
	require.NotEmpty(t, refused)
	assert.Contains(t, refused[len(refused)-1].Refused, rule)
}

// oauthlib signs what comes as JSON on its standard input and prints the header.
const oauthlibSigns = `
import sys, json
from oauthlib.oauth1 import Client
r = json.load(sys.stdin)
c = Client(r["login"], signature_method="RSA-SHA256", rsa_key=r["key"])
_, headers, body = c.sign(r["url"], "POST", r["body"], {"Content-Type": "application/x-www-form-urlencoded"})
json.dump({"header": headers["Authorization"], "body": body}, sys.stdout)
`

// documented puts the parameters of a header into the order of connpay:207.
func documented(header string) string {
	parts := strings.Split(strings.TrimPrefix(header, "OAuth "), ", ")
	slices.Sort(parts)
	return "OAuth " + strings.Join(parts, ", ")
}

// An OAuth implementation that is not ours signs, the gateway verifies.
func TestConnPayVerifiesWhatOauthlibSigns(t *testing.T) {
	const python = "/usr/bin/python3"
	require.NoError(t, exec.Command(python, "-c", "import oauthlib, jwt, cryptography").Run(), "python3-oauthlib is needed, see .ci/run")
	hard := "account_number=12%2034&amount=10.42&client_orderid=a%2Bb%7Ec&currency=USD" +
		"&order_desc=%D0%99%C3%A9%20%25%26%3D~%27%22%21%28%29%2A&purpose=&merchant_data=%E2%82%AC+%2B"
	for name, test := range map[string]struct{ login, path, body string }{
		"sample":           {"TestMerchant", "/paynet/api/v4/payout/39915", connPayRequest},
		"group":            {"TestMerchant", "/paynet/api/v4/payout/group/1001", connPayRequest},
		"hard characters":  {"TestMerchant", "/paynet/api/v4/payout/39915", hard},
		"space in a login": {"Test Merchant & Co", "/paynet/api/v4/payout/39915", connPayRequest},
	} {
		t.Run(name, func(t *testing.T) {
			g := startConnPay(t, sandbox.ConnPayConfig{Login: test.login, Key: &testKey().PublicKey})
			address := g.URL() + test.path
			in, err := json.Marshal(map[string]string{
				"login": test.login, "url": address, "body": test.body,
				"key": string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(testKey())})),
			})
			require.NoError(t, err)
			cmd := exec.CommandContext(t.Context(), python, "-c", oauthlibSigns)
			cmd.Stdin = strings.NewReader(string(in))
			out, err := cmd.Output()
			require.NoError(t, err)
			var signed struct{ Header, Body string }
			require.NoError(t, json.Unmarshal(out, &signed))
			a, err := send(t, g.client, http.MethodPost, address, signed.Body, formHeader(documented(signed.Header)))
			require.NoError(t, err)
			assert.Equal(t, 200, a.status)
			assert.Contains(t, a.body, "async-response", "%v", g.Refusals())
			assert.Len(t, g.Ledger().Entries(), 1)
		})
	}
}

// The window for oauth_timestamp is around the gateway's own clock.
func TestConnPayClock(t *testing.T) {
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	g := startConnPay(t, sandbox.ConnPayConfig{
		Bank: bank.Config{Now: func() time.Time { return at }}, Key: &testKey().PublicKey, ClockWindow: time.Minute,
	})
	g.client.Transport.(*http.Transport).TLSClientConfig.Time = func() time.Time { return at }
	address := g.URL() + "/paynet/api/v4/payout/39915"
	for apart, want := range map[time.Duration]int{0: 200, time.Minute: 200, -time.Minute: 200, 61 * time.Second: 403, -61 * time.Second: 403} {
		header := sign(t, testKey(), address, connPayRequest, oauthParams("TestMerchant", at.Add(apart)))
		a, err := send(t, g.client, http.MethodPost, address, connPayRequest, formHeader(header))
		require.NoError(t, err)
		assert.Equal(t, want, a.status, apart)
	}
	assert.Equal(t, at, g.Ledger().Entries()[0].Time)
}
