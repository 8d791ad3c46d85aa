package river

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// Submit takes a payout on: the payout and its job are written in one transaction. It is
// idempotent by the reference, as [dispatch.Dispatcher.Submit] is, and its errors mean the
// same: only ErrInvalid, ErrUnsupported and ErrConflict say that the payout was not taken.
func (e *Engine) Submit(ctx context.Context, req payout.Request) (dispatch.Entry, error) {
	var out dispatch.Entry
	err := pgx.BeginTxFunc(ctx, e.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) (err error) {
		out, _, err = e.SubmitTx(ctx, tx, req)
		return err
	})
	waits := out.State == dispatch.StateAwaiting || out.State == dispatch.StatePlanned && len(out.Sealed) == 0
	if err != nil || !waits {
		return out, err
	}
	// It was taken on by an engine that sealed nothing: it is given its request back.
	ticket, err := e.d.Submit(ctx, req)
	if err == nil {
		err = e.wake(ctx, req.Reference)
	}
	return ticket.Entry, err
}

// SubmitTx takes a payout on as a part of the caller's transaction, in the same database:
// what the caller writes there, the payout and its job are committed together or not at
// all. See [postgres.Journal.SubmitTx] for what it returns, and for what to do about
// errors: after any the transaction can only be rolled back.
//
// A request that can't be stored, because of a card's verification value, say, is
// ErrInvalid: a worker on another machine could not send it.
func (e *Engine) SubmitTx(ctx context.Context, tx pgx.Tx, req payout.Request) (entry dispatch.Entry, inserted bool, err error) {
	entry, inserted, err = e.config.Journal.SubmitTx(ctx, tx, e.d, req)
	if err != nil {
		return dispatch.Entry{}, false, err
	}
	if inserted && len(entry.Sealed) == 0 {
		return dispatch.Entry{}, false, &payout.Error{Kind: payout.ErrInvalid, Violations: []payout.Violation{{
			Field: "request", Rule: "must be storable: a worker elsewhere could not send it",
		}}}
	}
	if !inserted {
		return entry, false, nil // it has its job, or the sweep makes one
	}
	_, err = e.client.InsertTx(ctx, tx, Job{req.Reference}, opts(e.d.Provider(req), time.Time{}))
	return entry, true, err
}
