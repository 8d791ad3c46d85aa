package dispatch

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
)

// ErrOtherKey: a key has the name of one that the journal knows, and is another one. With
// it what was paid would not be known again. Nothing was written or sent.
var ErrOtherKey = errors.New("dispatch: a key is not the one that this journal's payouts were made with")

// KeyKeeper is a [Journal] that knows the keys that its payouts were made with. The
// dispatcher has it look at its own before it takes a payout on, or sends one.
type KeyKeeper interface {
	// CheckKeys compares keys, by their names, with those that were there before, and keeps
	// what tells new ones. Its error wraps ErrOtherKey, and names the key.
	CheckKeys(ctx context.Context, keys map[string]KeyCheck) error
}

// KeyCheck tells a key from another one, and nothing else of it.
type KeyCheck [sha256.Size]byte

// Checks returns what tells the keys, by the names that a journal knows them by.
func (k Keys) Checks() map[string]KeyCheck {
	out := make(map[string]KeyCheck, len(k.Versions))
	for version, key := range k.Versions {
		out[fmt.Sprintf("fingerprint %d", version)] = CheckOf(key)
	}
	return out
}

// CheckKeys looks whether the journal's payouts were made with the keys of this
// configuration. Submit, Start and Step do so by themselves, once; who takes payouts on
// with SubmitIn alone does it before. Of a journal that is no [KeyKeeper] nothing is known.
func (d *Dispatcher) CheckKeys(ctx context.Context) error {
	if d.checked.Load() {
		return nil
	}
	if j, ok := d.journal.(KeyKeeper); ok {
		if err := j.CheckKeys(ctx, d.keys.Checks()); err != nil {
			return err
		}
	}
	d.checked.Store(true)
	return nil
}
