package dispatch

import "errors"

// State is where a payout stands, or one attempt at it. The zero State is Unknown:
// what nobody wrote down may have been sent, and is asked about.
type State uint8

const (
	// StateUnknown: it may have been sent, and nobody knows what became of it. The
	// bank is being asked.
	StateUnknown State = iota
	// StatePlanned: nothing of it can be under way. It may be sent.
	StatePlanned
	// StateAwaiting: planned, but the request is not at hand: it was in the memory of a
	// process that ended. Submit again, with the same reference and content.
	StateAwaiting
	// StateSending: the intent to send is in the journal, and a worker may be at it.
	StateSending
	// StateOpen: the bank has it and is not done, or somebody must act.
	StateOpen
	// StateClosed: the bank refused it or says that it failed. One more question has to
	// agree before that counts.
	StateClosed
	// StatePaid: the bank says so.
	StatePaid
	// StateFailed: not paid, and no attempt at it can still be.
	StateFailed
	// StateReturned: paid, and the bank says that the money came back.
	StateReturned
	// StateReview: a person has to decide, see [Entry.Review]. Asking goes on.
	StateReview
	// StateCancelled: withdrawn before it was sent.
	StateCancelled
	// StateUnsent is of attempts only: nothing of it left, and nothing will.
	StateUnsent

	lastState = StateUnsent
)

var stateNames = [...]string{
	"unknown", "planned", "awaiting_request", "sending", "open", "closed", "paid", "failed", "returned",
	"review", "cancelled", "unsent",
}

// String returns the state as it is stored and printed, such as "sending".
func (s State) String() string {
	if s > lastState {
		s = StateUnknown
	}
	return stateNames[s]
}

// MarshalText implements [encoding.TextMarshaler].
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]. A word that is no state is an
// error, and leaves the target as it was.
func (s *State) UnmarshalText(text []byte) error {
	for i, name := range stateNames {
		if string(text) == name {
			*s = State(i)
			return nil
		}
	}
	return errors.New("dispatch: no such state")
}

// Final reports whether nothing more is expected to happen: paid, failed, returned
// or cancelled. A bank may still contradict itself: it is asked again now and then.
func (s State) Final() bool {
	return s == StatePaid || s == StateFailed || s == StateReturned || s == StateCancelled
}

// unfinished are the states of payouts that are not final.
func unfinished() (out []State) {
	for s := StateUnknown; s < StateUnsent; s++ {
		if !s.Final() {
			out = append(out, s)
		}
	}
	return out
}

// alive reports whether money may still move, or has moved, for an attempt in this
// state. Of one payout there is never more than one such attempt.
func (s State) alive() bool {
	switch s {
	case StateUnknown, StateSending, StateOpen, StateClosed, StatePaid:
		return true
	default:
		return false
	}
}

// Review is why a person has to look.
type Review uint8

const (
	ReviewNone Review = iota
	// ReviewDeadline: the bank was asked until the deadline and its answers prove
	// nothing. What it says later still counts.
	ReviewDeadline
	// ReviewDouble: two attempts at one payout are, or may be, paid.
	ReviewDouble
	// ReviewContradiction: a bank took back what it had said.
	ReviewContradiction
	// ReviewStranger: the order under our reference is not the one we sent.
	ReviewStranger
	// ReviewProvider: the bank's own word for it is that a person must look.
	ReviewProvider
	// ReviewPoison: handling it failed or panicked again and again.
	ReviewPoison
	// ReviewDoubt: the journal may have lost that it was sent, and no bank can prove that
	// it was not.
	ReviewDoubt

	lastReview = ReviewDoubt
)

var reviewNames = [...]string{"", "deadline", "double", "contradiction", "stranger", "provider", "poison", "doubt"}

// String returns the reason as it is stored, such as "deadline", or "".
func (r Review) String() string {
	if r > lastReview {
		return "contradiction"
	}
	return reviewNames[r]
}

// MarshalText implements [encoding.TextMarshaler].
func (r Review) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]. A word that is not known is a
// reason all the same, and one that only a person ends.
func (r *Review) UnmarshalText(text []byte) error {
	*r = ReviewContradiction
	for i, name := range reviewNames {
		if string(text) == name {
			*r = Review(i)
		}
	}
	return nil
}

// hard reports whether only a person ends it.
func (r Review) hard() bool { return r != ReviewNone && r != ReviewDeadline }
