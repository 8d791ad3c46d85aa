package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

const (
	putKeySQL = `
WITH new AS (INSERT INTO {}.payout_keys (reference, key) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING key)
SELECT (SELECT key FROM new), ` + durably
	keySQL = `SELECT key FROM {}.payout_keys WHERE reference = $1`
)

// PutKey keeps the sealed data key of one payout, durably, and returns it; or returns
// the one that is there already.
func (j *Journal) PutKey(ctx context.Context, reference string, key []byte) (have []byte, err error) {
	if reference == "" || len(key) == 0 {
		return nil, invalid("reference, key", "are required")
	}
	err = again(ctx, func(ctx context.Context) error {
		var sync string
		return j.pool.QueryRow(ctx, j.sql.putKey, reference, key).Scan(&have, &sync)
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: keep the key of payout %q: %w", reference, err)
	}
	if have != nil {
		return have, nil
	}
	return j.Key(ctx, reference)
}

// Key returns the sealed data key of a payout, or [dispatch.ErrNoEntry]: there never was
// one, or it was destroyed.
func (j *Journal) Key(ctx context.Context, reference string) ([]byte, error) {
	var key []byte
	switch err := j.pool.QueryRow(ctx, j.sql.key, reference).Scan(&key); {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, dispatch.ErrNoEntry
	case err != nil:
		return nil, fmt.Errorf("postgres: read the key of payout %q: %w", reference, err)
	}
	return key, nil
}

// Erase takes what is personal out of a payout that is final: its key is destroyed, its
// sealed request removed, and of its destination the kind is left, in what stands and
// in what happened. Reference, fingerprint, amount and outcome stay for ever. It is
// written down, with the name of the person who did it. Of a payout that is not final the
// error is ErrInvalid; one that is erased already is erased once more, which does no harm.
//
// The rows as they were are in the database's files until it has vacuumed them and used
// their place again, and in its log and its copies for as long as those are kept: what
// can be read there is masked, or sealed under a key that is kept elsewhere.
func (j *Journal) Erase(ctx context.Context, reference, by string) error {
	if by == "" {
		return invalid("by", "is required: a person's name")
	}
	in := within(j.config.Schema)
	return j.durable(ctx, func(tx pgx.Tx) error {
		e, err := j.read(ctx, tx, in(loadSQL+` FOR UPDATE`), reference)
		if err != nil {
			return err
		}
		if !e.State.Final() {
			return invalid("reference", "is a payout that is "+e.State.String()+": only one that is final can be erased")
		}
		p, err := stored.FromEntry(stored.Erased(e))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, in(`UPDATE {}.payouts SET erased = true, document = $2::text::json, sealed = NULL WHERE reference = $1`), reference, string(p.Document)); err != nil {
			return fmt.Errorf("postgres: erase payout %q: %w", reference, err)
		}
		if err := j.eraseEvents(ctx, tx, reference); err != nil {
			return fmt.Errorf("postgres: erase the history of payout %q: %w", reference, err)
		}
		if _, err := tx.Exec(ctx, in(`DELETE FROM {}.payout_keys WHERE reference = $1`), reference); err != nil {
			return fmt.Errorf("postgres: destroy the key of payout %q: %w", reference, err)
		}
		return j.note(ctx, tx, stored.NoteErased, stored.Note{By: by, Reference: reference})
	})
}

func (j *Journal) eraseEvents(ctx context.Context, tx pgx.Tx, reference string) error {
	in := within(j.config.Schema)
	rows, err := tx.Query(ctx, in(`SELECT id, document::text FROM {}.events WHERE reference = $1`), reference)
	if err != nil {
		return err
	}
	documents := map[int64][]byte{}
	var id int64
	var document []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &document}, func() error {
		documents[id], err = stored.EraseEvent(document)
		return err
	})
	if err != nil {
		return err
	}
	for id, document := range documents {
		if _, err := tx.Exec(ctx, in(`UPDATE {}.events SET document = $2::text::json WHERE id = $1`), id, string(document)); err != nil {
			return err
		}
	}
	return nil
}
