package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
	"github.com/payoutkit/payout/journal/witness"
)

// transaction is one of the writer's, for a group of changes. What many of them have in
// common is kept here, and written once.
type transaction struct {
	ctx     context.Context //nolint:containedctx // that of the writer, which never ends
	st      *statements
	conn    *sql.Conn
	mark    witness.Mark // after it
	movedTo string       // after it
	used    map[string]*booked
	counts  map[dispatch.State]int64 // more, or fewer
	writes  int
	failed  error // nothing of the transaction may be committed
}

// booked is what is in use of a limit.
type booked struct {
	dispatch.Used
	changed bool
}

// do makes one change, which checks everything before it writes anything: so its error
// leaves the transaction as it was, or breaks it.
func (tx *transaction) do(apply func(*transaction) error) error {
	if tx.movedTo != "" {
		return fmt.Errorf("%w: to %s", journal.ErrMoved, tx.movedTo)
	}
	before := tx.writes
	err := apply(tx)
	if err != nil && tx.failed == nil && tx.writes != before {
		tx.failed = err
	}
	return err
}

// exec writes.
func (tx *transaction) exec(st *sql.Stmt, args ...any) (int64, error) {
	tx.writes++
	r, err := st.ExecContext(tx.ctx, args...)
	if err != nil {
		tx.failed = err
		return 0, err
	}
	return r.RowsAffected()
}

// get reads a row, and reports whether there is one.
func (tx *transaction) get(st *sql.Stmt, args []any, into ...any) (bool, error) {
	switch err := st.QueryRowContext(tx.ctx, args...).Scan(into...); err {
	case nil:
		return true, nil
	case sql.ErrNoRows:
		return false, nil
	default:
		tx.failed = err
		return false, err
	}
}

// counted notes that a payout has come to a state, or with -1 left it.
func (tx *transaction) counted(s dispatch.State, n int64) {
	if tx.counts == nil {
		tx.counts = map[dispatch.State]int64{}
	}
	tx.counts[s] += n
}

// held returns what is in use of a limit.
func (tx *transaction) held(bucket string) (*booked, error) {
	if b, ok := tx.used[bucket]; ok {
		return b, nil
	}
	b := &booked{}
	if _, err := tx.get(tx.st.used, []any{bucket}, &b.Count, &b.Minor); err != nil {
		return nil, err
	}
	if tx.used == nil {
		tx.used = map[string]*booked{}
	}
	tx.used[bucket] = b
	return b, nil
}

// flush writes what the changes have in common.
func (tx *transaction) flush() error {
	for bucket, b := range tx.used {
		if b.changed {
			if _, err := tx.exec(tx.st.book, bucket, b.Count, b.Minor); err != nil {
				return err
			}
		}
	}
	return nil
}

// run writes what is seldom written.
func (tx *transaction) run(query string, args ...any) error {
	tx.writes++
	if _, err := tx.conn.ExecContext(tx.ctx, query, args...); err != nil {
		tx.failed = err
	}
	return tx.failed
}

// row reads what is seldom read.
func (tx *transaction) row(query string, args []any, into ...any) error {
	if err := tx.conn.QueryRowContext(tx.ctx, query, args...).Scan(into...); err != nil {
		tx.failed = err
	}
	return tx.failed
}

// note writes down what happens to the journal itself.
func (tx *transaction) note(at time.Time, kind string, n stored.Note) error {
	document, err := n.Document()
	if err != nil {
		return err
	}
	return tx.run(noted, stored.Micros(at), kind, string(document))
}
