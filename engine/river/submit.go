package river

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// Submit takes a payout on: the payout and its job are written in one transaction. It is
// idempotent by the reference, as [dispatch.Dispatcher.Submit] is, and its errors mean the
// same: only ErrInvalid, ErrUnsupported and ErrConflict say that the payout was not taken.
func (e *Engine) Submit(ctx context.Context, req payout.Request) (dispatch.Entry, error) {
	out, err := e.submit(ctx, req)
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

// submit takes a payout on in a transaction with others that are taken on at the time, or
// in one of its own.
func (e *Engine) submit(ctx context.Context, req payout.Request) (out dispatch.Entry, err error) {
	out, _, err = e.d.SubmitIn(ctx, among{e, e.d.Provider(req)}, req)
	if !errors.Is(err, errAlone) {
		return out, err
	}
	err = pgx.BeginTxFunc(ctx, e.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) (err error) {
		out, _, err = e.SubmitTx(ctx, tx, req)
		return err
	})
	return out, err
}

// submission is one of those that are taken on at once.
type submission struct {
	entry    dispatch.Entry
	provider string
	err      error
}

// errAlone is that a payout was not taken on among others: it was there, or one of them
// can't be.
var errAlone = errors.New("to be taken on alone")

// among inserts a payout among others.
type among struct {
	engine   *Engine
	provider string
}

// Insert implements dispatch.Inserter.
func (a among) Insert(ctx context.Context, entry dispatch.Entry) (dispatch.Entry, bool, error) {
	if len(entry.Sealed) == 0 {
		return dispatch.Entry{}, false, errAlone
	}
	s := &submission{entry: entry, provider: a.provider}
	if _, err := a.engine.submissions.Do(ctx, s); err != nil {
		return dispatch.Entry{}, false, err
	}
	return s.entry, s.err == nil, s.err
}

// submitMany takes payouts on, and inserts their jobs, in one transaction.
func (e *Engine) submitMany(ctx context.Context, all []*submission) {
	var taken map[string]dispatch.Entry
	committing := false // before it nothing has happened
	err := pgx.BeginTxFunc(ctx, e.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) (err error) {
		var entries []dispatch.Entry
		for _, s := range all {
			entries = append(entries, s.entry)
		}
		if taken, err = e.config.Journal.InsertTx(ctx, tx, entries...); err != nil {
			return err
		}
		var jobs []river.InsertManyParams
		for _, s := range all {
			if _, ok := taken[s.entry.Reference]; ok {
				jobs = append(jobs, river.InsertManyParams{Args: Job{s.entry.Reference}, InsertOpts: opts(s.provider, time.Time{})})
			}
		}
		if len(jobs) > 0 {
			_, err = e.client.InsertManyTx(ctx, tx, jobs)
		}
		committing = err == nil
		return err
	})
	for _, s := range all {
		entry, ok := taken[s.entry.Reference]
		switch {
		case err != nil && committing: // nobody knows
			s.err = err
		case err != nil || !ok:
			s.err = errAlone
		default:
			s.entry = entry
		}
	}
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
