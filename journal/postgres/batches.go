package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
)

const (
	keepRowsSQL = `INSERT INTO {}.batch_rows (overlap, reference)
SELECT * FROM unnest($1::bytea[], $2::text[]) ON CONFLICT DO NOTHING`
	severalSQL     = `SELECT ` + columns + ` FROM {}.payouts p WHERE p.reference = ANY($1)`
	earlierRowsSQL = `SELECT overlap, reference FROM {}.batch_rows WHERE overlap = ANY($1) ORDER BY overlap, reference`
)

// KeepRows writes down which rows of registries were taken. One that is there already is
// no error.
func (j *Journal) KeepRows(ctx context.Context, rows []journal.BatchRow) error {
	var keys [][]byte
	var references []string
	for _, r := range rows {
		keys, references = append(keys, r.Key[:]), append(references, r.Reference)
	}
	return j.durable(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, within(j.config.Schema)(keepRowsSQL), keys, references); err != nil {
			return fmt.Errorf("postgres: keep the rows of a batch: %w", err)
		}
		return nil
	})
}

// EarlierRows returns, for each key that is known, the references of the rows that were
// taken under it. At most some hundred keys at once.
func (j *Journal) EarlierRows(ctx context.Context, keys [][32]byte) (map[[32]byte][]string, error) {
	var all [][]byte
	for _, k := range keys {
		all = append(all, k[:])
	}
	out := map[[32]byte][]string{}
	rows, err := j.pool.Query(ctx, within(j.config.Schema)(earlierRowsSQL), all)
	if err != nil {
		return nil, fmt.Errorf("postgres: read the rows of batches: %w", err)
	}
	var key []byte
	var reference string
	_, err = pgx.ForEachRow(rows, []any{&key, &reference}, func() error {
		if len(key) == 32 {
			out[[32]byte(key)] = append(out[[32]byte(key)], reference)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: read the rows of batches: %w", err)
	}
	return out, nil
}

// Standing returns those of some payouts that are in the journal, in no order. At most some
// hundred at once.
func (j *Journal) Standing(ctx context.Context, references []string) ([]dispatch.Entry, error) {
	rows, err := j.pool.Query(ctx, within(j.config.Schema)(severalSQL), references)
	if err != nil {
		return nil, fmt.Errorf("postgres: read payouts: %w", err)
	}
	out, err := pgx.CollectRows(rows, scanned)
	if err != nil {
		return nil, fmt.Errorf("postgres: read payouts: %w", err)
	}
	return out, nil
}
