package sandbox_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox"
)

// The published vector of all2pay:799-866: the body, its hash, the signature, and the
// public half of the published key.
const (
	vectorBody      = `{"amount":953,"currency":"643","source":{"bindingId":"6e8eb975-e1ba-7072-9f7a-5b7848ca5a88"},"target":{"pan":"4111111111111111"},"client":{"name":"client_name"},"orderNumber":"1744367939_0689","description":"test","userName":"test_user","password":"test_user_password"}`
	vectorHash      = "hpMyyXfesrC9Z5lcRP5NiC81InQx9HRIDUHZKJg709A="
	vectorSignature = "gEU2NarCF478VyMYG7/wqjHDP4Ok08zCaRshUocko872j3AHi91G6S/xyRYK4gYykK+F2mXb7vZJdb3WzvL+If7MlPnDl7oC" +
		"7hDFp8iR75ZfqT2k4znnqOQfuNa0mBTkUG3d+4YXtyTdY0f9rZCnWU+ANWQGXmTWxHhFf1vmsYQAD3q4aMEuoksXnhi32e14" +
		"N/GUx26+8MiFvLVjb7Rgynwriv5xFlQ1HjFDQXokAbIwWZ0HrulGZvBkxQs0HIKxZJPegpJt2UODcqfhvBwmTYeXdTaqNUqv" +
		"cVG041XjH3aEx3AJUwLZLEnCJpPWwcXxJ++EL3L7lEz2kRtoBOKYMQ=="
	vectorKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAs8rGMxJfcR+1TrHNPHXT
u2GLD/CwslN8T60I8Hl2NlFVsxuXSnEKxMy/87XCSVcLUp4W/wenEG+wkQYisyOd
RRuC837Ht97bE70DOAB8HCqmfZULGP6zxzh8D0aO0BpEDLUkZplhX0RPLzDEEC4H
KWxIi8LdcgAPGo57C/3WrvLEN2i9e7xshUyBx2Tr7qSQ5+LPCK8CdcQNHkGW4a0Z
mAwWOTLOicjZXPCLOCD7w8LApWelLmkkC1/+FLTGe2G7LKXwYKOhGsphz1+GZbbm
sjVySUTDrZLbrs0R237rX33wX7cjQSc0U6699Uaq+owaIMNg7hOF8QJD5hzL0eYO
nQIDAQAB
-----END PUBLIC KEY-----`
)

func vectorPublicKey(t *testing.T) *rsa.PublicKey {
	t.Helper()
	block, _ := pem.Decode([]byte(vectorKey))
	require.NotNil(t, block)
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	require.NoError(t, err)
	return key.(*rsa.PublicKey)
}

func signedHeader(hash, signature string) http.Header {
	h := moduleHeader()
	h.Set("X-Hash", hash)
	h.Set("X-Signature", signature)
	return h
}

func vectorConfig(key *rsa.PublicKey) sandbox.ModuleConfig {
	return sandbox.ModuleConfig{UserName: "test_user", Password: "test_user_password", Signer: key}
}

func TestModuleAcceptsThePublishedVector(t *testing.T) {
	m, c := startAll2Pay(t, vectorConfig(vectorPublicKey(t)))
	a, err := send(t, c, http.MethodPost, m.URL()+"/payouts/api/v2/performPayout.do", vectorBody, signedHeader(vectorHash, vectorSignature))
	require.NoError(t, err)
	assert.Equal(t, 200, a.status, a.body)
	assert.Equal(t, "0", a.json(t)["errorCode"])
	require.Len(t, m.Ledger().Moved("1744367939_0689"), 1)
	e := m.Ledger().Moved("1744367939_0689")[0]
	assert.Equal(t, "9.53 RUB", e.Money.String())
	assert.Equal(t, "6e8eb975-e1ba-7072-9f7a-5b7848ca5a88", e.Account)
}

// signatureOver signs a text as the module wants the hash to be signed.
func signatureOver(t *testing.T, text []byte) string {
	t.Helper()
	sum := sha256.Sum256(text)
	signature, err := rsa.SignPKCS1v15(rand.Reader, testKey(), crypto.SHA256, sum[:])
	require.NoError(t, err)
	return base64.StdEncoding.EncodeToString(signature)
}

func TestModuleSignature(t *testing.T) {
	digest := sha256.Sum256([]byte(vectorBody))
	hash := base64.StdEncoding.EncodeToString(digest[:])
	good := signatureOver(t, []byte(hash))
	for name, test := range map[string]struct {
		header http.Header
		body   string
		rule   string // "" is accepted
	}{
		"right":                  {signedHeader(hash, good), vectorBody, ""},
		"none":                   {moduleHeader(), vectorBody, "X-Hash, X-Signature: are required"},
		"no hash":                {http.Header{"Content-Type": moduleHeader()["Content-Type"], "Accept": moduleHeader()["Accept"], "X-Signature": {good}}, vectorBody, "X-Hash, X-Signature: are required"},
		"no signature":           {http.Header{"Content-Type": moduleHeader()["Content-Type"], "Accept": moduleHeader()["Accept"], "X-Hash": {hash}}, vectorBody, "X-Hash, X-Signature: are required"},
		"another body":           {signedHeader(hash, good), strings.Replace(vectorBody, "953", "954", 1), "X-Hash: is not the hash of the body"},
		"a space more":           {signedHeader(hash, good), vectorBody + " ", "X-Hash: is not the hash of the body"},
		"over the raw digest":    {signedHeader(hash, signatureOver(t, digest[:])), vectorBody, "X-Signature: does not verify"},
		"over the body":          {signedHeader(hash, signatureOver(t, []byte(vectorBody))), vectorBody, "X-Signature: does not verify"},
		"by another key":         {signedHeader(hash, vectorSignature), vectorBody, "X-Signature: does not verify"},
		"not base64":             {signedHeader(hash, good+"!"), vectorBody, "X-Signature: is not base64"},
		"with a line feed in it": {signedHeader(hash, good[:64]+" "+good[64:]), vectorBody, "X-Signature: is not base64"},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, vectorConfig(&testKey().PublicKey))
			a, err := send(t, c, http.MethodPost, m.URL()+"/payouts/api/v2/performPayout.do", test.body, test.header)
			require.NoError(t, err)
			if test.rule == "" {
				assert.Equal(t, 200, a.status)
				return
			}
			assert.Equal(t, 401, a.status)
			assert.Equal(t, "90", a.json(t)["errorCode"])
			require.Len(t, m.Refusals(), 1)
			assert.Contains(t, m.Refusals()[0].Refused, test.rule)
			assert.Empty(t, m.Ledger().Entries())
		})
	}
}

// Every POST has to be signed, whatever it asks for; what a browser sends has not.
func TestEveryMethodIsSigned(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{Signer: &testKey().PublicKey, Balances: true})
	register := edit(t, all2payRegister, "1645458818047", "hosted")
	bodies := map[string]string{
		"performPayout.do":         all2payRequest,
		"registerPayout.do":        register,
		"getPayoutStatus.do":       statusRequest,
		"getAmount.do":             `{"userName":"payout_api_username","password":"payout_api_password"}`,
		"createTargetBindingId.do": targetCard,
		"createSourceBindingId.do": sourceCard,
	}
	for method, body := range bodies {
		assert.Equal(t, 401, post(t, c, m, method, body).status, method)
	}
	require.Len(t, m.Refusals(), len(bodies))
	assert.Empty(t, m.Orders())
	digest := sha256.Sum256([]byte(register))
	hash := base64.StdEncoding.EncodeToString(digest[:])
	a, err := send(t, c, http.MethodPost, m.URL()+"/payouts/api/v2/registerPayout.do", register, signedHeader(hash, signatureOver(t, []byte(hash))))
	require.NoError(t, err)
	b := browser{t, c}
	assert.Equal(t, "Done", b.text(b.enter(a.json(t)["formUrl"].(string), "4111111111111111"), "status"))
	getKeys(t, c, m)
	assert.Len(t, m.Refusals(), len(bodies))
}
