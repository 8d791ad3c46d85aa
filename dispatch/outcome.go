package dispatch

import (
	"errors"
	"time"

	"github.com/payoutkit/payout"
)

// Outcome is what a call to a bank brought, without anything that must not be
// stored.
type Outcome struct {
	// Answered: the bank answered about the payout, and Status says what. Otherwise
	// there was an error, and Kind says what it proves.
	Answered bool
	Status   payout.Status
	Kind     payout.ErrorKind

	Failure    payout.Failure
	Code       string // the bank's own, of an error
	HTTPStatus int
	RetryAfter time.Duration
	// Violations are the rules that the request breaks, of an error that says that
	// nothing was sent for them. They hold no value.
	Violations []payout.Violation
	Hold       bool // the provider should get no new payouts until a check succeeds

	ProviderID, Endpoint string
	Destination          string // masked
	Mark                 string // that the bank returned with it
}

// markName is the name under which an attempt's mark travels in the metadata.
const markName = "payout_mark"

// outcomeOf takes from an answer what may be kept.
func outcomeOf(p payout.Payout, err error) Outcome {
	if err == nil {
		return Outcome{
			Answered: true, Status: p.Status, Failure: p.Failure,
			ProviderID: p.ProviderID, Endpoint: p.Endpoint,
			Destination: p.Destination, Mark: p.Metadata[markName],
		}
	}
	o := Outcome{Kind: payout.KindOf(err)}
	var e *payout.Error
	if errors.As(err, &e) && e != nil {
		o.Code, o.HTTPStatus, o.RetryAfter = payout.CleanCode(e.Code), e.HTTPStatus, e.RetryAfter
		o.Violations = e.Violations
		o.Hold = e.Hold
	}
	o.Hold = o.Hold || o.Kind == payout.ErrUnauthorized
	return o
}

// unsent reports whether the call is proved to have brought nothing to the bank.
func (o Outcome) unsent() bool {
	return !o.Answered && (o.Kind == payout.ErrNotSent || o.Kind == payout.ErrInvalid || o.Kind == payout.ErrUnsupported)
}

// knows reports whether the bank knows the order and its fate is not open to doubt
// by this answer alone.
func (o Outcome) knows() bool {
	switch o.Status {
	case payout.StatusActionRequired, payout.StatusPending, payout.StatusPaid,
		payout.StatusFailed, payout.StatusReturned, payout.StatusReview:
		return o.Answered
	default:
		return false
	}
}
