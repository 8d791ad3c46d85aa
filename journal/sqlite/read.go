package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

const payoutColumns = `payouts.reference, version, state, queue, due, created_at, amount, currency, document, sealed`

// payoutFields are where the payoutColumns go.
func payoutFields(p *stored.Payout) []any {
	return []any{&p.Reference, &p.Version, &p.State, &p.Queue, &p.Due, &p.CreatedAt, &p.Amount, &p.Currency, &p.Document, &p.Sealed}
}

// one reads one row, by a key: it takes so little that a context that ends in the
// meantime is not worth what watching it would cost. None is sql.ErrNoRows.
func (j *Journal) one(ctx context.Context, st *sql.Stmt, args []any, into ...any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := st.QueryRowContext(context.WithoutCancel(ctx), args...).Scan(into...)
	if wait := j.writer.settle(ctx); wait != nil {
		return wait
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return j.wrong(err)
	}
	return err
}

// each reads rows.
func (j *Journal) each(ctx context.Context, query string, args []any, row func(*sql.Rows) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	rows, err := j.scans.QueryContext(ctx, query, args...)
	if err != nil {
		return j.wrong(err)
	}
	return j.through(ctx, rows, row)
}

// through goes through rows.
func (j *Journal) through(ctx context.Context, rows *sql.Rows, row func(*sql.Rows) error) (err error) {
	defer func() {
		if err = errors.Join(err, rows.Close()); err == nil {
			err = j.writer.settle(ctx)
		}
	}()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return j.wrong(err)
	}
	return nil
}

func (j *Journal) wrong(err error) error { return fmt.Errorf("journal %s: read: %w", j.path, err) }

func (j *Journal) entry(ctx context.Context, st *sql.Stmt, args ...any) (dispatch.Entry, error) {
	var p stored.Payout
	err := j.one(ctx, st, args, payoutFields(&p)...)
	if errors.Is(err, sql.ErrNoRows) {
		err = dispatch.ErrNoEntry
	}
	if err != nil {
		return dispatch.Entry{}, err
	}
	return p.Entry()
}

// Load implements [dispatch.Journal].
func (j *Journal) Load(ctx context.Context, reference string) (dispatch.Entry, error) {
	return j.entry(ctx, j.load, reference)
}

// FindAttempt implements [dispatch.Journal].
func (j *Journal) FindAttempt(ctx context.Context, account, reference string) (dispatch.Entry, error) {
	return j.entry(ctx, j.findAttempt, account, stored.ReferenceKey(reference))
}

const dueQuery = `SELECT reference, due FROM payouts WHERE queue = ? AND due > 0 AND due <= ? ORDER BY due, reference LIMIT ?`

// Due implements [dispatch.Journal].
func (j *Journal) Due(ctx context.Context, w dispatch.Work, now time.Time, limit int) (out []dispatch.Due, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, queue := range queues(w) {
		rows, err := j.due.QueryContext(ctx, queue, stored.Micros(now), max(limit-len(out), 0))
		if err != nil {
			return nil, j.wrong(err)
		}
		if err := j.through(ctx, rows, func(rows *sql.Rows) error {
			var d dispatch.Due
			var at int64
			if err := rows.Scan(&d.Reference, &at); err != nil {
				return j.wrong(err)
			}
			d.At = stored.Time(at)
			out = append(out, d)
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// queues are those of one kind of work, in their order.
func queues(w dispatch.Work) []int {
	if w == dispatch.Send {
		return []int{stored.QueueSend}
	}
	return []int{stored.QueueUnknown, stored.QueueAsk}
}

// Waiting implements [dispatch.Journal].
func (j *Journal) Waiting(ctx context.Context, w dispatch.Work, now time.Time, atMost int) (total int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	for _, queue := range queues(w) {
		var n int
		if err := j.one(ctx, j.waiting, []any{queue, stored.Micros(now), max(atMost-total, 0)}, &n); err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

const eventColumns = `id, reference, version, at, kind, state, document`

func (j *Journal) changed(rows *sql.Rows) (c dispatch.Changed, err error) {
	var id int64
	var ev stored.Event
	if err := rows.Scan(&id, &ev.Reference, &ev.Version, &ev.At, &ev.Kind, &ev.State, &ev.Document); err != nil {
		return c, j.wrong(err)
	}
	if c, err = ev.Changed(); err != nil {
		return c, err
	}
	c.Cursor = dispatch.Cursor(strconv.FormatInt(id, 10))
	return c, nil
}

// History implements [dispatch.Journal].
func (j *Journal) History(ctx context.Context, reference string) (out []dispatch.Event, err error) {
	err = j.each(ctx, `SELECT `+eventColumns+` FROM events WHERE reference = ? ORDER BY version`, []any{reference}, func(rows *sql.Rows) error {
		c, err := j.changed(rows)
		out = append(out, c.Event)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Changes implements [dispatch.Journal]. A cursor of later than all that the journal has
// is refused: it is another journal's, or this one was restored from an older copy.
func (j *Journal) Changes(ctx context.Context, after dispatch.Cursor, limit int) (out []dispatch.Changed, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	n := int64(0)
	if after != "" {
		if n, err = strconv.ParseInt(string(after), 10, 64); err != nil || n < 0 {
			return nil, invalid("after", "is not a cursor of this journal")
		}
	}
	err = j.each(ctx, `SELECT `+eventColumns+` FROM events WHERE id > ? ORDER BY id LIMIT ?`, []any{n, max(limit, 0)}, func(rows *sql.Rows) error {
		c, err := j.changed(rows)
		out = append(out, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(out) == 0 && n > 0 {
		var last int64
		if err := j.one(ctx, j.last, nil, &last); err != nil {
			return nil, err
		}
		if n > last {
			return nil, invalid("after", "is not a cursor of this journal: it ends before")
		}
	}
	return out, nil
}

// Used implements [dispatch.Journal].
func (j *Journal) Used(ctx context.Context, bucket string) (u dispatch.Used, err error) {
	err = j.one(ctx, j.used, []any{bucket}, &u.Count, &u.Minor)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return u, err
}

// Shown implements [dispatch.Journal].
func (j *Journal) Shown(ctx context.Context, account string) (dispatch.Shown, error) {
	var sent, at int64
	err := j.one(ctx, j.shown, []any{account}, &sent, &at)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return dispatch.Shown{}, nil
	case err != nil:
		return dispatch.Shown{}, err
	}
	return dispatch.Shown{Account: account, Sent: stored.Time(sent), At: stored.Time(at)}, nil
}

// Holds implements [dispatch.Journal].
func (j *Journal) Holds(ctx context.Context) (out []dispatch.Hold, err error) {
	err = j.each(ctx, `SELECT provider, document FROM holds ORDER BY provider`, nil, func(rows *sql.Rows) error {
		var provider string
		var document []byte
		if err := rows.Scan(&provider, &document); err != nil {
			return j.wrong(err)
		}
		h, err := stored.Hold(provider, document)
		out = append(out, h)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
