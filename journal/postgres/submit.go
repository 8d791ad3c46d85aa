package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// SubmitTx takes a payout on in the caller's transaction: what he writes there, a debit
// say, and the payout are committed together, or neither is. d is the dispatcher of this
// journal, and tx a transaction in its database, at any isolation level; it will wait for
// the disk when it commits (synchronous_commit), whatever is configured, unless it sets
// that itself later.
//
// Before the commit nothing is sent; after it, a worker finds the payout within a second.
// It reports whether the payout is new: if not, the caller has debited it before. After
// an error the transaction can only be rolled back. See [dispatch.Dispatcher.SubmitIn].
//
// The request is sealed meanwhile. Where each payout has a key of its own, in the journal,
// that takes another connection than tx has: let the sealer's journal be one that was
// opened on a pool of its own, or as many transactions as the pool has connections wait
// for one another.
//
// The row of a new payout is locked until the transaction ends: who submits several in
// one transaction does so in the order of their references, or may deadlock with himself.
func (j *Journal) SubmitTx(ctx context.Context, tx pgx.Tx, d *dispatch.Dispatcher, req payout.Request) (e dispatch.Entry, inserted bool, err error) {
	return d.SubmitIn(ctx, j.Within(tx), req)
}

// Within returns what takes payouts on in a transaction, each as SubmitTx does. It is
// for an engine that writes something of its own beside them.
func (j *Journal) Within(tx pgx.Tx) dispatch.Inserter { return inserter{j, tx} }

// inserter inserts in a transaction.
type inserter struct {
	journal *Journal
	tx      pgx.Tx
}

func (i inserter) Insert(ctx context.Context, e dispatch.Entry) (dispatch.Entry, bool, error) {
	p, err := i.journal.taken(e)
	if err != nil {
		return dispatch.Entry{}, false, err
	}
	inserted, err := i.journal.insertAll(ctx, i.tx, []taken{p}, "")
	if err != nil {
		return dispatch.Entry{}, false, fmt.Errorf("postgres: insert payout %q: %w", e.Reference, known(err))
	}
	return i.journal.stand(ctx, i.tx, p, inserted[e.Reference])
}
