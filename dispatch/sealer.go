package dispatch

import "context"

// Sealer encrypts what must not be in a journal in clear, so that only those can
// read it who have the key. Its methods are safe for concurrent use.
//
// To erase a person is to destroy the key: reference, fingerprint and outcome stay.
type Sealer interface {
	// Seal encrypts text. With the same bound, and no other, Open gives it back.
	Seal(ctx context.Context, text []byte, bound string) ([]byte, error)
	// Open decrypts what Seal made. It fails if anything was changed.
	Open(ctx context.Context, sealed []byte, bound string) ([]byte, error)
}
