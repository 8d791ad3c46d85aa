package provider_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// published is the key that all2pay prints in its document; its password is 123456.
func published(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/all2pay_published_key.pem")
	require.NoError(t, err)
	return string(text)
}

// all2pay:799-886: the signature is over the base64 text of the body's hash.
func TestAll2payPublishedSignature(t *testing.T) {
	const (
		body      = `{"amount":953,"currency":"643","source":{"bindingId":"6e8eb975-e1ba-7072-9f7a-5b7848ca5a88"},"target":{"pan":"4111111111111111"},"client":{"name":"client_name"},"orderNumber":"1744367939_0689","description":"test","userName":"test_user","password":"test_user_password"}`
		hash      = "hpMyyXfesrC9Z5lcRP5NiC81InQx9HRIDUHZKJg709A="
		signature = "gEU2NarCF478VyMYG7/wqjHDP4Ok08zCaRshUocko872j3AHi91G6S/xyRYK4gYykK+F2mXb7vZJdb3WzvL+If7MlPnDl7oC7hDFp8iR75ZfqT2k4znnqOQfuNa0mBTkUG3d+4YXtyTdY0f9rZCnWU+ANWQGXmTWxHhFf1vmsYQAD3q4aMEuoksXnhi32e14N/GUx26+8MiFvLVjb7Rgynwriv5xFlQ1HjFDQXokAbIwWZ0HrulGZvBkxQs0HIKxZJPegpJt2UODcqfhvBwmTYeXdTaqNUqvcVG041XjH3aEx3AJUwLZLEnCJpPWwcXxJ++EL3L7lEz2kRtoBOKYMQ=="
	)
	sum := sha256.Sum256([]byte(body))
	require.Equal(t, hash, base64.StdEncoding.EncodeToString(sum[:]))
	key, err := provider.ParsePrivateKey(payout.NewSecret(published(t)), payout.NewSecret("123456"))
	require.NoError(t, err)
	assert.Equal(t, 2048, key.Bits())
	signed, err := key.SignSHA256([]byte(hash))
	require.NoError(t, err)
	assert.Equal(t, signature, base64.StdEncoding.EncodeToString(signed))
}

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey { return generate(2048) })

func generate(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func pkcs1(key *rsa.PrivateKey) string {
	return block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
}

func pkcs8DER(t testing.TB, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return der
}

func pkcs8(t testing.TB, key any) string { return block("PRIVATE KEY", pkcs8DER(t, key)) }

// signs asserts that a key was read right: what it signs, the public key accepts.
func signs(t testing.TB, key provider.PrivateKey) {
	t.Helper()
	signature, err := key.SignSHA256([]byte("message"))
	require.NoError(t, err)
	sum := sha256.Sum256([]byte("message"))
	require.NoError(t, rsa.VerifyPKCS1v15(&rsaKey().PublicKey, crypto.SHA256, sum[:], signature))
}

func TestKeysThatAreTaken(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"PKCS#1", pkcs1(rsaKey())},
		{"PKCS#8", pkcs8(t, rsaKey())},
		{"with words before and after", "Bag Attributes\n  friendlyName: x\n" + pkcs8(t, rsaKey()) + "\nand after\n"},
		{"with Windows' line ends", strings.ReplaceAll(pkcs8(t, rsaKey()), "\n", "\r\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			key, err := provider.ParsePrivateKey(payout.NewSecret(c.text), payout.Secret{})
			require.NoError(t, err)
			assert.False(t, key.IsZero())
			assert.Equal(t, 2048, key.Bits())
			signs(t, key)
		})
	}
}

// The errors of ParsePrivateKey. There are no others: none quotes the key.
const (
	noBlock       = "no PEM block found: it begins with -----BEGIN"
	twoBlocks     = "more than one PEM block: give the private key alone"
	noPassword    = "the key is encrypted and no password is given"
	needless      = "a password is given, but the key is not encrypted as PKCS#8"
	legacy        = "the key is encrypted in the old way of PKCS#1: convert it with openssl pkcs8 -topk8"
	notAKey       = "the PEM block is not a private key in PKCS#1 or PKCS#8"
	damaged       = "the private key is damaged"
	notRSA        = "the private key is not RSA"
	tooShort      = "the RSA key has fewer than 2048 bits"
	wrongPassword = "the key can't be decrypted: is the password right?"
	scheme        = "the key is encrypted by a scheme that is not supported: convert it with openssl pkcs8 -topk8 -v2 aes-256-cbc"
)

func TestKeysThatAreRefused(t *testing.T) {
	der := x509.MarshalPKCS1PrivateKey(rsaKey())
	old := pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}, Bytes: der}
	public, err := x509.MarshalPKIXPublicKey(&rsaKey().PublicKey)
	require.NoError(t, err)
	wrong := *rsaKey()
	wrong.N = generate(2048).N
	for _, c := range []struct{ name, text, password, err string }{
		{"nothing", "", "", noBlock},
		{"no PEM", base64.StdEncoding.EncodeToString(der), "", noBlock},
		{"no end", strings.Split(pkcs1(rsaKey()), "-----END")[0], "", noBlock},
		{"on one line", strings.ReplaceAll(pkcs1(rsaKey()), "\n", " "), "", noBlock},
		{"two keys", pkcs1(rsaKey()) + pkcs1(rsaKey()), "", twoBlocks},
		{"a key and a certificate", pkcs1(rsaKey()) + block("CERTIFICATE", der), "", twoBlocks},
		{"no password", published(t), "", noPassword},
		{"wrong password", published(t), "123457", wrongPassword},
		{"password with a line end", published(t), "123456\n", wrongPassword},
		{"password for a plain PKCS#1 key", pkcs1(rsaKey()), "123456", needless},
		{"password for a plain PKCS#8 key", pkcs8(t, rsaKey()), "123456", needless},
		{"encrypted in the old way", string(pem.EncodeToMemory(&old)), "", legacy},
		{"encrypted in the old way, with its password", string(pem.EncodeToMemory(&old)), "123456", legacy},
		{"EC", pkcs8(t, newKey()), "", notRSA},
		{"EC by its own name", block("EC PRIVATE KEY", der), "", notAKey},
		{"public key", block("PUBLIC KEY", public), "", notAKey},
		{"certificate", block("CERTIFICATE", der), "", notAKey},
		{"1024 bits", pkcs1(generate(1024)), "", tooShort},
		{"2047 bits", pkcs8(t, generate(2047)), "", tooShort},
		{"PKCS#1 cut", block("RSA PRIVATE KEY", der[:len(der)-1]), "", damaged},
		{"PKCS#1 with something after", block("RSA PRIVATE KEY", append(der, 0)), "", damaged},
		{"PKCS#1 under the name of PKCS#8", block("PRIVATE KEY", der), "", damaged},
		{"PKCS#8 under the name of PKCS#1", block("RSA PRIVATE KEY", pkcs8DER(t, rsaKey())), "", damaged},
		{"parts that don't belong together", pkcs1(&wrong), "", damaged},
		{"empty PKCS#1", block("RSA PRIVATE KEY", nil), "", damaged},
		{"empty encrypted", block("ENCRYPTED PRIVATE KEY", nil), "x", damaged},
		{"plain under the name of encrypted", block("ENCRYPTED PRIVATE KEY", der), "x", damaged},
	} {
		t.Run(c.name, func(t *testing.T) {
			key, err := provider.ParsePrivateKey(payout.NewSecret(c.text), payout.NewSecret(c.password))
			require.EqualError(t, err, c.err)
			assert.True(t, key.IsZero())
		})
	}
}

func TestTheZeroKeySignsNothing(t *testing.T) {
	var key provider.PrivateKey
	assert.True(t, key.IsZero())
	assert.Zero(t, key.Bits())
	signature, err := key.SignSHA256([]byte("message"))
	require.EqualError(t, err, "no private key")
	assert.Empty(t, signature)
}

func TestAKeyIsSafeForConcurrentUse(t *testing.T) {
	key, err := provider.ParsePrivateKey(payout.NewSecret(pkcs1(rsaKey())), payout.Secret{})
	require.NoError(t, err)
	first, err := key.SignSHA256([]byte("message"))
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			again, err := key.SignSHA256([]byte("message"))
			assert.NoError(t, err)
			assert.Equal(t, first, again, "the same message, the same signature")
		})
	}
	all.Wait()
}
