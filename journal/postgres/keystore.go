package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/journal/seal"
)

var _ seal.KeyStore = (*Journal)(nil)

// ReplaceKey implements [seal.KeyStore].
func (j *Journal) ReplaceKey(ctx context.Context, reference string, old, key []byte) error {
	err := j.durable(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, within(j.config.Schema)(`UPDATE {}.payout_keys SET key = $3 WHERE reference = $1 AND key = $2`), reference, old, key)
		return err
	})
	if err != nil {
		return fmt.Errorf("postgres: replace the key of payout %q: %w", reference, err)
	}
	return nil
}

// EraseKey implements [seal.KeyStore]: what is kept of the payouts themselves stays as it
// is, final or not. As with [Journal.Erase], the rows as they were are in the database's
// files, in its log and in its copies until they are used again, or are gone.
func (j *Journal) EraseKey(ctx context.Context, references ...string) error {
	err := j.durable(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, within(j.config.Schema)(`DELETE FROM {}.payout_keys WHERE reference = ANY($1)`), references)
		return err
	})
	if err != nil {
		return fmt.Errorf("postgres: destroy the keys of payouts: %w", err)
	}
	return nil
}

// Keys implements [seal.KeyStore].
func (j *Journal) Keys(ctx context.Context, after string, limit int) ([]seal.KeptKey, error) {
	rows, err := j.pool.Query(ctx, within(j.config.Schema)(`SELECT reference, key FROM {}.payout_keys WHERE reference > $1 ORDER BY reference LIMIT $2`), after, limit)
	if err == nil {
		var out []seal.KeptKey
		if out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[seal.KeptKey]); err == nil {
			return out, nil
		}
	}
	return nil, fmt.Errorf("postgres: list the keys of payouts: %w", err)
}
