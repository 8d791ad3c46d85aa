package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/payoutkit/payout/journal/internal/stored"
)

// tables are those of a journal that is moved, as a whole.
type tables struct{ db *sql.DB }

// Places implements move.Source: events have a number, and no other place.
func (tables) Places() bool { return false }

// State returns the journal's own row.
func (t tables) State(ctx context.Context) (s stored.Journal, err error) {
	err = t.db.QueryRowContext(ctx, `SELECT lineage, created_at, epoch, doubt, doubt_since, doubt_why, moved_to, importing FROM journal`).
		Scan(&s.Lineage, &s.CreatedAt, &s.Epoch, &s.Doubt, &s.DoubtSince, &s.DoubtWhy, &s.MovedTo, &s.Importing)
	return s, err
}

// Rows returns the rows of a table.
func (t tables) Rows(ctx context.Context, table stored.Table, columns []stored.Column) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		if err := t.rows(ctx, `SELECT `+names(columns)+` FROM `+table.Name, columns, yield); err != nil {
			yield(nil, err)
		}
	}
}

// rows yields what a query returns, in one row that is used again. Its error is not
// yielded.
func (t tables) rows(ctx context.Context, query string, columns []stored.Column, yield func([]any, error) bool) (err error) {
	rows, err := t.db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	row, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, c := range columns {
			if row[i] == nil && !c.Null { // as the driver returns an empty one
				row[i] = []byte{}
			}
		}
		if !yield(row, nil) {
			return nil
		}
	}
	return rows.Err()
}

func names(columns []stored.Column) string {
	var out []string
	for _, c := range columns {
		out = append(out, `"`+c.Name+`"`)
	}
	return strings.Join(out, ", ")
}

// chunk is how many rows of a journal that is moved here are committed at once.
const chunk = 20_000

// load replaces what is in a table.
func load(ctx context.Context, c *sql.Conn, t stored.Table, columns []stored.Column, rows iter.Seq2[[]any, error]) (err error) {
	if _, err := c.ExecContext(ctx, `DELETE FROM `+t.Name); err != nil { // #nosec G202 -- the names are ours
		return err
	}
	// #nosec G202 -- the names are ours
	insert, err := c.PrepareContext(ctx, `INSERT INTO `+t.Name+` (`+names(columns)+`) VALUES (?`+strings.Repeat(", ?", len(columns)-1)+`)`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	n, open := 0, false
	for row, err := range rows {
		if err != nil {
			return err
		}
		if !open {
			if _, err := c.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
				return err
			}
			open = true
		}
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return fmt.Errorf("row %d: %w", n+1, err)
		}
		if n++; n%chunk == 0 {
			if _, err := c.ExecContext(ctx, `COMMIT`); err != nil {
				return err
			}
			open = false
		}
	}
	if open {
		_, err = c.ExecContext(ctx, `COMMIT`)
	}
	return err
}
