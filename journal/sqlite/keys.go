package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"github.com/payoutkit/payout/dispatch"
)

// PutKey keeps a payout's sealed data key, and returns the one that is kept for it: that
// one, or another that was there before.
func (j *Journal) PutKey(ctx context.Context, reference string, key []byte) (have []byte, err error) {
	if reference == "" || len(key) == 0 {
		return nil, invalid("reference, key", "are required")
	}
	key = bytes.Clone(key)
	err = j.writer.write(ctx, func(tx *transaction) error {
		if err := tx.run(`INSERT INTO payout_keys (reference, key) VALUES (?, ?) ON CONFLICT (reference) DO NOTHING`, reference, key); err != nil {
			return err
		}
		return tx.row(`SELECT key FROM payout_keys WHERE reference = ?`, []any{reference}, &have)
	})
	if err != nil {
		return nil, err
	}
	return have, nil
}

// Key returns what PutKey has kept for a payout, or [dispatch.ErrNoEntry]: there was never
// any, or it was erased.
func (j *Journal) Key(ctx context.Context, reference string) (key []byte, err error) {
	err = j.one(ctx, j.key, []any{reference}, &key)
	if errors.Is(err, sql.ErrNoRows) {
		err = dispatch.ErrNoEntry
	}
	return key, err
}
