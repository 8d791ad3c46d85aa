package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// dueSQL looks for what is due and nobody else's, and leases what is not leased to this
// holder for a while yet. What another one is just leasing is passed over. A lease need
// not survive anything: its transaction does not wait for the disk.
const dueSQL = `
WITH near AS MATERIALIZED (
	SELECT ctid, reference, due, leased_by = $3 AND leased_until > $5 AS held FROM {}.payouts
	WHERE queue = $1 AND due > 0 AND due <= $2 AND (leased_until <= $2 OR leased_by = $3)
	ORDER BY due, reference LIMIT $4
), free AS MATERIALIZED (
	SELECT p.at AS ctid FROM near, LATERAL (
		SELECT ctid AS at FROM {}.payouts
		WHERE ctid = near.ctid AND queue = $1 AND due > 0 AND due <= $2 AND (leased_until <= $2 OR leased_by = $3)
		FOR NO KEY UPDATE SKIP LOCKED) p
	WHERE NOT near.held
), got AS (
	UPDATE {}.payouts p SET leased_by = $3, leased_until = $6 FROM free WHERE p.ctid = free.ctid
	RETURNING p.reference, p.due, set_config('synchronous_commit', 'off', true)
)
SELECT reference, due, 0 FROM near WHERE held
UNION ALL SELECT reference, due, 0 FROM got
UNION ALL SELECT '', 0, (SELECT count(*) FROM near WHERE NOT held) - (SELECT count(*) FROM got)
ORDER BY 2, 1`

const waitingSQL = `SELECT count(*) FROM (SELECT FROM {}.payouts WHERE queue = ANY($1) AND due > 0 AND due <= $2 LIMIT $3) AS waiting`

// queues are those of a kind of work, in the order in which they are worked off.
func queues(w dispatch.Work) []int16 {
	if w == dispatch.Send {
		return []int16{stored.QueueSend}
	}
	return []int16{stored.QueueUnknown, stored.QueueAsk}
}

// Due implements [dispatch.Journal]. What it returns is leased to this Journal until
// now + [Config.Lease], or until the payout is committed, by whomever: others are not
// given it, and this one is given it again.
//
// A lease is economy, and nothing else: it keeps processes from doing the same work. That
// nothing is sent twice rests on the versions that commits compare. Leases may be lost,
// or run out while somebody is at it, or disagree with another clock, and it does no
// harm.
//
// A payout that waits to be sent, and whose request is not sealed, is leased to the one
// who has written it: only he has the request.
func (j *Journal) Due(ctx context.Context, w dispatch.Work, now time.Time, limit int) ([]dispatch.Due, error) {
	var out []dispatch.Due
	for _, queue := range queues(w) {
		for range maxTries {
			some, passed, err := j.lease(ctx, queue, now, limit-len(out))
			if err != nil {
				return nil, fmt.Errorf("postgres: look for what is due: %w", err)
			}
			if passed && len(some) == 0 { // all of it went to another one: there may be more
				continue
			}
			out = append(out, some...)
			break
		}
	}
	return out, nil
}

// lease returns what is due of one queue, and whether it had to pass something over that
// was there a moment before.
func (j *Journal) lease(ctx context.Context, queue int16, now time.Time, limit int) (out []dispatch.Due, passed bool, err error) {
	if limit <= 0 {
		return nil, false, ctx.Err()
	}
	until, renew := now.Add(j.config.Lease), now.Add(j.config.Lease/2)
	err = again(ctx, func(ctx context.Context) error {
		rows, err := j.pool.Query(ctx, j.sql.due, queue, stored.Micros(now), j.holder, limit, stored.Micros(renew), stored.Micros(until))
		if err != nil {
			return err
		}
		defer rows.Close()
		out, passed = nil, false
		for rows.Next() {
			var reference string
			var due, missed int64
			if err := rows.Scan(&reference, &due, &missed); err != nil {
				return err
			}
			if reference != "" {
				out = append(out, dispatch.Due{Reference: reference, At: stored.Time(due)})
			}
			passed = passed || missed > 0
		}
		return rows.Err()
	})
	return out, passed, err
}

// Waiting implements [dispatch.Journal].
func (j *Journal) Waiting(ctx context.Context, w dispatch.Work, now time.Time, atMost int) (n int, err error) {
	if err := j.pool.QueryRow(ctx, j.sql.waiting, queues(w), stored.Micros(now), max(atMost, 0)).Scan(&n); err != nil {
		return 0, fmt.Errorf("postgres: count what is due: %w", err)
	}
	return n, nil
}
