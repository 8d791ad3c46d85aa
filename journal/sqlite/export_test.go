package sqlite

import (
	"context"
	"database/sql"

	"github.com/payoutkit/payout/dispatch"
)

// Between has something done on the writer's connection while nothing else is.
func Between(ctx context.Context, j *Journal, do func(context.Context, *sql.Conn) error) error {
	return j.writer.between(ctx, do)
}

// FailAfterCommit has the writer's next commit fail, after it has happened.
func FailAfterCommit(ctx context.Context, j *Journal) error {
	return Between(ctx, j, func(ctx context.Context, c *sql.Conn) (err error) {
		st := j.writer.st
		st.commit, err = c.PrepareContext(ctx, `COMMIT; COMMIT`)
		st.all = append(st.all, st.commit)
		return err
	})
}

// Checkpoint brings what is in the log into the database, beside the writer.
func Checkpoint(j *Journal) { j.pages.checkpoint() }

// Queued counts what waits for the writer.
func Queued(j *Journal) int {
	j.writer.mu.Lock()
	defer j.writer.mu.Unlock()
	return len(j.writer.queue)
}

// Plans returns how SQLite would list and count.
func Plans(ctx context.Context, j *Journal, f dispatch.Filter) (list, count []string, err error) {
	p, err := j.plan(ctx, f)
	if err != nil {
		return nil, nil, err
	}
	query, args := p.list(f)
	if list, err = Plan(ctx, j, query, args...); err != nil {
		return nil, nil, err
	}
	query, args = p.count(f)
	count, err = Plan(ctx, j, query, args...)
	return list, count, err
}

// Plan returns how SQLite would go about a query.
func Plan(ctx context.Context, j *Journal, query string, args ...any) (out []string, err error) {
	rows, err := j.scans.QueryContext(ctx, `EXPLAIN QUERY PLAN `+query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return nil, err
		}
		out = append(out, detail)
	}
	return out, rows.Err()
}

// DueQuery is the one of Due, OldestQuery that of Stats.
const DueQuery, OldestQuery = dueQuery, oldestQuery
