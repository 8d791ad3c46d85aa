package river

import (
	"context"
	"fmt"
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
	if err := e.d.CheckKeys(ctx); err != nil {
		return dispatch.Entry{}, err
	}
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
	return out, err
}

// submission is one of those that are taken on at once.
type submission struct {
	entry    dispatch.Entry
	provider string
	alone    bool // nothing was written: it was there, or one of the others can't be
	err      error
}

// among inserts a payout among others, or in a transaction of its own, which is begun
// when it is sealed: that may take a connection of the pool as well.
type among struct {
	engine   *Engine
	provider string
}

// Insert implements dispatch.Inserter.
func (a among) Insert(ctx context.Context, entry dispatch.Entry) (out dispatch.Entry, inserted bool, err error) {
	if len(entry.Sealed) > 0 {
		s := &submission{entry: entry, provider: a.provider}
		switch began, err := a.engine.submissions.Do(ctx, s); {
		case err != nil && !began:
			return dispatch.Entry{}, false, fmt.Errorf("%w: %w", dispatch.ErrNotBegun, err)
		case err != nil:
			return dispatch.Entry{}, false, err
		case !s.alone:
			return s.entry, s.err == nil, s.err
		}
	}
	err = pgx.BeginTxFunc(ctx, a.engine.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) (err error) {
		out, inserted, err = within{a.engine, tx, a.provider}.Insert(ctx, entry)
		return err
	})
	return out, inserted, err
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
			s.alone = true
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
	return e.d.SubmitIn(ctx, within{e, tx, e.d.Provider(req)}, req)
}

// within inserts a payout and its job in a transaction.
type within struct {
	engine   *Engine
	tx       pgx.Tx
	provider string
}

// Insert implements dispatch.Inserter.
func (w within) Insert(ctx context.Context, entry dispatch.Entry) (out dispatch.Entry, inserted bool, err error) {
	out, inserted, err = w.engine.config.Journal.Within(w.tx).Insert(ctx, entry)
	switch {
	case err != nil:
		return dispatch.Entry{}, false, err
	case !inserted:
		return out, false, nil // it has its job, or the sweep makes one
	case len(out.Sealed) == 0:
		return dispatch.Entry{}, false, &payout.Error{Kind: payout.ErrInvalid, Violations: []payout.Violation{{
			Field: "request", Rule: "must be storable: a worker elsewhere could not send it",
		}}}
	}
	_, err = w.engine.client.InsertTx(ctx, w.tx, Job{entry.Reference}, opts(w.provider, time.Time{}))
	return out, true, err
}
