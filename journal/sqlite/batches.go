package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/payoutkit/payout/journal"
)

// KeepRows writes down which rows of registries were taken. One that is there already is
// no error.
func (j *Journal) KeepRows(ctx context.Context, rows []journal.BatchRow) error {
	rows = slices.Clone(rows)
	return j.writer.write(ctx, func(tx *transaction) error {
		for _, r := range rows {
			if err := tx.run(`INSERT INTO batch_rows (overlap, reference) VALUES (?, ?) ON CONFLICT DO NOTHING`, r.Key[:], r.Reference); err != nil {
				return err
			}
		}
		return nil
	})
}

// EarlierRows returns, for each key that is known, the references of the rows that were
// taken under it. At most some hundred keys at once.
func (j *Journal) EarlierRows(ctx context.Context, keys [][32]byte) (map[[32]byte][]string, error) {
	out := map[[32]byte][]string{}
	if len(keys) == 0 {
		return out, nil
	}
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = k[:]
	}
	query := `SELECT overlap, reference FROM batch_rows WHERE overlap IN (?` + strings.Repeat(", ?", len(keys)-1) + `) ORDER BY overlap, reference`
	err := j.each(ctx, query, args, func(rows *sql.Rows) error {
		var key []byte
		var reference string
		if err := rows.Scan(&key, &reference); err != nil {
			return j.wrong(err)
		}
		if len(key) == 32 {
			out[[32]byte(key)] = append(out[[32]byte(key)], reference)
		}
		return nil
	})
	return out, err
}
