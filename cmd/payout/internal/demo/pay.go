package demo

import (
	"context"
	"errors"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/dispatch"
)

// Result is what became of one row.
type Result struct {
	Line, LastLine int
	Reference      string
	Provider       string // "" if none was chosen; of several attempts the last one's
	Payout         payout.Payout
	// Attempts are the references at the banks that it was, or may have been, sent
	// under, in order.
	Attempts []string
	// Lost: an answer did not come, so the fate was asked for.
	Lost bool
	// Malformed: the row itself is wrong, and no payout of it was intended anywhere.
	Malformed bool
	// Unpaid is why it is certain that this row paid nobody: nothing was sent, or the
	// bank did not take it.
	Unpaid error
	// Open is why the fate is not known, though it was asked for.
	Open error
	Took time.Duration
}

// pay takes one row to its fate: submit it, and wait until the dispatcher knows.
func pay(ctx context.Context, desk *desk, row batch.Row, patience time.Duration) (r Result) {
	r = Result{Line: row.Line, LastLine: row.LastLine, Reference: row.Reference, Unpaid: row.Err}
	if row.Err != nil {
		r.Malformed = true
		return r
	}
	begin := time.Now()
	defer func() { r.Took = time.Since(begin) }()
	req := row.Request
	r.Payout = payout.Payout{Reference: req.Reference, Amount: req.Amount, Destination: payout.Masked(req.Destination)}
	if ended := ctx.Err(); ended != nil {
		r.Provider = desk.first(req)
		r.Unpaid = &payout.Error{Kind: payout.ErrNotSent, Provider: r.Provider, Op: payout.OpCreate, Detail: "the context had ended before the call", Err: ended}
		return r
	}
	moved := desk.watch.listen(req.Reference)
	if _, err := desk.Submit(ctx, req); err != nil {
		r.notTaken(row, err)
		return r
	}
	e, open := desk.await(ctx, req.Reference, moved, patience)
	r.take(row, e, desk.history(req.Reference), open)
	return r
}

// notTaken is a payout that the dispatcher did not take: no bank would.
func (r *Result) notTaken(row batch.Row, err error) {
	if errors.Is(err, payout.ErrUnsupported) {
		r.Unpaid = &payout.Error{Kind: payout.ErrUnsupported, Detail: "no provider pays in this currency to this kind of destination"}
		return
	}
	var e *payout.Error
	if errors.As(err, &e) && e.Kind == payout.ErrInvalid {
		r.Provider = e.Provider
	}
	r.Unpaid = located(row, err)
}

// take reads what the journal has of a payout.
func (r *Result) take(row batch.Row, e dispatch.Entry, history []dispatch.Event, open error) {
	for _, a := range e.Attempts {
		r.Provider = a.Provider
		if a.Transmissions > 0 {
			r.Attempts = append(r.Attempts, a.Reference)
			r.Payout.ProviderID = a.ProviderID
		}
	}
	var refusal *payout.Error
	for _, ev := range history {
		o := ev.Outcome
		switch {
		case ev.Kind == dispatch.EventAged:
			r.Lost = true
		case ev.Kind != dispatch.EventCreated || o.Answered:
		case o.Kind == payout.ErrOutcomeUnknown:
			r.Lost = true
		default:
			refusal = &payout.Error{
				Kind: o.Kind, Provider: e.Attempts[ev.Attempt].Provider, Op: payout.OpCreate,
				Violations: o.Violations, Code: o.Code, HTTPStatus: o.HTTPStatus,
			}
		}
	}
	switch e.State {
	case dispatch.StateFailed:
		r.Payout.Status, r.Payout.Failure = payout.StatusFailed, e.Failure
		if refusal != nil && e.Failure.Reason == payout.ReasonUnknown {
			r.Unpaid = located(row, refusal)
		}
	case dispatch.StateCancelled:
		r.Unpaid = &payout.Error{Kind: payout.ErrNotSent, Provider: r.Provider, Op: payout.OpCreate, Err: context.Canceled}
	default:
		r.Payout.Status = statusOf[e.State]
		r.Open = open
	}
}

// statusOf are the states that a payout can be left in.
var statusOf = map[dispatch.State]payout.Status{
	dispatch.StateOpen:     payout.StatusPending,
	dispatch.StatePaid:     payout.StatusPaid,
	dispatch.StateReturned: payout.StatusReturned,
	dispatch.StateReview:   payout.StatusReview,
}

// located puts the rules that a provider found broken onto the row's columns.
func located(row batch.Row, err error) error {
	var e *payout.Error
	if errors.As(err, &e) && len(e.Violations) > 0 {
		return row.Locate(e.Violations)
	}
	return err
}
