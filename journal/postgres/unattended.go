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

// unattendedSQL is around the engine's query. Payouts and jobs are grouped, and not joined:
// a join that was planned when there were few compares all of them with all.
const unattendedSQL = `
SELECT reference, max(due), coalesce(max(id), 0)
FROM (
	SELECT reference, due, NULL::bigint AS id, NULL::timestamptz AS at FROM {}.payouts WHERE queue = ANY($4) AND due > 0 AND due <= $1
	UNION ALL SELECT j.reference COLLATE "C", NULL, j.id, j.at FROM (%s) AS j (reference, id, at)
) AS one
GROUP BY reference
HAVING max(due) > 0 AND (max(id) IS NULL OR max(at) > $2)
ORDER BY 2, 1 LIMIT $3`

// Unattended is for an engine that drives payouts by jobs in the same database, one for
// each: it returns payouts that are due since before a time, and that none of the jobs
// will see to before another one. Jobs is a query that returns, of the next job of each
// payout that has one, its reference, a number, and when it runs (timestamptz); it is
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
