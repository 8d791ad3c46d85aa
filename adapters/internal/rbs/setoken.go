package rbs

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// opEncryptCard names EncryptCard in errors.
const opEncryptCard payout.Op = "encrypt card"

// seTokenTime is how a seToken's timestamp is written; time.RFC3339 would print Z.
const seTokenTime = "2006-01-02T15:04:05-07:00"

// EncryptCard makes the destination of one payout: the card's number, encrypted for
// the bank (all2pay:774). It may fetch the bank's public key, and sends nothing else.
func (m *Module) EncryptCard(ctx context.Context, reference string, card payout.Card) (payout.EncryptedCard, error) {
	bad := card.Kind().Check(card, "card")
	if rule := m.info.Reference.Check(reference); rule != "" {
		bad = append(bad, payout.Violation{Field: "reference", Rule: rule, Doc: m.info.Reference.Doc})
	}
	if err := provider.Invalid(bad...); err != nil {
		return payout.EncryptedCard{}, m.named(opEncryptCard, err)
	}
	key, err := m.publicKey(ctx)
	if err != nil {
		return payout.EncryptedCard{}, m.named(opEncryptCard, err)
	}
	token, err := m.seToken(key, reference, card.Number)
	if err != nil {
		return payout.EncryptedCard{}, m.named(opEncryptCard, &payout.Error{Kind: payout.ErrNotSent, Detail: "the card can't be encrypted"})
	}
	return payout.EncryptedCard{Token: token}, nil
}

// seToken encrypts timestamp/uuid/pan///////orderNumber: the vendor's nine slots and
// one more, of which cvv, expiry, mdOrder, bindingId, cardholder and registeredFrom
// stay empty.
func (m *Module) seToken(key *rsa.PublicKey, orderNumber string, pan payout.Secret) (payout.Secret, error) {
	uuid, err := newUUID(m.rand)
	if err != nil {
		return payout.Secret{}, err
	}
	slots := []string{m.now().Format(seTokenTime), uuid, pan.Reveal(), "", "", "", "", "", "", orderNumber}
	// PKCS #1 v1.5 encryption is weak against whoever can try ciphertexts on the holder of
	// the private key, and deprecated for that. The bank takes nothing else (all2pay:774).
	sealed, err := rsa.EncryptPKCS1v15(m.rand, key, []byte(strings.Join(slots, "/"))) //nolint:staticcheck // SA1019: see above
	if err != nil {
		return payout.Secret{}, err
	}
	return payout.NewSecret(base64.StdEncoding.EncodeToString(sealed)), nil
}

// newUUID returns a random UUID (RFC 9562, 5.4): 36 characters, lower case.
func newUUID(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", err
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}
