package dispatch

import (
	"context"
	"errors"
)

// Sealer encrypts what must not be in a journal in clear, so that only those can
// read it who have the key. Its methods are safe for concurrent use.
//
// To erase a person is to destroy the key: reference, fingerprint and outcome stay.
type Sealer interface {
	// Seal encrypts text. With the same bound, and no other, Open gives it back. With
	// ErrErased the payout goes on, and its request is not kept.
	Seal(ctx context.Context, text []byte, bound string) ([]byte, error)
	// Open decrypts what Seal made. It fails if anything was changed. ErrErased: nobody
	// can open it any more, and to try again is of no use; the payout then waits for its
	// request as if it had not been sealed. After another error it is tried again.
	Open(ctx context.Context, sealed []byte, bound string) ([]byte, error)
}

// ErrErased is of a [Sealer]: the key is destroyed, for certain. A key that can't be had
// for now, or is of another keyset than the one at hand, is another error.
var ErrErased = errors.New("dispatch: the key of the sealed request was destroyed")
