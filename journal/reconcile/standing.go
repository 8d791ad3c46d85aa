package reconcile

import "github.com/payoutkit/payout/dispatch"

// standing is what the journal says of an attempt, a person's decision included: that
// was about the payout, and stands for each attempt that may have been meant.
func standing(e dispatch.Entry, n int) dispatch.State {
	is := e.Attempts[n].State
	switch {
	case e.State == dispatch.StateReview, e.State == dispatch.StateCancelled:
		return e.State
	case e.Decision.IsZero(), !meant(e, n):
		return is
	default:
		return e.Decision.Outcome
	}
}

// meant reports whether a decision may have been about an attempt: it was if it, or else
// no attempt, may have moved money before.
func meant(e dispatch.Entry, n int) bool {
	may := func(a dispatch.Attempt) bool {
		return a.Transmissions > 0 && a.State != dispatch.StateFailed && a.State != dispatch.StateUnsent
	}
	for _, a := range e.Attempts {
		if may(a) {
			return may(e.Attempts[n])
		}
	}
	return e.Attempts[n].Transmissions > 0
}

// debited is what a debit is, for what the journal says of its attempt; "" if that is
// as it should be.
func debited(s dispatch.State) Kind {
	switch s {
	case dispatch.StatePaid, dispatch.StateReturned:
		return ""
	case dispatch.StateFailed:
		return DebitedFailed
	case dispatch.StateCancelled:
		return DebitedCancelled
	case dispatch.StateReview:
		return DebitedReview
	case dispatch.StateOpen, dispatch.StateClosed:
		return DebitedOpen
	case dispatch.StatePlanned, dispatch.StateAwaiting, dispatch.StateUnsent:
		return DebitedUnsent
	default:
		return DebitedUnknown
	}
}

// back reports whether money that came back is as it should be.
func back(s dispatch.State) bool {
	switch s {
	case dispatch.StateReturned, dispatch.StateFailed, dispatch.StateCancelled, dispatch.StatePlanned,
		dispatch.StateAwaiting, dispatch.StateUnsent:
		return true
	default:
		return false
	}
}
