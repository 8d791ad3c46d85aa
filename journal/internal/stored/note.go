package stored

import (
	"encoding/json"
	"fmt"
)

// Kinds of what happens to a journal itself.
const (
	NoteCreated = "created"
	NoteDoubted = "doubted" // it may have lost commits
	NoteTrusted = "trusted" // a person ended the doubt
	NoteErased  = "erased"  // what is personal in a payout
	NoteMoved   = "moved"

	NoteWitnessed = "witnessed" // it has a witness from then on
	NoteKeys      = "keys"      // that it is used with from then on
)

// Note is the document of the table journal_events, to which rows are only added: what
// happened to the journal itself, and who did it.
type Note struct {
	By        string `json:"by,omitempty"`
	Doubt     int64  `json:"doubt,omitempty"` // its number
	Why       string `json:"why,omitempty"`   // or the evidence
	Reference string `json:"reference,omitempty"`
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`

	Keys map[string]string `json:"keys,omitempty"` // what tells them, by their names
}

// Document returns the note as it is stored.
func (n Note) Document() ([]byte, error) {
	text, err := json.Marshal(n)
	if err != nil {
		return nil, fmt.Errorf("journal: write a note: %w", err)
	}
	return text, nil
}
