package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/journal/internal/stored"
	"github.com/payoutkit/payout/journal/witness"
)

const (
	epochSQL = `
WITH next AS (UPDATE {}.journal SET epoch = epoch + 1 RETURNING epoch)
INSERT INTO {}.epochs (number, nonce, began_at, holder) SELECT epoch, $1, $2, $3 FROM next RETURNING number`
	nonceSQL = `SELECT nonce FROM {}.epochs WHERE number = $1`
	lastSQL  = `
SELECT j.epoch, coalesce((SELECT nonce FROM {}.epochs WHERE number = j.epoch), ''), coalesce((SELECT max(id) FROM {}.events), 0)
FROM {}.journal j`
)

// Epoch implements [dispatch.Journal]. It looks at the server first: an epoch is the
// last chance to notice that commits are missing from the journal, and a doubt that it
// begins is there when it returns.
func (j *Journal) Epoch(ctx context.Context) (int64, error) {
	nonce, err := j.config.random()
	if err != nil {
		return 0, err
	}
	var number int64
	var at facts
	var m witness.Mark
	err = j.durable(ctx, func(tx pgx.Tx) (err error) {
		if at, err = j.checked(ctx, tx); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, j.sql.epoch, nonce, stored.Micros(j.config.Now()), j.config.Holder).Scan(&number); err != nil {
			return fmt.Errorf("postgres: begin an epoch: %w", err)
		}
		m, err = j.mark(ctx, tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	if err := j.looked(ctx, at, m); err != nil {
		return 0, err
	}
	return number, nil
}

// mark is where the journal stands.
func (j *Journal) mark(ctx context.Context, tx pgx.Tx) (witness.Mark, error) {
	m := witness.Mark{Lineage: j.lineage}
	if err := tx.QueryRow(ctx, j.sql.last).Scan(&m.Epoch, &m.Nonce, &m.Event); err != nil {
		return m, fmt.Errorf("postgres: read how far the journal has come: %w", err)
	}
	return m, nil
}

// witnessedBy is the journal as its witness compares it. Epoch 0 is before the first.
func (j *Journal) witnessedBy(tx pgx.Tx) func(context.Context) (witness.Journal, error) {
	return func(ctx context.Context) (witness.Journal, error) {
		m, err := j.mark(ctx, tx)
		return witness.Journal{Lineage: j.lineage, Event: m.Event, Nonce: func(ctx context.Context, epoch int64) (nonce string, ok bool, err error) {
			if epoch == 0 {
				return "", true, nil
			}
			rows, err := tx.Query(ctx, j.sql.nonce, epoch)
			if err != nil {
				return "", false, err
			}
			nonces, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil || len(nonces) == 0 {
				return "", false, err
			}
			return nonces[0], true, nil
		}}, err
	}
}
