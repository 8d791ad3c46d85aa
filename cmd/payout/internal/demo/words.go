package demo

import (
	"context"
	"errors"

	"github.com/payoutkit/payout"
)

// What a row's status may be beside those of a payout.
const (
	notSent = "not_sent" // proved: nothing left for a bank
	refused = "refused"  // the bank did not take the call
)

// status says in a word what became of a row.
func (r Result) status() string {
	if r.Unpaid == nil {
		return r.Payout.Status.String()
	}
	switch payout.KindOf(r.Unpaid) {
	case payout.ErrInvalid, payout.ErrUnsupported, payout.ErrNotSent, payout.ErrConflict:
		return notSent
	default:
		return refused
	}
}

// reason says in a word why, "" where there is nothing to say.
func (r Result) reason() string {
	switch {
	case r.Malformed:
		return "malformed"
	case r.Unpaid != nil:
		return r.unpaidReason()
	case r.Payout.Status == payout.StatusFailed:
		return r.Payout.Failure.Reason.String()
	case r.Payout.Status == payout.StatusReview:
		return "a_person_must_look"
	case errors.Is(r.Open, context.Canceled):
		return "interrupted"
	case r.Open != nil:
		return "still_open"
	default:
		return ""
	}
}

func (r Result) unpaidReason() string {
	switch payout.KindOf(r.Unpaid) {
	case payout.ErrInvalid:
		return "invalid"
	case payout.ErrUnsupported:
		return "unsupported"
	case payout.ErrConflict:
		return "reference_taken"
	case payout.ErrUnauthorized:
		return "unauthorized"
	case payout.ErrRateLimited:
		return "rate_limited"
	case payout.ErrNotSent:
		switch {
		case errors.Is(r.Unpaid, context.Canceled):
			return "interrupted"
		case errors.As(r.Unpaid, new(noRoute)):
			return "no_route_free"
		default:
			return "no_connection"
		}
	default:
		return "malformed_for_the_bank"
	}
}

// statuses is the order in which they are counted.
func statuses() []string {
	return []string{
		payout.StatusPaid.String(), payout.StatusReturned.String(), payout.StatusFailed.String(),
		refused, notSent, payout.StatusReview.String(), payout.StatusPending.String(),
		payout.StatusActionRequired.String(), payout.StatusUnknown.String(),
	}
}
