package demo

import (
	"context"
	"errors"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// Result is what became of one row.
type Result struct {
	Line, LastLine int
	Reference      string
	Provider       string // "" if none was chosen
	Payout         payout.Payout
	// Lost: the answer to Create did not come, so the fate was asked for.
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

// pay takes one row to its fate: choose the provider, send once, ask until it is
// final. What it does with errors is all that a platform has to do.
func pay(ctx context.Context, banks *banks, row batch.Row, patience time.Duration) (r Result) {
	r = Result{Line: row.Line, LastLine: row.LastLine, Reference: row.Reference, Unpaid: row.Err}
	if row.Err != nil {
		r.Malformed = true
		return r
	}
	begin := time.Now()
	defer func() { r.Took = time.Since(begin) }()
	req := row.Request
	destination := payout.Masked(req.Destination) // banks mask each in their own way
	defer func() { r.Payout.Destination = destination }()
	r.Payout = payout.Payout{Reference: req.Reference, Amount: req.Amount}
	client := banks.choose(req)
	if client == nil {
		r.Unpaid = &payout.Error{Kind: payout.ErrUnsupported, Detail: "no provider pays in this currency to this kind of destination"}
		return r
	}
	r.Provider = client.Name()

	p, err := client.Create(ctx, req)
	switch {
	case err == nil:
		r.Payout = p
	case payout.ProvedUnpaid(err):
		r.Unpaid = located(row, err)
		return r
	default:
		r.Lost = true
	}
	if r.Payout.Status.Final() || r.Payout.Status == payout.StatusReview {
		return r
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r.Payout, r.Open = payout.Wait(ctx, client, r.Payout.Ref())
	return r
}

// located puts the rules that a provider found broken onto the row's columns.
func located(row batch.Row, err error) error {
	var e *payout.Error
	if errors.As(err, &e) && len(e.Violations) > 0 {
		return row.Locate(e.Violations)
	}
	return err
}
