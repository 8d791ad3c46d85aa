package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Tombstone ends the journal here: it goes on elsewhere, and to says where, for people.
// When it returns, what was being committed has ended, and from then on nothing is
// committed any more, by any process, whichever version of the program it runs: the
// error is [journal.ErrMoved]. It can be read as before. There is no way back.
func (j *Journal) Tombstone(ctx context.Context, to string) error {
	if to == "" {
		return invalid("to", "is required: where the journal goes on")
	}
	in := within(j.config.Schema)
	return j.durable(ctx, func(tx pgx.Tx) error {
		var moved string
		if err := tx.QueryRow(ctx, in(`SELECT moved_to FROM {}.journal FOR UPDATE`)).Scan(&moved); err != nil {
			return fmt.Errorf("postgres: end the journal: %w", err)
		}
		if moved != "" {
			return fmt.Errorf("postgres: %w: %s", journal.ErrMoved, moved)
		}
		if _, err := tx.Exec(ctx, in(`UPDATE {}.journal SET moved_to = $1`), to); err != nil {
			return fmt.Errorf("postgres: end the journal: %w", err)
		}
		if err := j.note(ctx, tx, stored.NoteMoved, stored.Note{By: j.config.Holder, To: to}); err != nil {
			return err
		}
		for _, table := range append(stored.Tables(), stored.Table{Name: "journal"}) {
			_, err := tx.Exec(ctx, in(`CREATE TRIGGER moved BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {}.`+table.Name+` EXECUTE FUNCTION {}.moved()`))
			if err != nil {
				return fmt.Errorf("postgres: end the journal: %w", err)
			}
		}
		return nil
	})
}
