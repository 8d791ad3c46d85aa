package stored

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/payoutkit/payout/dispatch"
)

// Erased returns an entry without what is personal: the sealed request, and of the
// destination all but its kind. Reference, fingerprint, amount and outcome stay.
func Erased(e dispatch.Entry) dispatch.Entry {
	e.Sealed, e.Destination = nil, kind(e.Destination)
	return e
}

// ErasedEvent returns an event without what is personal.
func ErasedEvent(ev dispatch.Event) dispatch.Event {
	ev.Outcome.Destination = kind(ev.Outcome.Destination)
	return ev
}

// kind is the first word of a masked destination.
func kind(masked string) string {
	kind, _, _ := strings.Cut(masked, " ")
	return kind
}

// EraseEvent is ErasedEvent of an event's document.
func EraseEvent(document []byte) ([]byte, error) {
	var doc event
	if err := json.Unmarshal(document, &doc); err != nil {
		return nil, fmt.Errorf("journal: read an event to erase it: %w", err)
	}
	doc.Outcome.Destination = kind(doc.Outcome.Destination)
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("journal: write an event that was erased: %w", err)
	}
	return text, nil
}
