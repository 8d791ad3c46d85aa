package provider

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"

	"github.com/payoutkit/payout"
)

// PrivateKey is an RSA key that signs and can't be printed: dumps see a function.
// It is immutable and safe for concurrent use. The zero PrivateKey signs nothing.
type PrivateKey struct {
	sign func(sum [sha256.Size]byte) ([]byte, error)
	bits int
}

// minKeyBits is the least that the banks' documents and today's practice allow.
const minKeyBits = 2048

// ParsePrivateKey reads an RSA private key of 2048 bits or more from PEM: PKCS#1
// ("RSA PRIVATE KEY"), PKCS#8 ("PRIVATE KEY"), or encrypted PKCS#8 ("ENCRYPTED
// PRIVATE KEY", PBES2 with PBKDF2 and AES or triple DES in CBC mode, which is what
// OpenSSL writes and all2pay:814 shows). A password for a key that is not encrypted
// is an error: somebody believes that it is. Errors quote nothing of the key.
func ParsePrivateKey(text, password payout.Secret) (PrivateKey, error) {
	block, rest := pem.Decode([]byte(text.Reveal()))
	if block == nil {
		return PrivateKey{}, errors.New("no PEM block found: it begins with -----BEGIN")
	}
	if next, _ := pem.Decode(rest); next != nil {
		return PrivateKey{}, errors.New("more than one PEM block: give the private key alone")
	}
	encrypted := block.Type == "ENCRYPTED PRIVATE KEY"
	switch {
	case block.Headers["DEK-Info"] != "":
		return PrivateKey{}, errors.New("the key is encrypted in the old way of PKCS#1: convert it with openssl pkcs8 -topk8")
	case encrypted && password.IsZero():
		return PrivateKey{}, errors.New("the key is encrypted and no password is given")
	case !encrypted && !password.IsZero():
		return PrivateKey{}, errors.New("a password is given, but the key is not encrypted as PKCS#8")
	}
	der := block.Bytes
	var parsed any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		parsed, err = x509.ParsePKCS1PrivateKey(der)
	case "ENCRYPTED PRIVATE KEY":
		if der, err = decryptPKCS8(der, password); err != nil {
			return PrivateKey{}, err
		}
		if parsed, err = x509.ParsePKCS8PrivateKey(der); err != nil {
			return PrivateKey{}, errWrongPassword
		}
	case "PRIVATE KEY":
		parsed, err = x509.ParsePKCS8PrivateKey(der)
	default:
		return PrivateKey{}, errors.New("the PEM block is not a private key in PKCS#1 or PKCS#8")
	}
	if err != nil {
		return PrivateKey{}, errors.New("the private key is damaged")
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return PrivateKey{}, errors.New("the private key is not RSA")
	}
	if key.N.BitLen() < minKeyBits {
		return PrivateKey{}, errors.New("the RSA key has fewer than 2048 bits")
	}
	return PrivateKey{
		// rand is nil: PKCS #1 v1.5 signatures are deterministic.
		sign: func(sum [sha256.Size]byte) ([]byte, error) {
			return rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
		},
		bits: key.N.BitLen(),
	}, nil
}

// IsZero reports whether there is no key.
func (k PrivateKey) IsZero() bool { return k.sign == nil }

// Bits returns the length of the modulus.
func (k PrivateKey) Bits() int { return k.bits }

// SignSHA256 returns the RSA PKCS #1 v1.5 signature over the SHA-256 of message.
func (k PrivateKey) SignSHA256(message []byte) ([]byte, error) {
	if k.sign == nil {
		return nil, errors.New("no private key")
	}
	return k.sign(sha256.Sum256(message))
}
