package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

const columns = `p.reference, p.version, p.state, p.queue, p.due, p.created_at, p.amount, p.currency, p.document::text, p.sealed`

const (
	loadSQL    = `SELECT ` + columns + ` FROM {}.payouts p WHERE p.reference = $1`
	findSQL    = `SELECT ` + columns + ` FROM {}.attempts a JOIN {}.payouts p ON p.reference = a.payout WHERE a.account = $1 AND a.reference_key = $2`
	historySQL = `SELECT reference, version, at, kind, state, document::text FROM {}.events WHERE reference = $1 ORDER BY version`
	usedSQL    = `SELECT count, minor FROM {}.limits WHERE bucket = $1`
	shownSQL   = `SELECT sent, at FROM {}.shown WHERE account = $1 ORDER BY sent DESC, at DESC LIMIT 1`
)

// scanned reads a row of columns.
func scanned(row pgx.CollectableRow) (dispatch.Entry, error) {
	var p stored.Payout
	if err := row.Scan(&p.Reference, &p.Version, &p.State, &p.Queue, &p.Due, &p.CreatedAt, &p.Amount, &p.Currency, &p.Document, &p.Sealed); err != nil {
		return dispatch.Entry{}, err
	}
	return p.Entry()
}

// read returns the one entry that a statement finds.
func (j *Journal) read(ctx context.Context, q querier, statement string, args ...any) (dispatch.Entry, error) {
	rows, err := q.Query(ctx, statement, args...)
	if err != nil {
		return dispatch.Entry{}, fmt.Errorf("postgres: read a payout: %w", err)
	}
	e, err := pgx.CollectExactlyOneRow(rows, scanned)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return dispatch.Entry{}, dispatch.ErrNoEntry
	case err != nil:
		return dispatch.Entry{}, fmt.Errorf("postgres: read a payout: %w", err)
	}
	return e, nil
}

// Load implements [dispatch.Journal].
func (j *Journal) Load(ctx context.Context, reference string) (dispatch.Entry, error) {
	return j.read(ctx, j.pool, j.sql.load, reference)
}

// FindAttempt implements [dispatch.Journal].
func (j *Journal) FindAttempt(ctx context.Context, account, reference string) (dispatch.Entry, error) {
	return j.read(ctx, j.pool, j.sql.find, account, stored.ReferenceKey(reference))
}

// scannedEvent reads a row of an event.
func scannedEvent(row pgx.CollectableRow) (dispatch.Changed, error) {
	var ev stored.Event
	if err := row.Scan(&ev.Reference, &ev.Version, &ev.At, &ev.Kind, &ev.State, &ev.Document); err != nil {
		return dispatch.Changed{}, err
	}
	return ev.Changed()
}

// History implements [dispatch.Journal].
func (j *Journal) History(ctx context.Context, reference string) ([]dispatch.Event, error) {
	rows, err := j.pool.Query(ctx, j.sql.history, reference)
	if err != nil {
		return nil, fmt.Errorf("postgres: read the history of payout %q: %w", reference, err)
	}
	all, err := pgx.CollectRows(rows, scannedEvent)
	if err != nil {
		return nil, fmt.Errorf("postgres: read the history of payout %q: %w", reference, err)
	}
	var out []dispatch.Event
	for _, c := range all {
		out = append(out, c.Event)
	}
	return out, nil
}

// Used implements [dispatch.Journal].
func (j *Journal) Used(ctx context.Context, bucket string) (dispatch.Used, error) {
	var u dispatch.Used
	if err := j.pool.QueryRow(ctx, j.sql.used, bucket).Scan(&u.Count, &u.Minor); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return dispatch.Used{}, fmt.Errorf("postgres: read the limit %q: %w", bucket, err)
	}
	return u, nil
}

// Shown implements [dispatch.Journal].
func (j *Journal) Shown(ctx context.Context, account string) (dispatch.Shown, error) {
	var sent, at int64
	switch err := j.pool.QueryRow(ctx, j.sql.shown, account).Scan(&sent, &at); {
	case errors.Is(err, pgx.ErrNoRows):
		return dispatch.Shown{}, nil
	case err != nil:
		return dispatch.Shown{}, fmt.Errorf("postgres: read what account %q has shown: %w", account, err)
	}
	return dispatch.Shown{Account: account, Sent: stored.Time(sent), At: stored.Time(at)}, nil
}
