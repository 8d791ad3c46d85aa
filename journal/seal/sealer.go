package seal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/keyset"

	"github.com/payoutkit/payout/dispatch"
)

// Sealer is a [dispatch.Sealer] by Tink's AEAD. It is safe for concurrent use. Nothing
// that prints, encodes or dumps it shows a key.
type Sealer struct {
	// The keys are behind functions, where reflection does not follow.
	keys   func() *keys
	reload func(ctx context.Context, seen *keys) (*keys, error)
}

var _ dispatch.Sealer = (*Sealer)(nil)

// Source returns the keyset as it is now. It is called from several goroutines, but by
// one Sealer never twice at a time: what wants to be opened meanwhile may wait for it,
// so it bounds its own time.
type Source func(ctx context.Context) (*keyset.Handle, error)

// New returns a Sealer of a keyset, which does not change. It does no I/O. The error is
// a [*KeysetError]: the primary key and all other enabled ones must be AEAD keys of the
// output prefix TINK, so that a sealed text names its key.
func New(handle *keyset.Handle) (*Sealer, error) {
	first, err := keysOf(handle)
	if err != nil {
		return nil, err
	}
	return newSealer(first, func(context.Context) (*keyset.Handle, error) { return handle, nil }), nil
}

// Load returns a Sealer of the keyset that a source returns. The source is called now,
// at each [Sealer.Reload], and when a text was sealed with a key that is not enabled in
// the keyset as it was read last. The error is a [*KeysetError].
func Load(ctx context.Context, source Source) (*Sealer, error) {
	if source == nil {
		return nil, &KeysetError{Reason: "there is no function to read it with"}
	}
	first, err := read(ctx, source)
	if err != nil {
		return nil, err
	}
	return newSealer(first, source), nil
}

func newSealer(first *keys, source Source) *Sealer {
	var current atomic.Pointer[keys]
	current.Store(first)
	turn := make(chan struct{}, 1)
	return &Sealer{
		keys: current.Load,
		reload: func(ctx context.Context, seen *keys) (*keys, error) {
			select {
			case turn <- struct{}{}:
				defer func() { <-turn }()
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			if now := current.Load(); now != seen { // read again while this one waited
				return now, nil
			}
			now, err := read(ctx, source)
			if err != nil {
				return nil, err
			}
			current.Store(now)
			return now, nil
		},
	}
}

func read(ctx context.Context, source Source) (*keys, error) {
	handle, err := source(ctx)
	if err != nil {
		if own, ok := errors.AsType[*KeysetError](err); ok {
			return nil, own
		}
		return nil, &KeysetError{Reason: "the function that reads it failed", Err: err}
	}
	return keysOf(handle)
}

// Reload reads the keyset again. With an error, a [*KeysetError] or the context's, the
// Sealer goes on with the one that it has.
func (s *Sealer) Reload(ctx context.Context) error {
	_, err := s.reload(ctx, s.keys())
	return err
}

// A sealed text is the version, and what Tink makes of the text: its own prefix, the
// key's id in four bytes, nonce, ciphertext and tag. The associated data is the version
// again, and what the text is bound to.
const (
	version    = 1
	tinkPrefix = 1
	headLength = 1 + 1 + 4
)

func associated(bound string) []byte { return append([]byte{version}, bound...) }

// Newest reports whether a text was sealed with the key that seals now.
func (s *Sealer) Newest(sealed []byte) bool {
	return len(sealed) >= headLength && sealed[0] == version && sealed[1] == tinkPrefix &&
		binary.BigEndian.Uint32(sealed[2:headLength]) == s.keys().primary
}

// Seal implements [dispatch.Sealer], with the primary key. It fails only if ctx has
// ended, or for a text beyond what AEAD can do.
func (s *Sealer) Seal(ctx context.Context, text []byte, bound string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	sealed, err := s.keys().aead.Encrypt(text, associated(bound))
	if err != nil {
		return nil, errors.New("seal: the text can't be sealed")
	}
	return append([]byte{version}, sealed...), nil
}

// Open implements [dispatch.Sealer]. The error is ErrFormat, ErrChanged, a [*KeyError],
// or the context's.
func (s *Sealer) Open(ctx context.Context, sealed []byte, bound string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if len(sealed) < headLength || sealed[0] != version || sealed[1] != tinkPrefix {
		return nil, ErrFormat
	}
	k, id := s.keys(), binary.BigEndian.Uint32(sealed[2:headLength])
	if k.status[id] != keyset.Enabled {
		var err error
		if k, err = s.another(ctx, k, id); err != nil {
			return nil, err
		}
	}
	text, err := k.aead.Decrypt(sealed[1:], associated(bound))
	if err != nil {
		return nil, ErrChanged
	}
	return text, nil
}

// another returns a later keyset, in which a key is enabled.
func (s *Sealer) another(ctx context.Context, seen *keys, id uint32) (*keys, error) {
	k, err := s.reload(ctx, seen)
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("seal: %w", ctx.Err())
	case err != nil:
		return nil, &KeyError{ID: id, Status: seen.status[id], Err: err}
	case k.status[id] != keyset.Enabled:
		return nil, &KeyError{ID: id, Status: k.status[id]}
	default:
		return k, nil
	}
}
