package seal

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/payoutkit/payout/dispatch"
)

// PerPayout is a [dispatch.Sealer] that seals each payout's request with a key of its own.
// It is safe for concurrent use if its parts are. It holds no key: each is read, used and
// forgotten.
type PerPayout struct {
	master dispatch.Sealer
	keys   KeyStore
	random io.Reader
}

var _ dispatch.Sealer = (*PerPayout)(nil)

// Each returns a Sealer with a key for each payout: 32 random bytes, for AES-256-GCM,
// sealed by master, which is a [*Sealer] or another one, and kept in a KeyStore. random
// is where randomness comes from; nil: crypto/rand. What master has sealed itself it
// still opens, so that a journal can go over to keys of payouts at any time.
func Each(master dispatch.Sealer, keys KeyStore, random io.Reader) *PerPayout {
	if random == nil {
		random = rand.Reader
	}
	return &PerPayout{master: master, keys: keys, random: random}
}

// A sealed text is a head and what AES-GCM makes of the text. The head is eachVersion,
// which no text of a Sealer begins with, which key it was, by its hash, and the nonce. The
// associated data is the head without the nonce, and what the text is bound to.
const (
	eachVersion = 2
	keyLength   = 32
	nonceAt     = 1 + 8
	nonceLength = 12
	eachHead    = nonceAt + nonceLength
)

// headOf is the head of texts that a key seals, without the nonce.
func headOf(key []byte) []byte {
	sum := sha256.Sum256(append([]byte("which key of a payout "), key...))
	return append([]byte{eachVersion}, sum[:nonceAt-1]...)
}

func eachAssociated(head []byte, bound string) []byte {
	return append(bytes.Clone(head), bound...)
}

// keyBound is what the key of a payout is bound to: it opens for no other, and is no request.
func keyBound(reference string) string { return "key of payout " + reference }

// Seal implements [dispatch.Sealer]; bound is a payout's reference. The first text of a
// payout makes its key, the others have the same. The error wraps [dispatch.ErrErased] if
// its key can't be opened for certain; it is not replaced by another.
func (p *PerPayout) Seal(ctx context.Context, text []byte, bound string) ([]byte, error) {
	var made [keyLength]byte
	nonce := make([]byte, nonceLength)
	if err := p.read(made[:], nonce); err != nil {
		return nil, err
	}
	sealed, err := p.master.Seal(ctx, made[:], keyBound(bound))
	if err != nil {
		return nil, err
	}
	have, err := p.keys.PutKey(ctx, bound, sealed)
	if err != nil {
		return nil, keyError("keep", bound, err)
	}
	key := made[:]
	if !bytes.Equal(have, sealed) {
		if key, err = p.open(ctx, have, bound); err != nil {
			return nil, err
		}
	}
	aead, err := aeadOf(key, bound)
	if err != nil {
		return nil, err
	}
	head := headOf(key)
	return aead.Seal(append(bytes.Clone(head), nonce...), nonce, text, eachAssociated(head, bound)), nil
}

func (p *PerPayout) read(parts ...[]byte) error {
	for _, part := range parts {
		if _, err := io.ReadFull(p.random, part); err != nil {
			return fmt.Errorf("seal: there is no randomness: %w", err)
		}
	}
	return nil
}

// Open implements [dispatch.Sealer]. The error wraps [dispatch.ErrErased] if the payout's
// key is destroyed; it is ErrFormat, ErrChanged, or one of the KeyStore or of master's Open.
func (p *PerPayout) Open(ctx context.Context, sealed []byte, bound string) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != eachVersion {
		return p.master.Open(ctx, sealed, bound)
	}
	if len(sealed) < eachHead {
		return nil, ErrFormat
	}
	have, err := p.keys.Key(ctx, bound)
	switch {
	case errors.Is(err, dispatch.ErrNoEntry): // there was one, or nothing had been sealed
		return nil, keyError("find", bound, dispatch.ErrErased)
	case err != nil:
		return nil, keyError("read", bound, err)
	}
	key, err := p.open(ctx, have, bound)
	if err != nil {
		return nil, err
	}
	head := sealed[:nonceAt]
	if !bytes.Equal(head, headOf(key)) { // the one that was erased had another after it
		return nil, keyError("find", bound, dispatch.ErrErased)
	}
	aead, err := aeadOf(key, bound)
	if err != nil {
		return nil, err
	}
	text, err := aead.Open(nil, sealed[nonceAt:eachHead], sealed[eachHead:], eachAssociated(head, bound))
	if err != nil {
		return nil, ErrChanged
	}
	return text, nil
}

// open returns a payout's key from what is kept of it.
func (p *PerPayout) open(ctx context.Context, kept []byte, reference string) ([]byte, error) {
	key, err := p.master.Open(ctx, kept, keyBound(reference))
	if err != nil {
		return nil, keyError("open", reference, err)
	}
	return key, nil
}

func keyError(what, reference string, err error) error {
	return fmt.Errorf("seal: %s the key of payout %q: %w", what, reference, err)
}

func aeadOf(key []byte, reference string) (cipher.AEAD, error) {
	if len(key) != keyLength {
		return nil, keyError("use", reference, ErrFormat)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, keyError("use", reference, err)
	}
	return cipher.NewGCM(block)
}

// Erase destroys the keys of payouts: nobody can read their requests any more, see the
// package's documentation. One that was not sent yet then waits for its request, and
// fails at its deadline. To erase what is erased is no error.
func (p *PerPayout) Erase(ctx context.Context, references ...string) error {
	return p.keys.EraseKey(ctx, references...)
}

// EraseEnded destroys the keys of payouts that have ended, by what a journal's feed says
// of them (see [dispatch.Dispatcher.Changes]). Nothing of such a payout is sent any more,
// whatever the bank or a person says later. Keep the cursor after it, not before.
func (p *PerPayout) EraseEnded(ctx context.Context, changes []dispatch.Changed) error {
	var ended []string
	for _, c := range changes {
		if c.State.Final() {
			ended = append(ended, c.Reference)
		}
	}
	if ended == nil {
		return nil
	}
	return p.keys.EraseKey(ctx, ended...)
}

// newest is of a master that knows which texts it would seal anew.
type newest interface{ Newest(sealed []byte) bool }

// Rewrap seals all payouts' keys anew, so that the keyset's older ones can be destroyed
// and take nothing with them: those of payouts whose master key is destroyed already are
// passed over. It returns how many were sealed. After an error call it again; keys that
// have the newest seal are left alone, if master is a [*Sealer]. It may run while payouts
// are being paid, once every process has the new keyset.
func (p *PerPayout) Rewrap(ctx context.Context) (sealed int, err error) {
	const page = 1000
	for after := ""; ; {
		kept, err := p.keys.Keys(ctx, after, page)
		if err != nil {
			return sealed, fmt.Errorf("seal: list the keys of payouts: %w", err)
		}
		for _, k := range kept {
			after = k.Reference
			if m, ok := p.master.(newest); ok && m.Newest(k.Key) {
				continue
			}
			switch err := p.rewrap(ctx, k); {
			case errors.Is(err, dispatch.ErrErased):
			case err != nil:
				return sealed, err
			default:
				sealed++
			}
		}
		if len(kept) < page {
			return sealed, nil
		}
	}
}

func (p *PerPayout) rewrap(ctx context.Context, k KeptKey) error {
	key, err := p.open(ctx, k.Key, k.Reference)
	if err != nil {
		return err
	}
	sealed, err := p.master.Seal(ctx, key, keyBound(k.Reference))
	if err != nil {
		return err
	}
	if err := p.keys.ReplaceKey(ctx, k.Reference, k.Key, sealed); err != nil {
		return keyError("replace", k.Reference, err)
	}
	return nil
}
