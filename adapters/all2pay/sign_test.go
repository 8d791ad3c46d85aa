package all2pay_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	_ "embed"
	"encoding/base64"
	"encoding/pem"
	"maps"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/sandbox/bank"
)

//go:embed testdata/published_key.pem
var publishedKey string

// The bank's published vector (all2pay:799-886), by Create: the sample's request has
// the sample's body, X-Hash and X-Signature.
func TestPublishedSignature(t *testing.T) {
	const (
		body = `{"amount":953,"currency":"643","source":{"bindingId":"6e8eb975-e1ba-7072-9f7a-5b7848ca5a88"},"target":{"pan":"4111111111111111"},` +
			`"client":{"name":"client_name"},"orderNumber":"1744367939_0689","description":"test","userName":"test_user","password":"test_user_password"}`
		hash      = "hpMyyXfesrC9Z5lcRP5NiC81InQx9HRIDUHZKJg709A="
		signature = "gEU2NarCF478VyMYG7/wqjHDP4Ok08zCaRshUocko872j3AHi91G6S/xyRYK4gYykK+F2mXb7vZJdb3WzvL+If7MlPnDl7oC7hDFp8iR75ZfqT2k4znn" +
			"qOQfuNa0mBTkUG3d+4YXtyTdY0f9rZCnWU+ANWQGXmTWxHhFf1vmsYQAD3q4aMEuoksXnhi32e14N/GUx26+8MiFvLVjb7Rgynwriv5xFlQ1HjFDQXokAbIwWZ0H" +
			"rulGZvBkxQs0HIKxZJPegpJt2UODcqfhvBwmTYeXdTaqNUqvcVG041XjH3aEx3AJUwLZLEnCJpPWwcXxJ++EL3L7lEz2kRtoBOKYMQ=="
	)
	capture, client := captured(t, all2pay.Config{
		UserName: "test_user", Password: payout.NewSecret("test_user_password"),
		SigningKey: payout.NewSecret(publishedKey), SigningKeyPassword: payout.NewSecret("123456"),
	})
	req := payout.Request{
		Reference: "1744367939_0689", Amount: payout.FromMinor(953, payout.RUB), Description: "test",
		Destination: toCard, Source: payout.Source{SavedCard: source},
		Recipient: payout.Recipient{Name: payout.NewSecret("client_name")},
	}
	sent := capture.By(t, func() { _, _ = client.Create(t.Context(), req) })
	require.Equal(t, body, sent.Body)
	header := maps.Clone(adaptertest.ModuleHeader)
	header["X-Hash"], header["X-Signature"] = hash, signature
	sent.RequireHeader(t, header)

	// Questions are signed too, over what they ask.
	sent = capture.By(t, func() { _, _ = client.Find(t.Context(), req.Ref()) })
	sum := sha256.Sum256([]byte(sent.Body))
	header["X-Hash"], header["X-Signature"] = base64.StdEncoding.EncodeToString(sum[:]), "*"
	sent.RequireHeader(t, header)
}

// The other form, which the document's first sentence means if it is taken at its word
// (all2pay:800), is a configuration: the hash's 32 bytes are signed, the header is the
// same. Keys come encrypted or not. Neither form is tried after the other.
func TestSignatureForms(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	plain := payout.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})))
	for form, signed := range map[all2pay.SignatureForm]func(sum [32]byte) []byte{
		all2pay.SignText:   func(sum [32]byte) []byte { return []byte(base64.StdEncoding.EncodeToString(sum[:])) },
		all2pay.SignDigest: func(sum [32]byte) []byte { return sum[:] },
	} {
		capture, client := captured(t, all2pay.Config{SigningKey: plain, SignatureForm: form})
		capture.Say(http.StatusUnauthorized, `{"errorCode":"90"}`)
		sent := capture.By(t, func() {
			_, err := client.Create(t.Context(), request(toCard))
			require.ErrorIs(t, err, payout.ErrUnauthorized)
		})
		sum := sha256.Sum256([]byte(sent.Body))
		require.Equal(t, base64.StdEncoding.EncodeToString(sum[:]), sent.Header.Get("X-Hash"))
		signature, err := base64.StdEncoding.DecodeString(sent.Header.Get("X-Signature"))
		require.NoError(t, err)
		message := sha256.Sum256(signed(sum))
		require.NoError(t, rsa.VerifyPKCS1v15(&private.PublicKey, crypto.SHA256, message[:], signature))
	}
	_, err = all2pay.New(all2pay.Config{BaseURL: all2pay.Test, UserName: "u", Password: payout.NewSecret("p"), SignatureForm: 2})
	require.Equal(t, []string{"signature_form: must be SignText or SignDigest (all2pay:800, 813)"}, broken(err))
}

// A bank that verifies takes our signatures, and none that are not there.
func TestSignatureIsVerified(t *testing.T) {
	server, unsigned, signed := verifying(t)
	p, err := signed.Create(t.Context(), request(bySBP))
	require.NoError(t, err)
	require.Equal(t, payout.StatusPaid, p.Status)
	_, err = signed.Find(t.Context(), p.Ref())
	require.NoError(t, err)

	req := request(toCard)
	req.Reference = "p-2"
	_, err = unsigned.Create(t.Context(), req)
	require.ErrorIs(t, err, payout.ErrUnauthorized)
	require.Equal(t, 0, server.Ledger().Times("p-2"))
	require.Equal(t, http.StatusUnauthorized, server.Requests()[2].Status)
	require.Equal(t, bank.Create, server.Requests()[2].Operation)
}
