package postgres

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"iter"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Importer is a schema that a journal is moved to, see package move.
type Importer struct {
	name string
	lock *pgxpool.Conn // nobody else moves something here as long as it is there
	// era is that of events that come without their places: they come before all that
	// happens here, in the order of their numbers. It is the time, and so later than any
	// era of an earlier stay, whose cursors say nothing here.
	era int64
	tables
}

// Import returns a target for a journal that is moved here. There is no journal in the
// schema, or what an earlier move that was cut off has left there. Nothing is done yet.
func Import(ctx context.Context, pool *pgxpool.Pool, c Config) (*Importer, error) {
	j, err := newJournal(pool, c)
	if err != nil {
		return nil, err
	}
	m := &Importer{tables: tables{j}}
	m.name, err = m.tables.name(ctx)
	return m, err
}

// Name implements move.Target. It is the same from every machine.
func (m *Importer) Name() string { return m.name }

// movers keeps those apart who move something to one schema: "move".
const movers = 0x6d6f_7665 << 32

// alone sees to it that nobody else moves something here.
func (m *Importer) alone(ctx context.Context) error {
	if m.lock != nil {
		return nil
	}
	c, err := m.j.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	schema := fnv.New32a()
	_, _ = schema.Write([]byte(m.j.config.Schema))
	var got bool
	if err = c.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, movers|int64(schema.Sum32())).Scan(&got); err == nil && !got {
		err = fmt.Errorf("%w: somebody else moves a journal to it", journal.ErrHeld)
	}
	if err != nil {
		c.Release()
		return fmt.Errorf("postgres: the schema %q: %w", m.j.config.Schema, err)
	}
	m.lock = c
	return nil
}

// Close ends the import. What is finished can be opened.
func (m *Importer) Close() error {
	if m.lock == nil {
		return nil
	}
	c := m.lock
	m.lock = nil
	// A connection that is closed keeps its locks until the server has noticed.
	if _, err := c.Exec(context.Background(), `SELECT pg_advisory_unlock_all()`); err != nil {
		return errors.Join(err, c.Hijack().Close(context.Background()))
	}
	c.Release()
	return nil
}

// Prepare implements move.Target.
func (m *Importer) Prepare(ctx context.Context, lineage string) (finished bool, err error) {
	at, err := m.j.look(ctx, m.j.pool)
	if err != nil {
		return false, err
	}
	if err := m.alone(ctx); err != nil {
		return false, err
	}
	m.era = stored.Micros(m.j.config.Now())
	switch err := m.j.vacant(ctx); {
	case err == nil:
		if err := m.create(ctx, lineage, at); err != nil {
			return false, err
		}
	case !errors.Is(err, journal.ErrExists):
		return false, err
	}
	s, err := m.State(ctx)
	switch {
	case err != nil:
		return false, err
	case s.Lineage != lineage:
		return false, fmt.Errorf("postgres: the schema %q: another journal: %w", m.j.config.Schema, journal.ErrExists)
	case s.MovedTo != "":
		return false, fmt.Errorf("postgres: the schema %q: this journal, which was moved from here to %s: %w", m.j.config.Schema, s.MovedTo, journal.ErrExists)
	}
	if s.Importing {
		err = m.j.migrated(ctx)
	}
	return !s.Importing, err
}

// create makes an empty journal.
func (m *Importer) create(ctx context.Context, lineage string, at facts) error {
	if err := m.j.migrated(ctx); err != nil {
		return err
	}
	err := m.j.durable(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, within(m.j.config.Schema)(
			`INSERT INTO {}.journal (lineage, created_at, system, timeline, importing) VALUES ($1, $2, $3, $4, true) ON CONFLICT DO NOTHING`),
			lineage, stored.Micros(m.j.config.Now()), at.system, at.timeline)
		return err
	})
	if err != nil {
		return fmt.Errorf("postgres: create a journal: %w", err)
	}
	return nil
}

// Load implements move.Target.
func (m *Importer) Load(ctx context.Context, t stored.Table, columns []stored.Column, rows iter.Seq2[[]any, error]) error {
	if err := m.load(ctx, t, columns, rows); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	return nil
}

// Finish implements move.Target.
func (m *Importer) Finish(ctx context.Context, a stored.Arrival) error {
	fresh, err := m.j.config.random()
	if err != nil {
		return err
	}
	err = m.j.durable(ctx, func(tx pgx.Tx) error { return m.finish(ctx, tx, a, fresh) })
	if err != nil {
		return fmt.Errorf("postgres: end the move: %w", err)
	}
	for _, t := range stored.Tables() { // what the planner knows; without it all is right, and slow
		if _, err := m.j.pool.Exec(ctx, within(m.j.config.Schema)(`ANALYZE {}.`+t.Name)); err != nil {
			return fmt.Errorf("postgres: the move is done, but for ANALYZE: %w", err)
		}
	}
	return nil
}

func (m *Importer) finish(ctx context.Context, tx pgx.Tx, a stored.Arrival, fresh string) error {
	in, old, era := within(m.j.config.Schema), a.Journal, m.era
	if a.Places {
		era = old.Era + 1 // all that came along has its place before it
	}
	batch := &pgx.Batch{}
	for _, t := range stored.Tables() {
		if t.Numbered {
			batch.Queue(`SELECT setval(pg_get_serial_sequence($1, 'id'), coalesce(max(id), 0) + 1, false) FROM `+in(`{}.`)+t.Name, in(`{}.`)+t.Name)
		}
	}
	batch.Queue(in(`UPDATE {}.journal SET created_at = $1, epoch = $2, doubt = $3, doubt_since = $4, doubt_why = $5, era = $6, importing = false`),
		old.CreatedAt, old.Epoch+1, old.Doubt, old.DoubtSince, old.DoubtWhy, era)
	batch.Queue(in(`INSERT INTO {}.epochs (number, nonce, began_at, holder) VALUES ($1, $2, $3, $4)`), old.Epoch+1, fresh, a.At, m.j.config.Holder)
	batch.Queue(in(`INSERT INTO {}.journal_events (at, kind, document) VALUES ($1, $2, $3::text::json)`), a.At, stored.NoteMoved, string(a.Note))
	for _, aged := range a.Aged {
		p := aged.Payout
		batch.Queue(in(`UPDATE {}.payouts SET version = $2, state = $3, queue = $4, due = $5, document = $6::text::json, sealed = $7 WHERE reference = $1`),
			p.Reference, p.Version, p.State, p.Queue, p.Due, string(p.Document), p.Sealed)
		for _, ev := range aged.Events {
			batch.Queue(in(`INSERT INTO {}.events (era, reference, version, at, kind, state, document) VALUES ($1, $2, $3, $4, $5, $6, $7::text::json)`),
				era, ev.Reference, ev.Version, ev.At, ev.Kind, ev.State, string(ev.Document))
		}
	}
	return tx.SendBatch(ctx, batch).Close()
}

// load replaces what is in a table.
func (m *Importer) load(ctx context.Context, table stored.Table, columns []stored.Column, rows iter.Seq2[[]any, error]) error {
	next, stop := iter.Pull2(rows)
	defer stop()
	carried := map[string]bool{}
	var into []string
	for _, c := range columns {
		into, carried[c.Name] = append(into, c.Name), true
	}
	var rest []any // of what was not carried: an event's place
	for _, c := range table.Columns {
		if !carried[c.Name] {
			into, rest = append(into, c.Name), append(rest, map[string]int64{"era": m.era}[c.Name])
		}
	}
	var failed error // the server repeats only its text
	source := pgx.CopyFromFunc(func() ([]any, error) {
		row, err, ok := next()
		if err != nil || !ok {
			failed = err
			return nil, err
		}
		out := append(append(make([]any, 0, len(into)), row...), rest...)
		for i, c := range columns {
			if c.Kind == stored.Boolean {
				out[i] = row[i] == int64(1)
			}
		}
		return out, nil
	})
	return pgx.BeginFunc(ctx, m.j.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, m.j.sql.sync); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, within(m.j.config.Schema)(`TRUNCATE {}.`+table.Name)); err != nil {
			return err
		}
		_, err := tx.CopyFrom(ctx, pgx.Identifier{m.j.config.Schema, table.Name}, into, source)
		if failed != nil {
			return failed
		}
		return err
	})
}
