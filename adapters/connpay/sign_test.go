package connpay_test

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
)

func publicPEM(t *testing.T) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&merchantKey().PublicKey)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// The header has the six documented parameters and no others, in the documented order
// (connpay:207), and no two requests share a nonce.
func TestHeader(t *testing.T) {
	form := regexp.MustCompile(`^OAuth oauth_consumer_key="Test%20Merchant%2F%C3%A9", oauth_nonce="([0-9a-f]{32})", ` +
		`oauth_signature="[A-Za-z0-9]+(?:%2B|%2F|[A-Za-z0-9])*%3D%3D", oauth_signature_method="RSA-SHA256", ` +
		`oauth_timestamp="1677831012", oauth_version="1.0"$`)
	capture, client := captured(t, connpay.Config{
		Login: "Test Merchant/é", Now: func() time.Time { return time.Unix(1677831012, 999) },
	})
	nonces := map[string]bool{}
	for range 3 {
		sent := capture.By(t, func() { _, _ = client.Create(t.Context(), sample()) })
		found := form.FindStringSubmatch(sent.Header.Get("Authorization"))
		require.Len(t, found, 2, sent.Header.Get("Authorization"))
		nonces[found[1]] = true
	}
	require.Len(t, nonces, 3)
}

// Without randomness there is no signature, and nothing is sent.
func TestNoRandomness(t *testing.T) {
	capture, client := captured(t, connpay.Config{Rand: bytes.NewReader([]byte("too short"))})
	_, err := client.Create(t.Context(), sample())
	require.ErrorIs(t, err, payout.ErrNotSent)
	_, err = client.Find(t.Context(), sample().Ref())
	require.ErrorIs(t, err, payout.ErrNotSent)
	require.Empty(t, capture.Sent())
}

// The raw signature, verified by openssl over a base string that is written out here.
func TestSignatureByOpenSSL(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("SKIP: openssl is not installed")
	}
	capture, client := captured(t, connpay.Config{
		Rand: bytes.NewReader(bytes.Repeat([]byte{0xab}, 16)), Now: func() time.Time { return time.Unix(1677831012, 0) },
	})
	sent := capture.By(t, func() { _, _ = client.Create(t.Context(), sample()) })
	base := "POST&https%3A%2F%2F" + strings.Replace(sent.Host, ":", "%3A", 1) + "%2Fpaynet%2Fapi%2Fv4%2Fpayout%2F39915" +
		"&account_name%3D1234%26account_number%3D1234%26amount%3D10.42%26client_orderid%3D1%26currency%3DUSD" +
		"%26oauth_consumer_key%3DTestMerchant%26oauth_nonce%3Dabababababababababababababababab%26oauth_signature_method%3DRSA-SHA256" +
		"%26oauth_timestamp%3D1677831012%26oauth_version%3D1.0" +
		"%26routing_number%3D15%26server_callback_url%3Dhttps%253A%252F%252Fhttpstat.us%252F200"
	_, quoted, _ := strings.Cut(sent.Header.Get("Authorization"), `oauth_signature="`)
	quoted, _, _ = strings.Cut(quoted, `"`)
	encoded, err := url.PathUnescape(quoted)
	require.NoError(t, err)
	signature, err := base64.StdEncoding.DecodeString(encoded)
	require.NoError(t, err)

	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, content, 0o600))
		return path
	}
	out, err := exec.CommandContext(t.Context(), openssl, "dgst", "-sha256", "-verify", write("public.pem", []byte(publicPEM(t))),
		"-signature", write("signature", signature), write("base", []byte(base))).CombinedOutput()
	require.NoError(t, err, string(out))
	require.Equal(t, "Verified OK\n", string(out))
}

// Whole requests, verified by an OAuth implementation that is not ours.
func TestSignatureByOAuthlib(t *testing.T) {
	s := payout.NewSecret
	account := func(change func(*payout.BankAccount)) payout.Request {
		req := sample()
		to := req.Destination.(payout.BankAccount)
		change(&to)
		req.Destination = to
		return req
	}
	described := func(text string) payout.Request {
		req := sample()
		req.Description = text
		return req
	}
	asked := sample()
	asked.Destination = nil
	tests := []struct {
		name string
		req  payout.Request // without a destination: a question
		c    connpay.Config
		base string // above /api; "": the capturing gateway's own
	}{
		{name: "the sample", req: sample()},
		{name: "a question", req: asked},
		{name: "a group", req: sample(), c: connpay.Config{Endpoint: group}},
		{name: "UTF-8", req: account(func(a *payout.BankAccount) { a.Name = s("Ján Novák, 北京, €") })},
		{name: "plus", req: described("1+1")},
		{name: "percent", req: described("100% %41 %zz")},
		{name: "ampersand and equals", req: described("a=b&c=d&amount=0.01")},
		{name: "tilde", req: described("a~b")},
		{name: "quotes", req: described(`"double" 'single' \ back`)},
		{name: "reserved", req: described("!*'();:@&=+$,/?#[]-._~")},
		{name: "many spaces", req: described("a  b   c")},
		{name: "names that sort around oauth", req: func() payout.Request {
			req := described("o")
			req.ReturnURL, req.FailURL = "https://a.example/?x=1&y=2#z", "https://b.example/%7Ea"
			return req
		}()},
		{name: "space and more in the login", req: sample(), c: connpay.Config{Login: `Test Merchant "é"+&=`}},
		{name: "slash after the base", req: sample(), base: "https://example.com/paynet/"},
		{name: "capitals in the host", req: sample(), base: "https://EXAMPLE.com/paynet"},
		{name: "the default port", req: sample(), base: "https://example.com:443/paynet"},
		{name: "another port", req: sample(), base: "https://example.com:8443/paynet"},
		{name: "no path", req: sample(), base: "https://example.com"},
		{name: "an escaped path", req: sample(), base: "https://example.com/pay%20net/%C3%A9"},
	}
	var input bytes.Buffer
	for _, tt := range tests {
		capture, client := captured(t, tt.c)
		if tt.base != "" {
			client = elsewhere(t, capture, tt.base)
		}
		sent := capture.By(t, func() {
			if tt.req.Destination == nil {
				_, _ = client.Find(t.Context(), tt.req.Ref())
			} else {
				_, _ = client.Create(t.Context(), tt.req)
			}
		})
		input.WriteString(signedRequest(t, sent, "rsa", publicPEM(t)))
	}
	lines := verify(t, input.String())
	require.Len(t, lines, len(tests))
	for i, tt := range tests {
		require.True(t, strings.HasPrefix(lines[i], "POST&https%3A%2F%2F"), "%s: %s", tt.name, lines[i])
	}

	// The verifier can say no.
	require.Contains(t, verify(t, strings.Replace(input.String(), "10.42", "10.43", 1))[0], "does not verify")
}

// Every row of the document's table in one request, so far as a destination allows.
func TestSignatureOfAllParameters(t *testing.T) {
	var input bytes.Buffer
	for _, start := range []payout.Destination{toAccount, toCard, toToken, toWallet, toCrypto} {
		capture, client := captured(t, connpay.Config{JSON: true, Aliases: true})
		req := sample()
		req.Destination = start
		for _, r := range rows {
			switch to := r.to; {
			case r.name == "cvv2" && start != toCard, r.name == "redirect_success_url", r.name == "redirect_fail_url":
			case r.field != "" && !strings.HasPrefix(r.field, "destination."):
				r.set(&req, r.good)
			case to == nil && start == toAccount, to == start:
				r.set(&req, r.good)
			}
		}
		sent := capture.By(t, func() { _, _ = client.Create(t.Context(), req) })
		input.WriteString(signedRequest(t, sent, "rsa", publicPEM(t)))
	}
	for _, line := range verify(t, input.String()) {
		require.True(t, strings.HasPrefix(line, "POST&https%3A%2F%2F"), line)
	}
}

// What no payout can be made to hold: a parameter without a value, signs where only
// letters are, the name of another.
func TestSignatureOfAnyForm(t *testing.T) {
	var input bytes.Buffer
	capture, client := captured(t, connpay.Config{})
	p := client.Provider().(*connpay.Provider)
	for _, form := range []url.Values{
		{"account_number": {""}, "amount": {"1"}},
		{"": {"no name"}, "a": {""}},
		{"a b": {"+"}, "a+b": {" "}, "a%20b": {"%"}},
		{"é": {"~"}, "~": {"'\""}, "=": {"&"}},
		{"a": {"2", "1", "", "10", "%"}},
		{"oauth_nonce2": {"x"}, "oauth": {"y"}},
		{"x": {"\n\t\u2028\U0001f600"}},
	} {
		body, header, err := p.Signed("/api/v4/payout/39915", form)
		require.NoError(t, err)
		input.WriteString(signedRequest(t, adaptertest.Sent{
			Host: strings.TrimPrefix(capture.URL(), "https://"), Target: "/paynet/api/v4/payout/39915",
			Header: http.Header{"Authorization": {header}}, Body: body,
		}, "rsa", publicPEM(t)))
	}
	for _, line := range verify(t, input.String()) {
		require.True(t, strings.HasPrefix(line, "POST&https%3A%2F%2F"), line)
	}
}

// Keys of each length and in each format (connpay:283).
func TestKeys(t *testing.T) {
	var input bytes.Buffer
	for name, tt := range map[string]struct {
		password string
		length   int // of the signature, in base64
	}{
		"rsa2048_pkcs1": {length: 344}, "rsa3072_encrypted": {password: "password", length: 512}, "rsa4096_pkcs8": {length: 684},
	} {
		capture, client := captured(t, connpay.Config{PrivateKey: key(t, name+".pem"), PrivateKeyPassword: payout.NewSecret(tt.password)})
		sent := capture.By(t, func() { _, _ = client.Create(t.Context(), sample()) })
		public := key(t, name+".public.pem")
		input.WriteString(signedRequest(t, sent, "rsa", public.Reveal()))
		_, quoted, _ := strings.Cut(sent.Header.Get("Authorization"), `oauth_signature="`)
		quoted, _, _ = strings.Cut(quoted, `"`)
		signature, err := url.PathUnescape(quoted)
		require.NoError(t, err)
		require.Len(t, signature, tt.length, name)
	}
	lines := verify(t, input.String())
	require.Len(t, lines, 3)
	for _, line := range lines {
		require.True(t, strings.HasPrefix(line, "POST&https%3A%2F%2F"), line)
	}
	_, err := connpay.New(connpay.Config{
		BaseURL: connpay.Sandbox, Login: "m", Endpoint: endpoint, PrivateKey: key(t, "rsa3072_encrypted.pem"), PrivateKeyPassword: payout.NewSecret("passw0rd"),
	})
	require.ErrorContains(t, err, "private_key: the key can't be decrypted")
	require.NotContains(t, err.Error(), "passw0rd")
}

// elsewhere is a client that knows the capturing gateway under another address.
func elsewhere(t *testing.T, capture *adaptertest.Capture, base string) *payout.Client {
	t.Helper()
	address := strings.TrimPrefix(capture.URL(), "https://")
	h := capture.HTTP()
	h.Dial = dialOnly(address)
	return open(t, connpay.Config{BaseURL: base, HTTP: h})
}

// signedRequest is a request as a line for verify.
func signedRequest(t *testing.T, sent adaptertest.Sent, by, key string) string {
	t.Helper()
	line, err := json.Marshal(map[string]string{
		"url": "https://" + sent.Host + sent.Target, "authorization": sent.Header.Get("Authorization"), "body": sent.Body, "by": by, "key": key,
	})
	require.NoError(t, err)
	return string(line) + "\n"
}

// verify has oauthlib look at requests.
func verify(t *testing.T, requests string) []string {
	t.Helper()
	const missing = "SKIP: python3-oauthlib is not installed"
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "-I", "testdata/verify.py")
	cmd.Stdin = strings.NewReader(requests)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.Is(err, os.ErrNotExist) || errors.As(err, &exit) && exit.ExitCode() == 77 {
		t.Skip(missing)
	}
	require.NoError(t, err, stderr.String())
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}
