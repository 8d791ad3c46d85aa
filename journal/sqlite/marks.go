package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

var _ dispatch.KeyKeeper = (*Journal)(nil)

// CheckKeys implements [dispatch.KeyKeeper]. A registry's key belongs here, too, by
// whatever name.
func (j *Journal) CheckKeys(ctx context.Context, keys map[string]dispatch.KeyCheck) error {
	now := j.config.Now()
	return j.writer.write(ctx, func(tx *transaction) error {
		marks, err := marked(tx.ctx, tx.conn)
		if err != nil {
			return err
		}
		n, some, err := marks.NewKeys(keys)
		if err != nil || !some {
			return err
		}
		return tx.note(now, stored.NoteKeys, n)
	})
}

// CheckKeys compares keys with those that the journal knows. It keeps none: see
// [Journal.CheckKeys].
func (r *Reader) CheckKeys(ctx context.Context, keys map[string]dispatch.KeyCheck) error {
	marks, err := marked(ctx, r.j.scans)
	if err == nil {
		_, _, err = marks.NewKeys(keys)
	}
	if err != nil {
		return r.j.wrong(err)
	}
	return nil
}

// marked reads the marks.
func marked(ctx context.Context, c interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}) (all stored.Marks, err error) {
	rows, err := c.QueryContext(ctx, `SELECT kind, document FROM journal_events WHERE kind IN ('keys', 'witnessed', 'moved') ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var m stored.Mark
		if err := rows.Scan(&m.Kind, &m.Document); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, rows.Err()
}
