package payout

import "errors"

// Status is what is known about a payout. The zero Status is Unknown, and so is
// every word of a bank that its adapter does not list.
type Status uint8

const (
	// StatusUnknown: nothing certain. The money may have moved. Ask.
	StatusUnknown Status = iota
	// StatusActionRequired: someone must act first, see [Payout.Action]. Then the money
	// moves without another call, so it may already have.
	StatusActionRequired
	// StatusPending: the bank has it and is not done. Ask.
	StatusPending
	// StatusPaid: the bank says so of this payout, with the amount and currency asked
	// for.
	StatusPaid
	// StatusFailed: the bank says that it was not and will not be paid. [Payout.Failure]
	// says why.
	StatusFailed
	// StatusReturned: it was paid, and there is positive evidence that the money came
	// back.
	StatusReturned
	// StatusReview: a person must look: the evidence contradicts itself, or the bank's
	// word for it says so. The money may have moved. Not final.
	StatusReview

	lastStatus = StatusReview
)

var statusNames = [...]string{"unknown", "action_required", "pending", "paid", "failed", "returned", "review"}

// Final reports whether no further change is expected: paid, failed or returned.
// A bank may still contradict itself later; that is for a person.
func (s Status) Final() bool {
	return s == StatusPaid || s == StatusFailed || s == StatusReturned
}

// Moved answers whether the money has left for good.
func (s Status) Moved() Moved {
	switch s {
	case StatusPaid:
		return MovedYes
	case StatusFailed, StatusReturned:
		return MovedNo
	default:
		return MovedMaybe
	}
}

// String returns the status as it is stored and printed, such as "paid".
func (s Status) String() string { return statusNames[s.known()] }

func (s Status) known() Status {
	if s > lastStatus {
		return StatusUnknown
	}
	return s
}

// MarshalText implements [encoding.TextMarshaler].
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]. A word that is no status is
// an error, and leaves the target as it was.
func (s *Status) UnmarshalText(text []byte) error {
	for i, name := range statusNames {
		if string(text) == name {
			*s = Status(i)
			return nil
		}
	}
	return errors.New("payout: no such status")
}

// Moved is whether money has left the account for good. The zero Moved is maybe.
type Moved uint8

const (
	MovedMaybe Moved = iota // not proved either way
	MovedNo                 // proved: it is, or is back, in the account
	MovedYes                // proved: the recipient was paid
)

// String returns "maybe", "no" or "yes".
func (m Moved) String() string {
	switch m {
	case MovedNo:
		return "no"
	case MovedYes:
		return "yes"
	default:
		return "maybe"
	}
}
