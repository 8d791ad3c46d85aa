package rbs

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"github.com/payoutkit/payout/provider"
)

// signer signs requests (all2pay:798-886). The zero signer signs none.
type signer struct {
	key    provider.PrivateKey
	digest bool
}

// sign adds the hash of the body and a signature. What is signed is the hash's 44
// characters, which hashes it again: reproduced from the document's key and example.
// That "the signing is done in the same way as for the payment gateway" (all2pay:800)
// is not what the example shows: the vendor's gateway has the 32 bytes signed. Which
// of the two a bank wants is configured, and one is never tried after the other.
func (s signer) sign(h http.Header, body []byte) error {
	if s.key.IsZero() {
		return nil
	}
	sum := sha256.Sum256(body)
	hash := base64.StdEncoding.EncodeToString(sum[:])
	message := []byte(hash)
	if s.digest {
		message = sum[:]
	}
	signature, err := s.key.SignSHA256(message)
	if err != nil {
		return err
	}
	h.Set("X-Hash", hash)
	h.Set("X-Signature", base64.StdEncoding.EncodeToString(signature))
	return nil
}
