package demo

import (
	"context"
	"errors"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/cmd/payout/internal/run"
	"github.com/payoutkit/payout/dispatch"
)

// pay submits one row, and waits until its fate is known. All else is the dispatcher's:
// which bank, when to ask, whether another bank may be tried.
func (k *desk) pay(ctx context.Context, row batch.Row, patience time.Duration) (r Result) {
	r = Result{Line: row.Line, LastLine: row.LastLine, Reference: row.Reference}
	if row.Err != nil {
		r.Unpaid, r.Malformed = row.Err, true
		return r
	}
	begin := time.Now()
	defer func() { r.Took = time.Since(begin) }()
	req := row.Request
	r.Payout = payout.Payout{Reference: req.Reference, Amount: req.Amount, Destination: payout.Masked(req.Destination)}
	whole := context.WithoutCancel(ctx) // the journal is asked and told after an interrupt, too
	known := k.watch.until(req.Reference)
	k.watch.tracker.Begin(whole, req.Reference)
	ticket, err := k.Submit(whole, req)
	switch {
	case errors.Is(err, payout.ErrInvalid), errors.Is(err, payout.ErrUnsupported), errors.Is(err, payout.ErrConflict):
		k.watch.tracker.Refused(req.Reference)
		r.Unpaid = located(row, err)
		return r
	case err != nil:
		r.Open = err
		return r
	}
	k.watch.tracker.Stands(ticket.Entry)
	wait, done := context.WithTimeout(ctx, patience)
	defer done()
	var withdrawn error
	if !run.Settled(ticket.State) {
		select {
		case <-known:
		case <-wait.Done():
			withdrawn = k.withdraw(whole, req, wait.Err())
		}
	}
	ticket, err = k.Status(whole, req.Reference)
	history, historyErr := k.History(whole, req.Reference)
	if err = errors.Join(err, historyErr); err != nil {
		r.Open = err
		return r
	}
	k.read(&r, row, ticket.Entry, history, withdrawn)
	if !run.Settled(ticket.State) {
		r.Open = &payout.Error{
			Kind: payout.ErrOutcomeUnknown, Provider: r.Provider, Op: payout.OpWait,
			Detail: "still not final: go on asking", Err: wait.Err(),
		}
	}
	return r
}

// noRoute is that nothing was sent since no route was free in time.
type noRoute struct{ choices []dispatch.Choice }

func (noRoute) Unwrap() error { return payout.ErrNotSent }

// Error returns why each route was not taken.
func (e noRoute) Error() string {
	text := "no route was free in time"
	for i, c := range e.choices {
		text += []string{": ", "; "}[min(i, 1)] + c.Route + ": " + c.Why
	}
	return text
}

// withdraw cancels a payout, which wins only if nothing of it can be under way. It
// returns why the payout is unpaid then.
func (k *desk) withdraw(ctx context.Context, req payout.Request, why error) (unpaid error) {
	if errors.Is(why, context.Canceled) {
		<-k.ended // what is being sent is sent to its end
		unpaid = &payout.Error{Kind: payout.ErrNotSent, Detail: "interrupted", Err: why}
	} else {
		choices, _ := k.Explain(ctx, req)
		unpaid = noRoute{choices}
	}
	// Its error is that the payout is on its way, or has arrived.
	_, _ = k.Cancel(ctx, req.Reference, "the demo", why.Error())
	return unpaid
}

// located puts the rules that a provider found broken onto the row's columns.
func located(row batch.Row, err error) error {
	var e *payout.Error
	if errors.As(err, &e) && e.Provider != "" && len(e.Violations) > 0 {
		return brokenRow{row.Locate(e.Violations), payout.KindOf(err)}
	}
	return err
}

// brokenRow is a row that a provider does not take, of the kind that the provider's
// error has: it may be right for another one.
type brokenRow struct {
	*batch.RowError
	kind payout.ErrorKind
}

func (e brokenRow) Unwrap() error { return e.kind }
