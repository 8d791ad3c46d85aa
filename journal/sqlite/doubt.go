package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
	"github.com/payoutkit/payout/journal/witness"
)

// Doubt implements [dispatch.Journal].
func (j *Journal) Doubt(ctx context.Context) (d dispatch.Doubt, err error) {
	var since int64
	if err := j.one(ctx, j.doubt, nil, &d.Number, &since, &d.Why); err != nil || since == 0 {
		return dispatch.Doubt{}, err
	}
	d.Since = stored.Time(since)
	return d, nil
}

// judge compares a journal with its witness. If it is behind, a new doubt begins, also
// if there is one already: there may be more missing than before.
func (j *Journal) judge(ctx context.Context, db *sql.DB) error {
	if j.config.Witness == nil {
		return nil
	}
	seen, ok, err := j.config.Witness.Read(ctx)
	if err != nil {
		return err
	}
	if !ok { // what stands is written to it when the writer begins
		marks, err := marked(ctx, db)
		if err != nil || !marks.Witnessed() {
			return err
		}
		return j.begin(ctx, db, "its witness has seen nothing: it was lost, or is another one than it had")
	}
	m, _, err := stands(ctx, db)
	if err != nil {
		return err
	}
	wrong, err := witness.Compare(ctx, seen, witness.Journal{Lineage: m.Lineage, Event: m.Event, Nonce: func(ctx context.Context, epoch int64) (n string, ok bool, err error) {
		err = db.QueryRowContext(ctx, `SELECT nonce FROM epochs WHERE number = ?`, epoch).Scan(&n)
		if errors.Is(err, sql.ErrNoRows) {
			return "", false, nil
		}
		return n, err == nil, err
	}})
	if err != nil || wrong == "" {
		return err
	}
	return j.begin(ctx, db, wrong)
}

// witnessed notes that a journal has a witness from now on: if that is ever empty, it was
// lost.
func (j *Journal) witnessed(ctx context.Context) error {
	if j.config.Witness == nil {
		return nil
	}
	now := j.config.Now()
	return j.writer.write(ctx, func(tx *transaction) error {
		marks, err := marked(tx.ctx, tx.conn)
		if err != nil || marks.Witnessed() {
			return err
		}
		return tx.note(now, stored.NoteWitnessed, stored.Note{})
	})
}

// begin writes down a new doubt.
func (j *Journal) begin(ctx context.Context, db *sql.DB, why string) (err error) {
	now := stored.Micros(j.config.Now())
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	var number int64
	if err := tx.QueryRowContext(ctx, `UPDATE journal SET doubt = doubt + 1, doubt_since = ?, doubt_why = ? RETURNING doubt`, now, why).Scan(&number); err != nil {
		return err
	}
	note, err := stored.Note{Doubt: number, Why: why}.Document()
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, noted, now, stored.NoteDoubted, string(note)); err != nil {
		return err
	}
	return tx.Commit()
}

// noted adds to the events of the journal itself.
const noted = `INSERT INTO journal_events (at, kind, document) VALUES (?, ?, ?)`

// Trust ends a doubt: a person takes it upon himself that the journal can be relied on
// again, on evidence such as that the banks' statements were compared with it. Both are
// written down. Without a doubt the error is ErrInvalid.
func (j *Journal) Trust(ctx context.Context, by, evidence string) error {
	if by == "" || evidence == "" {
		return invalid("by, evidence", "are required: a person's name, and what it rests on")
	}
	now := j.config.Now()
	return j.writer.write(ctx, func(tx *transaction) error {
		var number, since int64
		if err := tx.row(`SELECT doubt, doubt_since FROM journal`, nil, &number, &since); err != nil {
			return err
		}
		if since == 0 {
			return invalid("doubt", "there is none")
		}
		if err := tx.run(`UPDATE journal SET doubt_since = 0, doubt_why = ''`); err != nil {
			return err
		}
		return tx.note(now, stored.NoteTrusted, stored.Note{By: by, Why: evidence, Doubt: number})
	})
}
