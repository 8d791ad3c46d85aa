package run

import (
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/dispatch"
)

// Status is how a payout stands, in the words of a bank's answer.
func Status(s dispatch.State) payout.Status {
	switch s {
	case dispatch.StatePaid:
		return payout.StatusPaid
	case dispatch.StateFailed:
		return payout.StatusFailed
	case dispatch.StateReturned:
		return payout.StatusReturned
	case dispatch.StateReview:
		return payout.StatusReview
	case dispatch.StateOpen:
		return payout.StatusPending
	default:
		return payout.StatusUnknown
	}
}

// Settled reports whether nothing more is to be waited for.
func Settled(s dispatch.State) bool { return s.Final() || s == dispatch.StateReview }

// result is what became of a row whose payout stands so.
func result(row batch.Row, e dispatch.Entry) batch.Result {
	r := batch.Result{
		Line: row.Line, Reference: row.Reference, Status: Status(e.State), Amount: e.Amount, Destination: row.Request.Destination,
		Unsent: e.State == dispatch.StatePlanned || e.State == dispatch.StateAwaiting || e.State == dispatch.StateCancelled,
	}
	for _, a := range e.Attempts {
		r.Provider, r.ProviderID = a.Provider, a.ProviderID
		r.Unsent = r.Unsent && a.Transmissions == 0
	}
	var reason []string
	switch e.State {
	case dispatch.StateFailed:
		reason = append(reason, e.Failure.Reason.String(), e.Failure.Code)
	case dispatch.StateReview:
		reason = append(reason, e.Review.String())
	case dispatch.StateAwaiting, dispatch.StateCancelled:
		reason = append(reason, e.State.String())
	default:
	}
	for _, word := range reason {
		if word != "" {
			r.Reason = strings.TrimSpace(r.Reason + " " + strings.ReplaceAll(word, "_", " "))
		}
	}
	return r
}

// missing is the result of a row that was never submitted.
func missing(row batch.Row) batch.Result {
	r := batch.Result{Line: row.Line, Reference: row.Reference, Unsent: true}
	if row.Err == nil {
		r.Amount, r.Destination = row.Request.Amount, row.Request.Destination
	}
	return r
}

// Paid reports whether a row is paid.
func Paid(r batch.Result) bool { return r.Status == payout.StatusPaid && r.Wrong == nil }
