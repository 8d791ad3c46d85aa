package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Unattended is a payout that is due, and that no job of an engine's will see to in time.
type Unattended struct {
	Reference string
	Due       time.Time
	Job       int64 // 0: there is none, or else it would come too late
}

// unattendedSQL is around the engine's query.
const unattendedSQL = `
SELECT p.reference, p.due, coalesce(j.id, 0) FROM {}.payouts p LEFT JOIN (%s) AS j (reference, id, at) ON j.reference = p.reference
WHERE p.queue = ANY($4) AND p.due > 0 AND p.due <= $1 AND (j.id IS NULL OR j.at > $2)
ORDER BY p.due, p.reference LIMIT $3`

// Unattended is for an engine that drives payouts by jobs in the same database, one for
// each: it returns payouts that are due since before a time, and that none of the jobs
// will see to before another one. Jobs is a query that returns, of each job that is going
// to run or runs, a payout's reference, a number, and when it runs (timestamptz); it is
// the engine's own text, and nothing of a caller's may be in it.
func (j *Journal) Unattended(ctx context.Context, jobs string, before, until time.Time, limit int) ([]Unattended, error) {
	rows, err := j.pool.Query(ctx, fmt.Sprintf(within(j.config.Schema)(unattendedSQL), jobs), stored.Micros(before), until, limit, append(queues(dispatch.Ask), queues(dispatch.Send)...))
	if err != nil {
		return nil, fmt.Errorf("postgres: look for what no job sees to: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u Unattended, err error) {
		var due int64
		err = row.Scan(&u.Reference, &due, &u.Job)
		u.Due = stored.Time(due)
		return u, err
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: look for what no job sees to: %w", err)
	}
	return out, nil
}
