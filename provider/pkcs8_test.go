package provider_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha1" // PBKDF2's default in RFC 8018
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// envelope is an encrypted key of RFC 8018 that a test can make wrong, part by part.
type envelope struct {
	Scheme, KDF, Cipher asn1.ObjectIdentifier
	PRF                 asn1.ObjectIdentifier // nil: absent, which means HMAC-SHA-1
	Iterations, Length  int
	Salt, IV, Data      []byte
}

var (
	pbes2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	kdf2   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	aes128 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 2}
	other  = asn1.ObjectIdentifier{1, 2, 3}
)

// seal encrypts plain, padding included, by AES-128 and HMAC-SHA-1, one iteration.
func seal(t testing.TB, plain []byte) envelope {
	t.Helper()
	e := envelope{Scheme: pbes2, KDF: kdf2, Cipher: aes128, Iterations: 1, Salt: []byte("salt of a test"), IV: make([]byte, 16)}
	key, err := pbkdf2.Key(sha1.New, "password", e.Salt, 1, 16)
	require.NoError(t, err)
	c, err := aes.NewCipher(key)
	require.NoError(t, err)
	e.Data = make([]byte, len(plain))
	cipher.NewCBCEncrypter(c, e.IV).CryptBlocks(e.Data, plain)
	return e
}

func padded(der []byte) []byte {
	n := 16 - len(der)%16
	for range n {
		der = append(der, byte(n))
	}
	return der
}

func (e envelope) pem(t testing.TB) string {
	t.Helper()
	raw := func(v any) asn1.RawValue {
		der, err := asn1.Marshal(v)
		require.NoError(t, err)
		return asn1.RawValue{FullBytes: der}
	}
	params := []any{e.Salt, e.Iterations}
	if e.Length != 0 {
		params = append(params, e.Length)
	}
	if e.PRF != nil {
		params = append(params, pkix.AlgorithmIdentifier{Algorithm: e.PRF, Parameters: asn1.NullRawValue})
	}
	var list []asn1.RawValue
	for _, p := range params {
		list = append(list, raw(p))
	}
	kdf := pkix.AlgorithmIdentifier{Algorithm: e.KDF, Parameters: raw(list)}
	enc := pkix.AlgorithmIdentifier{Algorithm: e.Cipher, Parameters: raw(e.IV)}
	alg := pkix.AlgorithmIdentifier{Algorithm: e.Scheme, Parameters: raw([]pkix.AlgorithmIdentifier{kdf, enc})}
	return block("ENCRYPTED PRIVATE KEY", raw(struct {
		Alg  pkix.AlgorithmIdentifier
		Data []byte
	}{alg, e.Data}).FullBytes)
}

func TestEncryptedKeys(t *testing.T) {
	good := padded(pkcs8DER(t, rsaKey()))
	noPadding := append([]byte(nil), good...)
	noPadding[len(noPadding)-1] = 0
	longPadding := pkcs8DER(t, rsaKey())
	for len(longPadding)%16 != 15 {
		longPadding = append(longPadding, 0)
	}
	longPadding = append(longPadding, bytes.Repeat([]byte{17}, 17)...)
	uneven := append([]byte(nil), good...)
	uneven[len(uneven)-2]++
	for _, c := range []struct {
		name   string
		plain  []byte
		change func(*envelope)
		err    string
	}{
		{"right", good, nil, ""},
		{"with the key's length", good, func(e *envelope) { e.Length = 16 }, ""},
		{"with the PRF named", good, func(e *envelope) { e.PRF = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 7} }, ""},
		{"another length", good, func(e *envelope) { e.Length = 32 }, scheme},
		{"another scheme", good, func(e *envelope) { e.Scheme = other }, scheme},
		{"another derivation", good, func(e *envelope) { e.KDF = other }, scheme},
		{"another cipher", good, func(e *envelope) { e.Cipher = other }, scheme},
		{"another PRF", good, func(e *envelope) { e.PRF = other }, scheme},
		{"no iteration", good, func(e *envelope) { e.Iterations = 0 }, scheme},
		{"iterations below nothing", good, func(e *envelope) { e.Iterations = -1 }, scheme},
		{"iterations for hours", good, func(e *envelope) { e.Iterations = 1 << 40 }, scheme},
		{"an iteration over the limit", good, func(e *envelope) { e.Iterations = 2_000_001 }, scheme},
		{"a short IV", good, func(e *envelope) { e.IV = e.IV[:15] }, scheme},
		{"no IV", good, func(e *envelope) { e.IV = nil }, scheme},
		{"another salt", good, func(e *envelope) { e.Salt = []byte("x") }, wrongPassword},
		{"nothing inside", good, func(e *envelope) { e.Data = nil }, wrongPassword},
		{"cut within a block", good, func(e *envelope) { e.Data = e.Data[:len(e.Data)-1] }, wrongPassword},
		{"cut between blocks", good, func(e *envelope) { e.Data = e.Data[:len(e.Data)-16] }, wrongPassword},
		{"padding of nothing", noPadding, nil, wrongPassword},
		{"padding longer than a block", longPadding, nil, wrongPassword},
		{"uneven padding", uneven, nil, wrongPassword},
		{"padding alone", padded(nil), nil, wrongPassword},
		{"no key inside", padded([]byte("no key")), nil, wrongPassword},
		{"an EC key inside", padded(pkcs8DER(t, newKey())), nil, notRSA},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := seal(t, c.plain)
			if c.change != nil {
				c.change(&e)
			}
			key, err := provider.ParsePrivateKey(payout.NewSecret(e.pem(t)), payout.NewSecret("password"))
			if c.err != "" {
				require.EqualError(t, err, c.err)
				return
			}
			require.NoError(t, err)
			signs(t, key)
		})
	}
}
