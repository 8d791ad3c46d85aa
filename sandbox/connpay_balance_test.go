package sandbox_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// The parameters that stand in the body and in the header.
const balanceBody = "oauth_consumer_key=TestMerchant&oauth_nonce=b5E31Tw6SVjauE29uOf2jOLnuUSXmVdE&oauth_signature_method=HMAC-SHA1&oauth_timestamp=1893456000&oauth_version=1.0"

func balanceHeader(signature string) string {
	return `OAuth oauth_consumer_key="TestMerchant", oauth_nonce="b5E31Tw6SVjauE29uOf2jOLnuUSXmVdE", oauth_signature="` + signature +
		`", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1893456000", oauth_version="1.0"`
}

// A request of which every byte is known, at https://localhost on 2030-01-01. Its
// signature was made by
//
//	openssl dgst -sha1 -hmac 'test-merchant-control&' -binary | base64
//
// of POST&https%3A%2F%2Flocalhost%2Fpaynet%2Fapi%2Fv2%2Fget-balance%2Fmerchant%2FTestMerchant&oauth_consumer_key%3DTestMerchant%26
// oauth_nonce%3Db5E31Tw6SVjauE29uOf2jOLnuUSXmVdE%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1893456000%26oauth_version%3D1.0
const balanceSignature = "VfMCHg4D08NmZ7U1DUUYAXcxuzs%3D"

// chosen is value, where "" stands for good and "none" for "".
func chosen(value, good string) string {
	switch value {
	case "":
		return good
	case "none":
		return ""
	default:
		return value
	}
}

func TestConnPayBalanceSignature(t *testing.T) {
	const path = "/paynet/api/v2/get-balance/merchant/TestMerchant"
	good := balanceHeader(balanceSignature)
	for name, test := range map[string]struct {
		path, header, body string // "" is the good one
		rule               string // "" is none
	}{
		"as it is":               {},
		"the platform's header":  {header: strings.NewReplacer("OAuth ", `OAuth realm="",`, ", ", ",").Replace(good)},
		"another order":          {header: strings.Replace(strings.Replace(good, `, oauth_version="1.0"`, "", 1), "OAuth ", `OAuth oauth_version="1.0", `, 1)},
		"another signature":      {header: balanceHeader("XfMCHg4D08NmZ7U1DUUYAXcxuzs%3D"), rule: "oauth_signature: does not verify"},
		"no base64":              {header: balanceHeader("-"), rule: "oauth_signature: is not base64"},
		"a realm":                {header: strings.Replace(good, "OAuth ", `OAuth realm="x", `, 1), rule: "Authorization: holds a parameter that is not documented"},
		"no header":              {header: "none", rule: "Authorization: is required, once"},
		"an empty body":          {body: "none", rule: "oauth_*: belong into the body too"},
		"one of them missing":    {body: strings.TrimSuffix(balanceBody, "&oauth_version=1.0"), rule: "oauth_*: belong into the body too"},
		"the signature too":      {body: balanceBody + "&oauth_signature=" + balanceSignature, rule: "oauth_*: belong into the body too"},
		"another nonce in it":    {body: strings.Replace(balanceBody, "SXmVdE", "SXmVdF", 1), rule: "oauth_nonce: is not the same in header and body"},
		"one twice, one missing": {body: strings.Replace(balanceBody, "oauth_version=1.0", "oauth_timestamp=1893456000", 1), rule: "oauth_version: is not the same in header and body"},
		"a name not signed":      {body: balanceBody + "&balance-name=USD", rule: "oauth_signature: does not verify"},
		"another path":           {path: "/paynet/api/v2/get-balance/39915", rule: "oauth_signature: does not verify"},
		"another method": {
			header: strings.Replace(good, "HMAC-SHA1", "PLAINTEXT", 1), body: strings.Replace(balanceBody, "HMAC-SHA1", "PLAINTEXT", 1),
			rule: "oauth_signature_method: must be HMAC-SHA1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			key := &testKey().PublicKey
			synctest.Test(t, func(t *testing.T) {
				pipe := bank.NewPipe()
				now := func() time.Time { return time.Unix(1893456000, 0) }
				g, err := sandbox.StartConnPay(sandbox.ConnPayConfig{Key: key, Balance: true, Bank: bank.Config{Listener: pipe, Now: now}})
				require.NoError(t, err)
				defer g.Close()
				transport := &http.Transport{DialContext: pipe.DialContext, TLSClientConfig: &tls.Config{RootCAs: g.Roots(), MinVersion: tls.VersionTLS12, Time: now}}
				defer transport.CloseIdleConnections()
				post := func() answer {
					header := formHeader(chosen(test.header, good))
					a, err := send(t, &http.Client{Transport: transport}, http.MethodPost, g.URL()+chosen(test.path, path), chosen(test.body, balanceBody), header)
					require.NoError(t, err)
					return a
				}
				a := post()
				if test.rule == "" {
					assert.Equal(t, 200, a.status, "%v", g.Refusals())
					assert.Equal(t, 403, post().status, "a nonce is good once")
					return
				}
				assert.Equal(t, 403, a.status)
				refused := g.Refusals()
				assert.Contains(t, refused[len(refused)-1].Refused, test.rule)
			})
		})
	}
}

// askBalance signs with HMAC-SHA1 and asks at an endpoint or "merchant/LOGIN".
func (g *gatewayTest) askBalance(where, more string) answer {
	g.t.Helper()
	address := g.URL() + "/paynet/api/v2/get-balance/" + where
	params := oauthParams(g.Login(), time.Now())
	params["oauth_signature_method"] = "HMAC-SHA1"
	form := url.Values{}
	for name, value := range params {
		form.Set(name, value)
	}
	body := strings.Trim(more+"&"+form.Encode(), "&")
	all, err := url.ParseQuery(body)
	require.NoError(g.t, err)
	base := "POST&" + escape(address) + "&" + escape(strings.NewReplacer("+", "%20").Replace(all.Encode()))
	mac := hmac.New(sha1.New, []byte(g.Control()+"&"))
	mac.Write([]byte(base))
	header := "OAuth oauth_signature=\"" + escape(base64.StdEncoding.EncodeToString(mac.Sum(nil))) + `"`
	for name, value := range params {
		header += fmt.Sprintf(", %s=%q", name, escape(value))
	}
	a, err := send(g.t, g.client, http.MethodPost, address, body, formHeader(header))
	require.NoError(g.t, err)
	return a
}

func rows(t *testing.T, a answer) (all []map[string]any) {
	t.Helper()
	require.Equal(t, 200, a.status)
	require.NoError(t, json.Unmarshal([]byte(a.body), &all), a.body)
	return all
}

func TestConnPayBalances(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey, Balance: true, Endpoints: []sandbox.Endpoint{
		{ID: "1", Group: "9", Currencies: currencies("USD", "JPY")},
		{ID: "2", Group: "9", Currencies: currencies("USD")},
		{ID: "3", Currencies: currencies("KWD")},
	}})
	g.Ledger().Fund("1/USD", payout.FromMinor(100_00, payout.USD))
	g.Ledger().Fund("2/USD", payout.FromMinor(50_00, payout.USD))
	g.Ledger().Fund("1/JPY", payout.FromMinor(7, payout.JPY))
	for reference, account := range map[string]string{"paid": sandbox.AccountApproved, "open": sandbox.AccountApproved, "no": sandbox.AccountDeclined, "wrong": sandbox.AccountError} {
		g.post("/paynet/api/v4/payout/1", "account_number="+account+"&amount=10.42&currency=USD&client_orderid="+reference)
		if reference != "open" {
			g.Finish(reference)
		}
	}
	a := g.askBalance("1", "")
	assert.JSONEq(t, `[
		{"name":"USD","amount":89.58,"online-balance-live-amount":89.58,"total-short-term-hold-amount":0.00,"total-rolling-reserve-amount":0.00,"currency":"USD","amount-buffer-hold":10.42},
		{"name":"JPY","amount":7,"online-balance-live-amount":7,"total-short-term-hold-amount":0,"total-rolling-reserve-amount":0,"currency":"JPY","amount-buffer-hold":0}
	]`, a.body)
	assert.Contains(t, a.body, `"amount":89.58,`)
	assert.Contains(t, a.body, `"total-short-term-hold-amount":0.00,`, "with the currency's decimals")

	all := rows(t, g.askBalance("merchant/TestMerchant", ""))
	require.Len(t, all, 3)
	assert.Equal(t, 139.58, all[0]["amount"], "of all endpoints")
	assert.Equal(t, 10.42, all[0]["amount-buffer-hold"])
	assert.Equal(t, "KWD", all[2]["currency"])
	assert.Equal(t, 1000000.0, all[2]["amount"], "nobody counted")
	one := rows(t, g.askBalance("merchant/TestMerchant", "balance-name=KWD"))
	require.Len(t, one, 1)
	assert.Equal(t, "KWD", one[0]["name"])
	assert.Empty(t, rows(t, g.askBalance("1", "balance-provider=EUR")))
	assert.Equal(t, 50.0, rows(t, g.askBalance("2", ""))[0]["amount"])

	g.Finish("open")
	all = rows(t, g.askBalance("1", "balance-provider=USD"))
	assert.Equal(t, []any{79.16, 0.0}, []any{all[0]["amount"], all[0]["amount-buffer-hold"]})
	g.Advance("paid", bank.Return())
	assert.Equal(t, 89.58, rows(t, g.askBalance("1", "balance-provider=USD"))[0]["amount"], "the money came back")
	assert.Equal(t, int64(89_58), g.Ledger().Funds("1/USD").Balance)
	assert.Empty(t, g.Refusals())

	for where, rule := range map[string]string{"4": "login: or endpoint is not known", "9": "login: or endpoint is not known", "merchant/Other": "login: or endpoint is not known"} {
		assert.Contains(t, g.askBalance(where, "").body, "type=validation-error\n", where)
		refused := g.Refusals()
		assert.Equal(t, rule, refused[len(refused)-1].Refused)
	}
	assert.Contains(t, g.askBalance("1", "balance-name=USD").body, "Parameter+balance-name+is+not+a+parameter")
	assert.Contains(t, g.askBalance("merchant/TestMerchant", "balance-name="+strings.Repeat("x", 129)).body, "Parameter+balance-name+has+the+wrong+length")
}

func TestConnPayBalanceIsOff(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
	a := g.askBalance("39915", "")
	assert.Contains(t, a.body, "type=validation-error\n")
	assert.Contains(t, a.body, "error-message=Get+balance+is+not+enabled\n")
	assert.Equal(t, "get-balance: is not turned on", g.Refusals()[0].Refused)
}

// A login and a key that have to be escaped.
func TestConnPayBalanceOfAHardLogin(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey, Balance: true, Login: "Test Merchant/é", Control: "AF4B5DE6-3468-424C-A922-C1DAD7CB4509"})
	assert.Len(t, rows(t, g.askBalance("merchant/Test%20Merchant%2F%C3%A9", "")), 4)
}

// oauthlibSignsHMAC is oauthlibSigns with the control key.
const oauthlibSignsHMAC = `
import sys, json
from oauthlib.oauth1 import Client
r = json.load(sys.stdin)
c = Client(r["login"], client_secret=r["control"], signature_method="HMAC-SHA1")
_, headers, _ = c.sign(r["url"], "POST", r["body"], {"Content-Type": "application/x-www-form-urlencoded"})
json.dump({"header": headers["Authorization"]}, sys.stdout)
`

// An OAuth implementation that is not ours signs for a balance too, also with a control
// key that has to be escaped.
func TestConnPayBalanceSignedByOauthlib(t *testing.T) {
	for _, control := range []string{"AF4B5DE6-3468-424C-A922-C1DAD7CB4509", "a&b=c +%é"} {
		g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey, Balance: true, Control: control})
		address := g.URL() + "/paynet/api/v2/get-balance/merchant/TestMerchant"
		in, err := json.Marshal(map[string]string{"login": "TestMerchant", "control": control, "url": address, "body": "balance-name=USD"})
		require.NoError(t, err)
		cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", oauthlibSignsHMAC)
		cmd.Stdin = strings.NewReader(string(in))
		out, err := cmd.Output()
		require.NoError(t, err, "python3-oauthlib is needed, see .ci/run")
		var signed struct{ Header string }
		require.NoError(t, json.Unmarshal(out, &signed))
		body := "balance-name=USD"
		for part := range strings.SplitSeq(strings.TrimPrefix(signed.Header, "OAuth "), ", ") {
			if name, value, _ := strings.Cut(part, "="); name != "oauth_signature" {
				body += "&" + name + "=" + strings.Trim(value, `"`)
			}
		}
		a, err := send(t, g.client, http.MethodPost, address, body, formHeader(signed.Header))
		require.NoError(t, err)
		require.Len(t, rows(t, a), 1, "%v", g.Refusals())
	}
}
