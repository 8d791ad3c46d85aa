package seal_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/payoutkit/payout/journal/seal"
)

// FuzzOpen: nothing but what was sealed opens, and for nothing but what it is bound to.
func FuzzOpen(f *testing.F) {
	box, err := hex.DecodeString("01" + "01" + "6c6c6548" + golden)
	if err != nil {
		f.Fatal(err)
	}
	s := sealer(f, parsed(f, cleartext()))
	f.Add(box, bound)
	f.Add(box, "")
	f.Add(box[:6], bound)
	f.Add(box[:5], bound)
	f.Add([]byte{}, bound)
	f.Add(append(bytes.Clone(box), box...), bound)
	f.Add(append([]byte{1}, box...), bound)
	f.Fuzz(func(t *testing.T, given []byte, to string) {
		got, err := s.Open(t.Context(), given, to)
		if bytes.Equal(given, box) && to == bound {
			if err != nil || string(got) != text {
				t.Fatalf("%q, %v", got, err)
			}
			return
		}
		var key *seal.KeyError
		if got != nil || !errors.Is(err, seal.ErrFormat) && !errors.Is(err, seal.ErrChanged) && !errors.As(err, &key) {
			t.Fatalf("%x for %q: %q, %v", given, to, got, err)
		}
	})
}

// FuzzSeal: whatever is sealed opens again.
func FuzzSeal(f *testing.F) {
	s := sealer(f, parsed(f, cleartext()))
	f.Add([]byte(text), bound)
	f.Add([]byte{}, "")
	f.Fuzz(func(t *testing.T, given []byte, to string) {
		box, err := s.Seal(t.Context(), given, to)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Open(t.Context(), box, to)
		if err != nil || !bytes.Equal(got, given) {
			t.Fatalf("%x for %q: %x, %v", given, to, got, err)
		}
	})
}
