package stored

import (
	"crypto/hmac"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/payoutkit/payout/dispatch"
)

// Marks are the notes that say what a journal is used with, in the order of time.
type Marks []Mark

// Mark is one of them.
type Mark struct {
	Kind     string
	Document []byte
}

// Witnessed reports whether a journal had a witness where it is now.
func (all Marks) Witnessed() bool {
	had := false
	for _, m := range all {
		had = m.Kind == NoteWitnessed || had && m.Kind != NoteMoved
	}
	return had
}

// NewKeys returns the note of those keys that a journal does not know yet, if there are
// any, or an error: one of them is another one than it knows under that name.
func (all Marks) NewKeys(keys map[string]dispatch.KeyCheck) (n Note, some bool, err error) {
	known := map[string]string{}
	for _, m := range all {
		if m.Kind != NoteKeys {
			continue
		}
		var n Note
		if err := json.Unmarshal(m.Document, &n); err != nil {
			return Note{}, false, fmt.Errorf("journal: read which keys it knows: %w", err)
		}
		maps.Copy(known, n.Keys)
	}
	n.Keys = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		check := keys[name]
		sum := hex.EncodeToString(check[:16])
		switch before, ok := known[name]; {
		case !ok:
			n.Keys[name] = sum
		case !hmac.Equal([]byte(before), []byte(sum)):
			return Note{}, false, fmt.Errorf("journal: key %q: %w; restore the one that was there before", name, dispatch.ErrOtherKey)
		}
	}
	return n, len(n.Keys) > 0, nil
}
