package postgres

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/journal/internal/stored"
)

// tables are those of a journal that is moved, as a whole.
type tables struct{ j *Journal }

// Name implements move.Source and move.Target. It is the same from every machine.
func (t tables) name(ctx context.Context) (string, error) {
	var system, database string
	err := t.j.pool.QueryRow(ctx, `SELECT system_identifier::text, current_database() FROM pg_control_system()`).Scan(&system, &database)
	if err != nil {
		return "", fmt.Errorf("postgres: look at the server: %w", err)
	}
	return fmt.Sprintf("postgres:cluster %s, database %s, schema %s", system, database, t.j.config.Schema), nil
}

// Places implements move.Source.
func (tables) Places() bool { return true }

// State returns the journal's own row.
func (t tables) State(ctx context.Context) (s stored.Journal, err error) {
	err = t.j.pool.QueryRow(ctx, within(t.j.config.Schema)(`SELECT lineage, created_at, epoch, doubt, doubt_since, doubt_why, moved_to, importing, era FROM {}.journal`)).
		Scan(&s.Lineage, &s.CreatedAt, &s.Epoch, &s.Doubt, &s.DoubtSince, &s.DoubtWhy, &s.MovedTo, &s.Importing, &s.Era)
	if err != nil {
		return s, fmt.Errorf("postgres: read the journal's state: %w", err)
	}
	return s, nil
}

// Rows returns the rows of a table.
func (t tables) Rows(ctx context.Context, table stored.Table, columns []stored.Column) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		err := t.rows(ctx, t.j.pool, `SELECT `+selected(columns)+` FROM `+from(table), columns, yield)
		if err != nil {
			yield(nil, fmt.Errorf("postgres: %w", err))
		}
	}
}

// from is what the rows of a table are read from. Of what was shown the newest counts.
func from(table stored.Table) string {
	if table.Name == "shown" {
		return `(SELECT DISTINCT ON (account) * FROM {}.shown ORDER BY account, sent DESC, at DESC) AS shown`
	}
	return `{}.` + table.Name
}

// rows yields what a query returns, in one row that is used again. Its error is not
// yielded.
func (t tables) rows(ctx context.Context, q querier, query string, columns []stored.Column, yield func([]any, error) bool) error {
	rows, err := q.Query(ctx, within(t.j.config.Schema)(query))
	if err != nil {
		return err
	}
	defer rows.Close()
	into := make([]any, len(columns))
	for i, c := range columns {
		switch c.Kind {
		case stored.Integer, stored.Boolean:
			into[i] = new(int64)
		case stored.Text, stored.JSON:
			into[i] = new(string)
		case stored.Bytes:
			into[i] = new([]byte)
		}
	}
	row := make([]any, len(columns))
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i := range into {
			switch v := into[i].(type) {
			case *int64:
				row[i] = *v
			case *string:
				row[i] = *v
			case *[]byte:
				if row[i] = *v; *v == nil {
					row[i] = nil
				}
			}
		}
		if !yield(row, nil) {
			return nil
		}
	}
	return rows.Err()
}

// selected are columns as they are carried.
func selected(columns []stored.Column) string {
	var out []string
	for _, c := range columns {
		name := pgx.Identifier{c.Name}.Sanitize()
		switch c.Kind {
		case stored.Boolean:
			name += "::int::bigint"
		case stored.Integer:
			name += "::bigint"
		case stored.JSON:
			name += "::text"
		case stored.Text, stored.Bytes:
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}
