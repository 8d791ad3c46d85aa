package stored

import (
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
