package seal

import "context"

// KeyStore keeps the keys of single payouts, which are sealed themselves. The journals
// on databases are KeyStores. Its methods are safe for concurrent use, by several
// processes if it is shared, and what they have written when they return without an
// error is durable.
//
// It may be the journal itself. Better is one that is kept apart, see the package's
// documentation.
type KeyStore interface {
	// PutKey keeps a key for a payout, unless there is one, and returns the one that is
	// kept.
	PutKey(ctx context.Context, reference string, key []byte) (have []byte, err error)
	// Key returns the key of a payout, or [dispatch.ErrNoEntry]: there never was one, or it
	// was erased.
	Key(ctx context.Context, reference string) ([]byte, error)
	// ReplaceKey puts another key in the place of old. If that is not the key of the
	// payout any more, nothing is done, and nothing is wrong: it was replaced already,
	// or erased, which must stay so.
	ReplaceKey(ctx context.Context, reference string, old, key []byte) error
	// EraseKey destroys the keys of payouts, if there are any.
	EraseKey(ctx context.Context, references ...string) error
	// Keys returns keys in the order of their references, after one, at most limit.
	Keys(ctx context.Context, after string, limit int) ([]KeptKey, error)
}

// KeptKey is a key as a [KeyStore] has it: sealed.
type KeptKey struct {
	Reference string
	Key       []byte
}
