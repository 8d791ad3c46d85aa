package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"github.com/payoutkit/payout/journal/seal"
)

var _ seal.KeyStore = (*Journal)(nil)

// ReplaceKey implements [seal.KeyStore].
func (j *Journal) ReplaceKey(ctx context.Context, reference string, old, key []byte) error {
	if len(key) == 0 {
		return invalid("key", "is required")
	}
	old, key = bytes.Clone(old), bytes.Clone(key)
	return j.writer.write(ctx, func(tx *transaction) error {
		return tx.run(`UPDATE payout_keys SET key = ? WHERE reference = ? AND key = ?`, key, reference, old)
	})
}

// EraseKey implements [seal.KeyStore]: what is kept of the payouts themselves stays as it
// is, final or not. When it returns nil nothing of the keys is left in the journal's
// files. Backups that were made before still have them.
func (j *Journal) EraseKey(ctx context.Context, references ...string) error {
	if len(references) == 0 {
		return ctx.Err()
	}
	references = append([]string(nil), references...)
	if err := j.writer.write(ctx, func(tx *transaction) error {
		for _, r := range references {
			if err := tx.eraseKey(r); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	// The pages as they were are still in the log.
	if err := j.pages.empty(ctx); err != nil {
		return fmt.Errorf("journal %s: the keys are erased, but their old pages are still in the log; erase them again: %w", j.path, err)
	}
	return nil
}

// eraseKey overwrites a key before it is deleted: what is deleted may first be moved.
func (tx *transaction) eraseKey(reference string) error {
	if err := tx.run(`UPDATE payout_keys SET key = zeroblob(length(key)) WHERE reference = ?`, reference); err != nil {
		return err
	}
	return tx.run(`DELETE FROM payout_keys WHERE reference = ?`, reference)
}

// Keys implements [seal.KeyStore].
func (j *Journal) Keys(ctx context.Context, after string, limit int) (out []seal.KeptKey, err error) {
	err = j.each(ctx, `SELECT reference, key FROM payout_keys WHERE reference > ? ORDER BY reference LIMIT ?`, []any{after, limit}, func(rows *sql.Rows) error {
		var k seal.KeptKey
		err := rows.Scan(&k.Reference, &k.Key)
		out = append(out, k)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
