package sqlite

import (
	"context"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Epoch implements [dispatch.Journal].
func (j *Journal) Epoch(ctx context.Context) (n int64, err error) {
	id, err := nonce(j.config.Rand)
	if err != nil {
		return 0, err
	}
	now := stored.Micros(j.config.Now())
	err = j.writer.write(ctx, func(tx *transaction) error {
		n = tx.mark.Epoch + 1
		if err := tx.run(`INSERT INTO epochs (number, nonce, began_at, holder) VALUES (?, ?, ?, ?)`, n, id, now, j.holder.String()); err != nil {
			return err
		}
		tx.mark.Epoch, tx.mark.Nonce = n, id
		return tx.run(`UPDATE journal SET epoch = ?`, n)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// SetHold implements [dispatch.Journal]. Each is kept for ever, among the events of holds.
func (j *Journal) SetHold(ctx context.Context, h dispatch.Hold) error {
	document, err := stored.FromHold(h)
	if err != nil {
		return err
	}
	now := stored.Micros(j.config.Now())
	return j.writer.write(ctx, func(tx *transaction) error {
		if err := tx.run(`INSERT INTO hold_events (at, provider, document) VALUES (?, ?, ?)`, now, h.Provider, string(document)); err != nil {
			return err
		}
		if h.Reason == dispatch.NotHeld {
			return tx.run(`DELETE FROM holds WHERE provider = ?`, h.Provider)
		}
		return tx.run(`INSERT INTO holds (provider, document) VALUES (?, ?) ON CONFLICT (provider) DO UPDATE SET document = excluded.document`,
			h.Provider, string(document))
	})
}
