package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
	"github.com/payoutkit/payout/journal/witness"
)

const (
	stateSQL = `SELECT system, timeline, doubt_since, doubt_why FROM {}.journal FOR UPDATE`

	// Writers of events are waited for, and those that come later see the new era.
	settleSQL = `UPDATE {}.journal SET system = $1, timeline = $2, era = era + 1`
	trustSQL  = `UPDATE {}.journal SET doubt_since = 0, doubt_why = '' WHERE doubt_since > 0 RETURNING doubt`
	noteSQL   = `INSERT INTO {}.journal_events (at, kind, document) VALUES ($1, $2, $3::text::json)`
	doubtSQL  = `SELECT doubt, doubt_since, doubt_why, pg_postmaster_start_time() FROM {}.journal`
)

// Doubt implements [dispatch.Journal]. A doubt begins when the journal is opened, or an
// epoch begun, and
//
//   - it is behind its witness, see [Config.Witness];
//   - it is in another cluster than it was: it was restored from a dump;
//   - its cluster is on another timeline than it was: it was recovered to a point in
//     time, or a replica was promoted, which may not have had all that was acknowledged;
//     the latter is none with [Config.SynchronousReplication].
//
// A server that was started again is looked at before anything else is committed on it,
// by whichever process. A copy of the files that was put back while the cluster was
// down is noticed by a witness, and by nothing else.
func (j *Journal) Doubt(ctx context.Context) (dispatch.Doubt, error) {
	d, started, err := j.doubt(ctx)
	if at := j.server.Load(); err == nil && (at == nil || !at.Equal(started)) {
		if err = j.check(ctx); err == nil {
			d, _, err = j.doubt(ctx)
		}
	}
	return d, err
}

func (j *Journal) doubt(ctx context.Context) (dispatch.Doubt, time.Time, error) {
	var d dispatch.Doubt
	var since int64
	var started time.Time
	if err := j.pool.QueryRow(ctx, j.sql.doubt).Scan(&d.Number, &since, &d.Why, &started); err != nil {
		return dispatch.Doubt{}, started, fmt.Errorf("postgres: read the doubt: %w", err)
	}
	if d.Since = stored.Time(since); since == 0 {
		d = dispatch.Doubt{}
	}
	return d, started, nil
}

// Trust ends the doubt: a person takes it upon himself that what the journal shows as
// never sent was not sent, on what evidence. It is written down with his name. Without a doubt the error is ErrInvalid.
func (j *Journal) Trust(ctx context.Context, by, evidence string) error {
	if by == "" || evidence == "" {
		return invalid("by, evidence", "are required: a person's name, and what it rests on")
	}
	return j.durable(ctx, func(tx pgx.Tx) error {
		var number int64
		err := tx.QueryRow(ctx, j.sql.trust).Scan(&number)
		if errors.Is(err, pgx.ErrNoRows) {
			return invalid("doubt", "there is none")
		}
		if err != nil {
			return fmt.Errorf("postgres: end the doubt: %w", err)
		}
		return j.note(ctx, tx, stored.NoteTrusted, stored.Note{By: by, Doubt: number, Why: evidence})
	})
}

// note writes down what happened to the journal itself.
func (j *Journal) note(ctx context.Context, tx pgx.Tx, kind string, n stored.Note) error {
	text, err := n.Document()
	if err == nil {
		_, err = tx.Exec(ctx, j.sql.note, stored.Micros(j.config.Now()), kind, string(text))
	}
	if err != nil {
		return fmt.Errorf("postgres: write a note: %w", err)
	}
	return nil
}

// check looks at the server, and compares the journal with it and with the witness.
// After it things may be committed on this server.
func (j *Journal) check(ctx context.Context) error {
	var at facts
	var m witness.Mark
	err := j.durable(ctx, func(tx pgx.Tx) (err error) {
		if at, err = j.checked(ctx, tx); err == nil {
			m, err = j.mark(ctx, tx)
		}
		return err
	})
	if err != nil {
		return err
	}
	return j.looked(ctx, at, m)
}

// looked remembers the server that was looked at, and tells the witness how far the
// journal had come there. Nobody commits on a server that is not remembered yet.
func (j *Journal) looked(ctx context.Context, at facts, m witness.Mark) error {
	j.looking.Lock()
	defer j.looking.Unlock()
	if err := j.marks.set(ctx, m, !j.knows(at)); err != nil {
		return err
	}
	j.server.Store(&at.started)
	return nil
}

// knows reports whether a server was looked at already.
func (j *Journal) knows(at facts) bool {
	known := j.server.Load()
	return known != nil && known.Equal(at.started)
}

// checked is check as a part of a transaction. What it returns has to be remembered
// once that is committed.
func (j *Journal) checked(ctx context.Context, tx pgx.Tx) (facts, error) {
	at, err := j.look(ctx, tx)
	if err != nil {
		return at, err
	}
	var system, why string
	var timeline, since int64
	if err := tx.QueryRow(ctx, j.sql.state).Scan(&system, &timeline, &since, &why); err != nil {
		return at, fmt.Errorf("postgres: read the journal's state: %w", err)
	}
	var wrong []string
	switch {
	case system != at.system:
		wrong = append(wrong, "it is in another cluster than it was: what was committed there after it was copied is missing")
	case timeline != at.timeline && !j.config.SynchronousReplication:
		wrong = append(wrong, fmt.Sprintf("its cluster has gone from timeline %d to %d: what was committed on the one before may be missing", timeline, at.timeline))
	}
	// On a server that was looked at already, the witness and the journal agree.
	if !j.knows(at) {
		behind, err := j.marks.compare(ctx, j.witnessedBy(tx))
		if err != nil {
			return at, err
		}
		if behind != "" {
			wrong = append(wrong, behind)
		}
	}
	if len(wrong) == 0 && system == at.system && timeline == at.timeline {
		return at, nil
	}
	in := within(j.config.Schema)
	if _, err := tx.Exec(ctx, in(`LOCK TABLE {}.events IN EXCLUSIVE MODE`)); err != nil {
		return at, fmt.Errorf("postgres: begin a new era: %w", err)
	}
	if _, err := tx.Exec(ctx, j.sql.settle, at.system, at.timeline); err != nil {
		return at, fmt.Errorf("postgres: begin a new era: %w", err)
	}
	if len(wrong) == 0 {
		return at, nil
	}
	reason := strings.Join(wrong, "; ")
	if since > 0 && !strings.Contains(why, reason) {
		why += "; " + reason
	} else if since == 0 {
		why = reason
	}
	var number int64
	err = tx.QueryRow(ctx, in(`UPDATE {}.journal SET doubt = doubt + 1, doubt_since = $1, doubt_why = $2 RETURNING doubt`),
		stored.Micros(j.config.Now()), why).Scan(&number)
	if err != nil {
		return at, fmt.Errorf("postgres: begin a doubt: %w", err)
	}
	return at, j.note(ctx, tx, stored.NoteDoubted, stored.Note{By: j.config.Holder, Doubt: number, Why: reason})
}
