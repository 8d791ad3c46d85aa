package dispatch

import (
	"errors"
	"time"
)

// Event is something that happened to a payout. [Next] says what follows.
type Event struct {
	Kind EventKind
	At   time.Time
	// Attempt is its index in [Entry.Attempts], for those that are about one.
	Attempt int
	// Planned is the attempt to be sent, of EventIntended; the one asked about, which may
	// never have been, of EventChecked.
	Planned Attempt
	// Inquiries are those that begin, of EventDoubted.
	Inquiries []Inquiry
	// Outcome is of EventCreated, EventLate, EventFound and EventChecked.
	Outcome Outcome
	// Decision is of EventResolved. Its By and Evidence are also of EventCancelled.
	Decision Decision
	// Alarms are what Next finds alarming. They are in the history with the event: a
	// process that dies before it has told its observer leaves them there.
	Alarms []AlarmKind
}

// EventKind is the kind of an [Event].
type EventKind uint8

const (
	_ EventKind = iota
	// EventIntended: about to be sent. Once that is committed, and only then, it is.
	EventIntended
	// EventCreated: what the sending of the attempt's last intent brought.
	EventCreated
	// EventLate: the same, but the payout has moved on since. It is evidence, and a
	// reason to ask; it overwrites nothing.
	EventLate
	// EventAged: an intent whose worker has not said in time what became of it.
	EventAged
	// EventFound: what a question brought.
	EventFound
	// EventHinted: something says that it is worth asking now.
	EventHinted
	// EventOverdue: the deadline for asking has passed.
	EventOverdue
	// EventMissing: the request is not at hand. EventAttached: it is again.
	EventMissing
	EventAttached
	// EventExpired: it may not be sent any more. EventEnded: there is no further route.
	EventExpired
	EventEnded
	// EventDeferred: no route is free for now.
	EventDeferred
	// EventStruck: a step failed or panicked. EventPoisoned: too often.
	EventStruck
	EventPoisoned
	// EventCancelled and EventResolved: a person says so.
	EventCancelled
	EventResolved
	// EventDoubted: the journal is in doubt, and the banks are asked before this is sent.
	// EventChecked: what one such question brought. EventUnproved: they prove nothing.
	EventDoubted
	EventChecked
	EventUnproved
	// EventTrusted: the doubt is over.
	EventTrusted

	lastEvent = EventTrusted
)

var eventNames = [...]string{
	"none", "intended", "created", "late", "aged", "found", "hinted", "overdue", "missing", "attached",
	"expired", "ended", "deferred", "struck", "poisoned", "cancelled", "resolved",
	"doubted", "checked", "unproved", "trusted",
}

// String returns the kind as it is stored, such as "found".
func (k EventKind) String() string {
	if k > lastEvent {
		k = 0
	}
	return eventNames[k]
}

// MarshalText implements [encoding.TextMarshaler].
func (k EventKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]. A word that is no kind is an
// error, and leaves the target as it was.
func (k *EventKind) UnmarshalText(text []byte) error {
	for i, name := range eventNames {
		if string(text) == name {
			*k = EventKind(i)
			return nil
		}
	}
	return errors.New("dispatch: no such kind of event")
}
