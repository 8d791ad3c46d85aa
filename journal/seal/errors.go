package seal

import (
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/keyset"

	"github.com/payoutkit/payout/dispatch"
)

// Errors of [Sealer.Open].
var (
	// ErrFormat: it was not made by Seal, or by that of a later version.
	ErrFormat = errors.New("seal: this is no sealed text of this version")
	// ErrChanged: it was changed, or is bound to something else.
	ErrChanged = errors.New("seal: the sealed text was changed, or belongs to something else")
)

// KeyError is of a text whose key can't be used.
type KeyError struct {
	// ID is the key's, as Tink's tools print it.
	ID uint32
	// Status is the key's in the keyset: Disabled or Destroyed. Unknown: it is not there,
	// which is also what is left of a destroyed key.
	Status keyset.KeyStatus
	// Err is why the keyset could not be read again to look for the key there, a
	// [*KeysetError]; nil if it was read.
	Err error
}

// Error returns the key's id, and what is wrong with it.
func (e *KeyError) Error() string {
	why := "is not in the keyset: it was destroyed, or the keyset is another one"
	switch e.Status {
	case keyset.Disabled:
		why = "is disabled"
	case keyset.Destroyed:
		why = "is destroyed"
	}
	text := fmt.Sprintf("seal: the key %d that this was sealed with %s", e.ID, why)
	if e.Err != nil {
		text += "; and the keyset could not be read again"
	}
	return text
}

// Unwrap returns Err.
func (e *KeyError) Unwrap() error { return e.Err }

// Is reports [dispatch.ErrErased] of a key that the keyset says is destroyed. One that is
// not there may be in another keyset.
func (e *KeyError) Is(target error) bool {
	return target == dispatch.ErrErased && e.Err == nil && e.Status == keyset.Destroyed
}

// KeysetError is of a keyset that can't be used, or can't be had.
type KeysetError struct {
	// Reason says why, in words of this package, with the file's name, if there is one.
	Reason string
	// Err is the cause, or nil. Its text is not shown: what reads keys may quote them.
	Err error
}

// Error returns the reason.
func (e *KeysetError) Error() string { return "seal: the keyset: " + e.Reason }

// Unwrap returns the cause.
func (e *KeysetError) Unwrap() error { return e.Err }

// Format implements [fmt.Formatter] for KeysetError and *KeysetError: every verb prints
// [KeysetError.Error].
func (e KeysetError) Format(f fmt.State, verb rune) {
	if verb == 'q' || f.Flag('#') {
		_, _ = fmt.Fprintf(f, "%q", e.Error())
		return
	}
	_, _ = f.Write([]byte(e.Error()))
}
