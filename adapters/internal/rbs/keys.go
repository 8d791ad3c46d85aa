package rbs

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// keys is what keys.do returns (all2pay:777-787).
type keys struct {
	Keys provider.List[struct {
		Value      provider.Text `json:"keyValue"`
		Expiration provider.Int  `json:"keyExpiration"`
		Protocol   provider.Text `json:"protocolVersion"`
	}] `json:"keys"`
}

// publicKey is a key of the module's that is good until it expires.
type publicKey struct {
	rsa     *rsa.PublicKey
	expires time.Time
}

// keyring holds the key that was fetched last. Whoever holds its turn may read and
// replace the key; whoever waits for it can give up.
type keyring struct {
	turn chan struct{}
	key  publicKey
}

func newKeyring() *keyring { return &keyring{turn: make(chan struct{}, 1)} }

// forget has the next card encrypted for a key that is asked for anew. Whoever holds the
// turn is asking, or will be refused next.
func (k *keyring) forget() {
	select {
	case k.turn <- struct{}{}:
		k.key = publicKey{}
		<-k.turn
	default:
	}
}

// publicKey returns a key that has not expired, and fetches one if there is none. An
// error proves that nothing of a payout was sent: it is ErrNotSent.
func (m *Module) publicKey(ctx context.Context) (*rsa.PublicKey, error) {
	select {
	case m.keys.turn <- struct{}{}:
		defer func() { <-m.keys.turn }()
	case <-ctx.Done():
		return nil, &payout.Error{Kind: payout.ErrNotSent, Detail: "the context ended before there was a public key", Err: ctx.Err()}
	}
	if m.now().Before(m.keys.key.expires) {
		return m.keys.key.rsa, nil
	}
	key, err := m.fetchKey(ctx)
	if err != nil {
		return nil, err
	}
	m.keys.key = key
	return key.rsa, nil
}

// fetchKey asks for the module's keys by keys.do, which takes no parameters and no
// credentials (all2pay:776).
func (m *Module) fetchKey(ctx context.Context) (publicKey, error) {
	unusable := func(why string) error {
		return &payout.Error{Kind: payout.ErrNotSent, Detail: "there is no public key to encrypt with: " + why}
	}
	a, err := m.link.Do(ctx, provider.Call{Method: http.MethodGet, Path: root + "keys.do"})
	if err != nil {
		failed := &payout.Error{Kind: payout.ErrNotSent, Detail: "the bank's public keys can't be had"}
		// Whatever became of the question, nothing of a payout was in it: of the cause only
		// what callers test for is kept.
		for _, end := range []error{context.Canceled, context.DeadlineExceeded} {
			if errors.Is(err, end) {
				failed.Err = end
			}
		}
		return publicKey{}, failed
	}
	var w keys
	switch {
	case a.Status != http.StatusOK:
		return publicKey{}, unusable("keys.do did not answer 200")
	case provider.DecodeJSON(a.Body, &w) != nil:
		return publicKey{}, unusable("the answer to keys.do can't be read")
	}
	var best publicKey
	for _, k := range w.Keys {
		expires := keyExpiration(k.Expiration)
		if k.Protocol.Present && !strings.HasPrefix(k.Protocol.Value, "RSA") || !expires.After(m.now()) || !expires.After(best.expires) {
			continue
		}
		if parsed, err := parsePublicKey(k.Value.Value); err == nil {
			best = publicKey{parsed, expires}
		}
	}
	if best.rsa == nil {
		return publicKey{}, unusable("keys.do has no RSA key of 2048 bits or more that has not expired")
	}
	return best, nil
}

// keyExpiration reads what one document has in milliseconds, and a sister document
// in seconds (all2pay:785, 795).
func keyExpiration(n provider.Int) time.Time {
	const milliseconds = 100_000_000_000
	switch {
	case !n.Present:
		return time.Time{}
	case n.Value >= milliseconds:
		return time.UnixMilli(n.Value)
	default:
		return time.Unix(n.Value, 0)
	}
}

// minKeyBits is the length that the document names (all2pay:774).
const minKeyBits = 2048

// parsePublicKey reads a key with its markers, as the table has it, or without, as
// the example has it (all2pay:783, 794).
func parsePublicKey(text string) (*rsa.PublicKey, error) {
	text = strings.NewReplacer("-----BEGIN PUBLIC KEY-----", "", "-----END PUBLIC KEY-----", "").Replace(text)
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, errors.New("not base64")
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, errors.New("not a public key")
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok || key.N.BitLen() < minKeyBits {
		return nil, errors.New("not an RSA key of 2048 bits or more")
	}
	return key, nil
}
