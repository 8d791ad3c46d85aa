package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Erase takes what is personal out of a payout that is final: its data key, its sealed
// request, and of its destination all but the kind, here and in its events, also in those
// that are still to come. Reference, fingerprint, amounts and outcome stay for ever: they
// keep it from being paid again. Who asked for it is written down. A payout that is not
// final is ErrInvalid; one that is erased already is erased once more, which does no harm.
//
// When it returns nil nothing of it is left in the journal's files. Backups that were made
// before still have it.
func (j *Journal) Erase(ctx context.Context, reference, by string) error {
	if by == "" {
		return invalid("by", "is required: a person's name")
	}
	now := j.config.Now()
	if err := j.writer.write(ctx, func(tx *transaction) error {
		if err := tx.erase(reference); err != nil {
			return err
		}
		return tx.note(now, stored.NoteErased, stored.Note{By: by, Reference: reference})
	}); err != nil {
		return err
	}
	// The pages as they were are still in the log.
	if err := j.pages.empty(ctx); err != nil {
		return fmt.Errorf("journal %s: payout %q is erased, but its old pages are still in the log; erase it again: %w", j.path, reference, err)
	}
	return nil
}

func (tx *transaction) erase(reference string) error {
	have, ok, err := tx.find(reference)
	switch {
	case err != nil:
		return err
	case !ok:
		return dispatch.ErrNoEntry
	case !have.state.Final():
		return invalid("reference", "is a payout that is "+have.state.String()+": only one that is final can be erased")
	}
	var row stored.Payout
	if _, err := tx.get(tx.st.load, []any{reference}, payoutFields(&row)...); err != nil {
		return err
	}
	e, err := row.Entry()
	if err != nil {
		return err
	}
	if row, err = stored.FromEntry(stored.Erased(e)); err != nil {
		return err
	}
	events, err := tx.erasedEvents(reference)
	if err != nil {
		return err
	}
	for id, document := range events {
		if err := tx.run(`UPDATE events SET document = ? WHERE id = ?`, document, id); err != nil {
			return err
		}
	}
	if err := tx.eraseKey(reference); err != nil {
		return err
	}
	return tx.run(`UPDATE payouts SET erased = 1, document = ?, sealed = NULL WHERE rowid = ?`, string(row.Document), have.rowid)
}

// erasedEvents returns the documents of a payout's events as they are to be, by their
// numbers.
func (tx *transaction) erasedEvents(reference string) (_ map[int64]string, err error) {
	rows, err := tx.conn.QueryContext(tx.ctx, `SELECT id, document FROM events WHERE reference = ?`, reference)
	if err != nil {
		tx.failed = err
		return nil, err
	}
	defer func() {
		if err = errors.Join(err, rows.Close(), rows.Err()); err != nil {
			tx.failed = err
		}
	}()
	out := map[int64]string{}
	for rows.Next() {
		var id int64
		var document []byte
		if err := rows.Scan(&id, &document); err != nil {
			return nil, err
		}
		erased, err := stored.EraseEvent(document)
		if err != nil {
			return nil, err
		}
		out[id] = string(erased)
	}
	return out, nil
}

// erased returns a change of a payout that was erased, without what is personal.
func (p change) erased() (change, error) {
	c := p.Change
	c.Entry.Version--
	c.Entry, c.Event = stored.Erased(c.Entry), stored.ErasedEvent(c.Event)
	return prepared(c)
}
