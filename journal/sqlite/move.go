package sqlite

import (
	"context"

	"github.com/payoutkit/payout/journal/internal/stored"
)

// Tombstone says that the journal goes on elsewhere, and where. After it nothing can be
// committed here, and [Open] refuses the file; what is there can still be read by who
// has it open.
func (j *Journal) Tombstone(ctx context.Context, to string) error {
	if to == "" {
		return invalid("to", "is required: where the journal goes on")
	}
	now := j.config.Now()
	return j.writer.write(ctx, func(tx *transaction) error {
		if err := tx.run(`UPDATE journal SET moved_to = ?`, to); err != nil {
			return err
		}
		tx.movedTo = to
		return tx.note(now, stored.NoteMoved, stored.Note{To: to})
	})
}
