package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

const (
	setHoldSQL = `
WITH lifted AS (
	DELETE FROM {}.holds WHERE provider = $1 AND $2
), held AS (
	INSERT INTO {}.holds (provider, document) SELECT $1, $3::text::json WHERE NOT $2
	ON CONFLICT (provider) DO UPDATE SET document = excluded.document
)
INSERT INTO {}.hold_events (at, provider, document) VALUES ($4, $1, $3::text::json) RETURNING ` + durably
	holdsSQL = `SELECT provider, document::text FROM {}.holds ORDER BY provider`
)

// SetHold implements [dispatch.Journal].
func (j *Journal) SetHold(ctx context.Context, h dispatch.Hold) error {
	text, err := stored.FromHold(h)
	if err != nil {
		return err
	}
	err = again(ctx, func(ctx context.Context) error {
		var sync string
		return j.pool.QueryRow(ctx, j.sql.setHold, h.Provider, h.Reason == dispatch.NotHeld, string(text), stored.Micros(j.config.Now())).Scan(&sync)
	})
	if err != nil {
		return fmt.Errorf("postgres: write the hold of %q: %w", h.Provider, err)
	}
	return nil
}

// Holds implements [dispatch.Journal].
func (j *Journal) Holds(ctx context.Context) ([]dispatch.Hold, error) {
	rows, err := j.pool.Query(ctx, j.sql.holds)
	if err != nil {
		return nil, fmt.Errorf("postgres: read the holds: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (dispatch.Hold, error) {
		var provider string
		var document []byte
		if err := row.Scan(&provider, &document); err != nil {
			return dispatch.Hold{}, err
		}
		return stored.Hold(provider, document)
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: read the holds: %w", err)
	}
	return out, nil
}
