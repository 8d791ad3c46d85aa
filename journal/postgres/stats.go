package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Stats is what to watch a journal by.
type Stats struct {
	ByState map[dispatch.State]int64
	// OldestUnknown is the payout that has been taken on first of those whose fate nobody
	// knows, "" if there is none, and UnknownSince when that was.
	OldestUnknown string
	UnknownSince  time.Time
	Bytes         int64 // of the journal's tables and indexes
}

// Stats reads the index of states once, and little else.
func (j *Journal) Stats(ctx context.Context) (Stats, error) {
	states, err := j.Count(ctx, dispatch.Filter{})
	if err != nil {
		return Stats{}, err
	}
	s := Stats{ByState: states}
	in := within(j.config.Schema)
	var since int64
	err = j.pool.QueryRow(ctx, in(`SELECT reference, created_at FROM {}.payouts WHERE state = 'unknown' ORDER BY created_at, reference LIMIT 1`)).Scan(&s.OldestUnknown, &since)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Stats{}, fmt.Errorf("postgres: look for the oldest unknown payout: %w", err)
	}
	s.UnknownSince = stored.Time(since)
	err = j.pool.QueryRow(ctx, `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'`, j.config.Schema).Scan(&s.Bytes)
	if err != nil {
		return Stats{}, fmt.Errorf("postgres: measure the journal: %w", err)
	}
	return s, nil
}
