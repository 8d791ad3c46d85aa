package provider

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" // #nosec G502 -- what partners' keys are encrypted with (all2pay:814)
	"crypto/pbkdf2"
	"crypto/sha1" // #nosec G505 -- PBKDF2's default (RFC 8018, A.2)
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"hash"

	"github.com/payoutkit/payout"
)

// The structures of RFC 8018, appendix A.
type (
	encryptedPrivateKeyInfo struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}
	pbes2Params  struct{ KDF, Cipher pkix.AlgorithmIdentifier }
	pbkdf2Params struct {
		Salt       []byte
		Iterations int
		KeyLength  int                      `asn1:"optional"`
		PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
	}
)

var (
	errWrongPassword = errors.New("the key can't be decrypted: is the password right?")
	errScheme        = errors.New("the key is encrypted by a scheme that is not supported: convert it with openssl pkcs8 -topk8 -v2 aes-256-cbc")
)

// maxIterations keeps a damaged key file from costing minutes. OpenSSL writes 2048,
// today's advice is 210,000 to 1,300,000.
const maxIterations = 2_000_000

func decryptPKCS8(der []byte, password payout.Secret) ([]byte, error) {
	var info encryptedPrivateKeyInfo
	var params pbes2Params
	var kdf pbkdf2Params
	if !unmarshalAll(der, &info) {
		return nil, errors.New("the private key is damaged")
	}
	if info.Algorithm.Algorithm.String() != "1.2.840.113549.1.5.13" || // PBES2
		!unmarshalAll(info.Algorithm.Parameters.FullBytes, &params) ||
		params.KDF.Algorithm.String() != "1.2.840.113549.1.5.12" || // PBKDF2
		!unmarshalAll(params.KDF.Parameters.FullBytes, &kdf) {
		return nil, errScheme
	}
	prf, ok := prfOf(kdf.PRF.Algorithm)
	newCipher, keyLength := cipherOf(params.Cipher.Algorithm)
	var iv []byte
	if !ok || newCipher == nil || kdf.Iterations < 1 || kdf.Iterations > maxIterations ||
		kdf.KeyLength != 0 && kdf.KeyLength != keyLength ||
		!unmarshalAll(params.Cipher.Parameters.FullBytes, &iv) {
		return nil, errScheme
	}
	key, err := pbkdf2.Key(prf, password.Reveal(), kdf.Salt, kdf.Iterations, keyLength)
	if err != nil {
		return nil, errScheme
	}
	block, err := newCipher(key)
	if err != nil || len(iv) != block.BlockSize() {
		return nil, errScheme
	}
	plain := make([]byte, len(info.Data))
	if len(plain) == 0 || len(plain)%block.BlockSize() != 0 {
		return nil, errWrongPassword
	}
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, info.Data)
	// PKCS #7 padding. A wrong one and a wrong key look alike on purpose.
	n := int(plain[len(plain)-1])
	if n < 1 || n > block.BlockSize() {
		return nil, errWrongPassword
	}
	for _, b := range plain[len(plain)-n:] {
		if int(b) != n {
			return nil, errWrongPassword
		}
	}
	return plain[:len(plain)-n], nil
}

func unmarshalAll(der []byte, into any) bool {
	rest, err := asn1.Unmarshal(der, into)
	return err == nil && len(rest) == 0
}

func prfOf(oid asn1.ObjectIdentifier) (func() hash.Hash, bool) {
	switch oid.String() {
	case "", "1.2.840.113549.2.7": // absent means HMAC-SHA-1
		return sha1.New, true
	case "1.2.840.113549.2.9":
		return sha256.New, true
	case "1.2.840.113549.2.11":
		return sha512.New, true
	default:
		return nil, false
	}
}

func cipherOf(oid asn1.ObjectIdentifier) (newCipher func([]byte) (cipher.Block, error), keyLength int) {
	switch oid.String() {
	case "1.2.840.113549.3.7": // des-ede3-cbc
		return des.NewTripleDESCipher, 24
	case "2.16.840.1.101.3.4.1.2":
		return aes.NewCipher, 16
	case "2.16.840.1.101.3.4.1.22":
		return aes.NewCipher, 24
	case "2.16.840.1.101.3.4.1.42":
		return aes.NewCipher, 32
	default:
		return nil, 0
	}
}
