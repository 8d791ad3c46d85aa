package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

var _ dispatch.KeyKeeper = (*Journal)(nil)

// CheckKeys implements [dispatch.KeyKeeper]. A registry's key belongs here, too, by
// whatever name.
func (j *Journal) CheckKeys(ctx context.Context, keys map[string]dispatch.KeyCheck) error {
	_, some, err := j.newKeys(ctx, j.pool, keys)
	if err != nil || !some {
		return err
	}
	return j.durable(ctx, func(tx pgx.Tx) error {
		// Others may be at it: the one who comes second has to see what the first one wrote.
		if _, err := tx.Exec(ctx, within(j.config.Schema)(`SELECT 1 FROM {}.journal FOR UPDATE`)); err != nil {
			return fmt.Errorf("postgres: keep which keys it is used with: %w", err)
		}
		n, some, err := j.newKeys(ctx, tx, keys)
		if err != nil || !some {
			return err
		}
		return j.note(ctx, tx, stored.NoteKeys, n)
	})
}

func (j *Journal) newKeys(ctx context.Context, q querier, keys map[string]dispatch.KeyCheck) (stored.Note, bool, error) {
	rows, err := q.Query(ctx, within(j.config.Schema)(
		`SELECT kind, convert_to(document::text, 'UTF8') FROM {}.journal_events WHERE kind IN ('keys', 'witnessed', 'moved') ORDER BY id`))
	if err != nil {
		return stored.Note{}, false, fmt.Errorf("postgres: read which keys it is used with: %w", err)
	}
	marks, err := pgx.CollectRows(rows, pgx.RowToStructByPos[stored.Mark])
	if err != nil {
		return stored.Note{}, false, fmt.Errorf("postgres: read which keys it is used with: %w", err)
	}
	return stored.Marks(marks).NewKeys(keys)
}
