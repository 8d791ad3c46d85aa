package otelpayout

import (
	"context"
	"errors"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// kindType is the word for a kind of error.
func kindType(k payout.ErrorKind) string {
	switch k {
	case payout.ErrInvalid:
		return "invalid"
	case payout.ErrUnsupported:
		return "unsupported"
	case payout.ErrNotSent:
		return "not_sent"
	case payout.ErrRefused:
		return "refused"
	case payout.ErrUnauthorized:
		return "unauthorized"
	case payout.ErrRateLimited:
		return "rate_limited"
	case payout.ErrNotFound:
		return "not_found"
	case payout.ErrConflict:
		return "conflict"
	default:
		return "outcome_unknown"
	}
}

// stepType is the word for an error of a step. Such an error comes from anywhere, and
// its text is not shown.
func stepType(err error) string {
	if _, ok := errors.AsType[*payout.Error](err); ok {
		return kindType(payout.KindOf(err))
	}
	for _, known := range [...]struct {
		err  error
		word string
	}{
		{dispatch.ErrStale, "stale"},
		{dispatch.ErrLimit, "limit"},
		{dispatch.ErrReferenceTaken, "reference_taken"},
		{dispatch.ErrNoEntry, "no_entry"},
		{context.Canceled, "canceled"},
		{context.DeadlineExceeded, "deadline_exceeded"},
	} {
		if errors.Is(err, known.err) {
			return known.word
		}
	}
	return "_OTHER"
}
