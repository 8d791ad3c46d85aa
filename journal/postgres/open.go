package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
	"github.com/payoutkit/payout/journal/witness"
)

// Create makes a new journal in a schema that has none. The schema itself may be there,
// and is made otherwise. A journal that is there already is [journal.ErrExists]. One
// whose creation was cut off is finished by creating it again.
func Create(ctx context.Context, pool *pgxpool.Pool, c Config) (*Journal, error) {
	j, err := newJournal(pool, c)
	if err != nil {
		return nil, err
	}
	at, err := j.look(ctx, pool)
	if err != nil {
		return nil, err
	}
	if err := j.vacant(ctx); err != nil {
		return nil, err
	}
	if c.Witness != nil {
		if err := witness.Free(ctx, c.Witness); err != nil {
			return nil, fmt.Errorf("postgres: create a journal: %w", err)
		}
	}
	if err := j.migrated(ctx); err != nil {
		return nil, err
	}
	lineage, err := j.config.random()
	if err != nil {
		return nil, err
	}
	created := false
	err = j.durable(ctx, func(tx pgx.Tx) error {
		now := stored.Micros(j.config.Now())
		tag, err := tx.Exec(ctx, within(j.config.Schema)(
			`INSERT INTO {}.journal (lineage, created_at, system, timeline) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`), lineage, now, at.system, at.timeline)
		if created = tag.RowsAffected() == 1; err != nil || !created {
			return err
		}
		return j.note(ctx, tx, stored.NoteCreated, stored.Note{By: j.config.Holder})
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: create a journal: %w", err)
	}
	if !created {
		return nil, fmt.Errorf("postgres: the schema %q: %w", j.config.Schema, journal.ErrExists)
	}
	return Open(ctx, pool, c)
}

// Open opens a journal. It never creates one: where there is none, it is
// [journal.ErrMissing]. An older schema is migrated; a newer one is [journal.ErrNewer],
// and nothing is touched. A journal that was moved is [journal.ErrMoved].
//
// A server that does not keep what it has acknowledged, or can't be written to, is
// refused: fsync or full_page_writes off, a standby, a read-only session. A journal
// that may have lost commits is opened, and in doubt: see [Journal.Doubt].
func Open(ctx context.Context, pool *pgxpool.Pool, c Config) (*Journal, error) {
	j, err := newJournal(pool, c)
	if err != nil {
		return nil, err
	}
	old, err := j.found(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := j.look(ctx, pool); err != nil {
		return nil, err
	}
	if old {
		if err := j.migrated(ctx); err != nil {
			return nil, err
		}
	}
	var moved string
	var importing bool
	err = pool.QueryRow(ctx, within(j.config.Schema)(`SELECT lineage, moved_to, importing FROM {}.journal`)).Scan(&j.lineage, &moved, &importing)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, fmt.Errorf("postgres: the schema %q: %w: its creation was not finished; Create finishes it", j.config.Schema, journal.ErrNotJournal)
	case err != nil:
		return nil, fmt.Errorf("postgres: open the journal in %q: %w", j.config.Schema, err)
	case moved != "":
		return nil, fmt.Errorf("postgres: the schema %q: %w: %s", j.config.Schema, journal.ErrMoved, moved)
	case importing:
		return nil, fmt.Errorf("postgres: the schema %q: %w: what is being moved here has not arrived whole", j.config.Schema, journal.ErrNotJournal)
	}
	j.marks = newMarks(j.config.Witness, j.lineage)
	if err := j.check(ctx); err != nil {
		return nil, fmt.Errorf("postgres: open the journal in %q: %w", j.config.Schema, err)
	}
	return j, nil
}

// vacant sees to it that there is a schema, and no journal in it.
func (j *Journal) vacant(ctx context.Context) error {
	in := within(j.config.Schema)
	_, err := j.found(ctx)
	if err == nil {
		var there bool
		if err := j.pool.QueryRow(ctx, in(`SELECT EXISTS (SELECT FROM {}.journal)`)).Scan(&there); err != nil {
			return fmt.Errorf("postgres: the schema %q: %w", j.config.Schema, err)
		}
		if there {
			return fmt.Errorf("postgres: the schema %q: %w", j.config.Schema, journal.ErrExists)
		}
		return nil
	}
	if !errors.Is(err, journal.ErrMissing) && !errors.Is(err, journal.ErrNotJournal) {
		return err
	}
	_, err = j.pool.Exec(ctx, in(`CREATE SCHEMA IF NOT EXISTS {}`))
	var e *pgconn.PgError
	if errors.As(err, &e) && (e.Code == "23505" || e.Code == "42P06") { // somebody else just did
		err = nil
	}
	if err != nil {
		return fmt.Errorf("postgres: create the schema %q: %w", j.config.Schema, err)
	}
	return nil
}

// newJournal does no I/O.
func newJournal(pool *pgxpool.Pool, c Config) (*Journal, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	holder, err := c.random()
	if err != nil {
		return nil, err
	}
	j := &Journal{pool: pool, config: c, sql: newStatements(c.Schema), holder: holder}
	j.gathers()
	return j, nil
}
