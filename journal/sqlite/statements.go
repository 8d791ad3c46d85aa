package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/witness"
)

// statements are those that the writer makes for each change, prepared once.
type statements struct {
	begin, commit           *sql.Stmt
	find, load, insert      *sql.Stmt
	move, stay, replace     *sql.Stmt
	event, owner, attempt   *sql.Stmt
	used, book, shown, show *sql.Stmt
	keep                    *sql.Stmt
	all                     []*sql.Stmt
}

func prepare(ctx context.Context, c *sql.Conn) (st *statements, err error) {
	st = &statements{}
	for _, p := range []struct {
		st  **sql.Stmt
		sql string
	}{
		{&st.begin, `BEGIN IMMEDIATE`},
		{&st.commit, `COMMIT`},
		{&st.find, `SELECT rowid, version, state, created_at, amount, currency, erased FROM payouts WHERE reference = ?`},
		{&st.load, `SELECT ` + payoutColumns + ` FROM payouts WHERE reference = ?`},
		{&st.insert, `INSERT INTO payouts (reference, version, state, queue, due, created_at, amount, currency, document, sealed)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (reference) DO NOTHING`},
		// An index is written if one of its columns is named, changed or not: so the usual
		// changes name few.
		{&st.stay, `UPDATE payouts SET version = ?, queue = ?, due = ?, document = ?, sealed = ? WHERE rowid = ?`},
		{&st.move, `UPDATE payouts SET version = ?, queue = ?, due = ?, document = ?, sealed = ?, state = ? WHERE rowid = ?`},
		{&st.replace, `UPDATE payouts SET version = ?, queue = ?, due = ?, document = ?, sealed = ?, state = ?, created_at = ?, amount = ?, currency = ?
			WHERE rowid = ?`},
		{&st.event, `INSERT INTO events (id, reference, version, at, kind, state, document) VALUES (?, ?, ?, ?, ?, ?, ?)`},
		{&st.owner, `SELECT payout FROM attempts WHERE account = ? AND reference_key = ?`},
		{&st.attempt, `INSERT INTO attempts (account, reference_key, payout, provider) VALUES (?, ?, ?, ?)`},
		{&st.used, `SELECT count, minor FROM limits WHERE bucket = ?`},
		{&st.book, `INSERT INTO limits (bucket, count, minor) VALUES (?, ?, ?)
			ON CONFLICT (bucket) DO UPDATE SET count = excluded.count, minor = excluded.minor`},
		{&st.shown, `SELECT sent, at FROM shown WHERE account = ?`},
		{&st.show, `INSERT INTO shown (account, sent, at) VALUES (?, ?, ?)
			ON CONFLICT (account) DO UPDATE SET sent = excluded.sent, at = excluded.at`},
		{&st.keep, `INSERT INTO batch_rows (overlap, reference) VALUES (?, ?) ON CONFLICT DO NOTHING`},
	} {
		if *p.st, err = c.PrepareContext(ctx, p.sql); err != nil {
			st.close()
			return nil, err
		}
		st.all = append(st.all, *p.st)
	}
	return st, nil
}

func (st *statements) close() {
	for _, s := range st.all {
		_ = s.Close()
	}
}

// stands returns how far a journal has come, and where it went, if it was moved.
func stands(ctx context.Context, c queryer) (m witness.Mark, movedTo string, err error) {
	err = c.QueryRowContext(ctx, `SELECT lineage, epoch, nonce, moved_to, (SELECT coalesce(max(id), 0) FROM events)
		FROM journal JOIN epochs ON number = epoch`).Scan(&m.Lineage, &m.Epoch, &m.Nonce, &movedTo, &m.Event)
	if errors.Is(err, sql.ErrNoRows) {
		err = errors.New("its own row is missing")
	}
	if err != nil {
		return m, "", fmt.Errorf("how far it has come: %w", err)
	}
	return m, movedTo, nil
}

// counted counts all payouts by state. It takes a second or two for ten million: it is
// done once, and kept up from then on.
func counted(ctx context.Context, c interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}) (_ map[dispatch.State]int64, err error) {
	rows, err := c.QueryContext(ctx, `SELECT state, count(*) FROM payouts INDEXED BY payouts_state GROUP BY state`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	out := map[dispatch.State]int64{}
	for rows.Next() {
		s, n, err := count(rows)
		if err != nil {
			return nil, err
		}
		out[s] = n
	}
	return out, rows.Err()
}

// count reads a state, and how many there are.
func count(rows *sql.Rows) (s dispatch.State, n int64, err error) {
	var name string
	if err := rows.Scan(&name, &n); err != nil {
		return s, 0, err
	}
	if err := s.UnmarshalText([]byte(name)); err != nil {
		return s, 0, fmt.Errorf("%q: %w", name, err)
	}
	return s, n, nil
}
