package sandbox

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
)

// verifyModuleSignature checks X-Hash and X-Signature (all2pay:799-885): the hash is
// base64 of SHA-256 of the body, the signature RSA PKCS#1 v1.5 with SHA-256 over that
// base64 text.
func verifyModuleSignature(key *rsa.PublicKey, h http.Header, body []byte) error {
	if len(h["X-Hash"]) != 1 || len(h["X-Signature"]) != 1 {
		return errors.New("X-Hash, X-Signature: are required, once each (all2pay:827-829)")
	}
	digest := sha256.Sum256(body)
	hash := base64.StdEncoding.EncodeToString(digest[:])
	if h.Get("X-Hash") != hash {
		return errors.New("X-Hash: is not the hash of the body (all2pay:809)")
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(h.Get("X-Signature"))
	if err != nil {
		return errors.New("X-Signature: is not base64 (all2pay:884)")
	}
	signed := sha256.Sum256([]byte(hash))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, signed[:], signature) != nil {
		return errors.New("X-Signature: does not verify (all2pay:813)")
	}
	return nil
}
