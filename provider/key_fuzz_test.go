package provider_test

import (
	"testing"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// Whatever is in a key file: no panic, and no error but those that are known.
func FuzzParsePrivateKey(f *testing.F) {
	known := map[string]bool{
		noBlock: true, twoBlocks: true, noPassword: true, needless: true, legacy: true, notAKey: true,
		damaged: true, notRSA: true, tooShort: true, wrongPassword: true, scheme: true,
	}
	f.Add(published(f), "123456")
	f.Add(published(f), "")
	f.Add(pkcs1(rsaKey()), "")
	f.Add(pkcs8(f, rsaKey()), "")
	f.Add(pkcs8(f, newKey()), "")
	f.Add(seal(f, padded(pkcs8DER(f, rsaKey()))).pem(f), "password")
	f.Add("-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: x\n\n-----END RSA PRIVATE KEY-----", "x")
	f.Fuzz(func(t *testing.T, text, password string) {
		key, err := provider.ParsePrivateKey(payout.NewSecret(text), payout.NewSecret(password))
		switch {
		case err != nil && (!known[err.Error()] || !key.IsZero()):
			t.Errorf("unexpected: %v", err)
		case err == nil && key.Bits() < 2048:
			t.Errorf("a key of %d bits", key.Bits())
		case err == nil:
			if _, err := key.SignSHA256(nil); err != nil {
				t.Errorf("a key that was taken does not sign: %v", err)
			}
		}
	})
}
