package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"

	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// importPragmas are those of a connection that writes a journal that is moved here: a
// little memory makes its indexes ten times as fast.
var importPragmas = []string{
	busyTimeout, "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)", "wal_autocheckpoint(4000)", "cache_size(-65536)",
}

// Importer is a file that a journal is moved to, see package move.
type Importer struct {
	path   string
	config Config
	lock   *lock
	tables
}

// Import returns a target for a journal that is moved here. There is nothing at path, or
// what an earlier move that was cut off has left there. Nothing is done yet.
func Import(_ context.Context, path string, c Config) (*Importer, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	return &Importer{path: path, config: c.withDefaults()}, nil
}

// Name implements move.Target.
func (m *Importer) Name() string { return name(m.path) }

// Prepare implements move.Target.
func (m *Importer) Prepare(ctx context.Context, lineage string) (finished bool, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("journal %s: %w", m.path, err)
		}
	}()
	if m.lock == nil {
		if m.lock, err = hold(m.path, thisProcess(m.config.Now())); err != nil {
			return false, err
		}
	}
	info, err := os.Stat(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = m.create(ctx, lineage); err == nil {
			info, err = os.Stat(m.path)
		}
	}
	if err != nil {
		return false, err
	}
	if m.db == nil {
		if err := signed(ctx, m.path, info.Size()); err != nil {
			return false, errors.Join(journal.ErrExists, err)
		}
		if m.db, err = pool(m.path, 2, importPragmas); err != nil {
			return false, err
		}
	}
	s, err := m.State(ctx)
	switch {
	case err != nil:
		return false, errors.Join(journal.ErrExists, err)
	case s.Lineage != lineage:
		return false, fmt.Errorf("another journal: %w", journal.ErrExists)
	case s.MovedTo != "":
		return false, fmt.Errorf("this journal, which was moved from here to %s: %w", s.MovedTo, journal.ErrExists)
	}
	return !s.Importing, migrate(ctx, m.db)
}

// create makes the file elsewhere, so that it is never seen half made.
func (m *Importer) create(ctx context.Context, lineage string) error {
	if err := free(m.path); err != nil {
		return err
	}
	half := m.path + ".moving"
	for _, p := range []string{half, half + "-wal", half + "-shm"} {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	err := build(ctx, half, func(db *sql.DB) error {
		_, err := db.ExecContext(ctx, `INSERT INTO journal (one, lineage, created_at, epoch, importing) VALUES (1, ?, ?, 0, 1)`, lineage, stored.Micros(m.config.Now()))
		return err
	})
	if err != nil {
		return err
	}
	return errors.Join(os.Rename(half, m.path), syncFolder(m.path))
}

// Load implements move.Target.
func (m *Importer) Load(ctx context.Context, t stored.Table, columns []stored.Column, rows iter.Seq2[[]any, error]) error {
	c, err := m.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() {
		_ = c.Raw(func(any) error { return driver.ErrBadConn }) // it may be within a transaction
		_ = c.Close()
	}()
	if err := load(ctx, c, t, columns, rows); err != nil {
		return fmt.Errorf("journal %s: %w", m.path, err)
	}
	return nil
}

// Finish implements move.Target.
func (m *Importer) Finish(ctx context.Context, a stored.Arrival) (err error) {
	fresh, err := nonce(m.config.Rand)
	if err != nil {
		return err
	}
	tx, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("journal %s: %w", m.path, err), tx.Rollback())
		}
	}()
	run := func(query string, args ...any) {
		if err == nil {
			_, err = tx.ExecContext(ctx, query, args...)
		}
	}
	for _, aged := range a.Aged {
		p := aged.Payout
		run(`UPDATE payouts SET version = ?, state = ?, queue = ?, due = ?, document = ?, sealed = ? WHERE reference = ?`,
			p.Version, p.State, p.Queue, p.Due, string(p.Document), p.Sealed, p.Reference)
		for _, ev := range aged.Events {
			run(`INSERT INTO events (id, reference, version, at, kind, state, document) VALUES ((SELECT coalesce(max(id), 0) + 1 FROM events), ?, ?, ?, ?, ?, ?)`,
				ev.Reference, ev.Version, ev.At, ev.Kind, ev.State, string(ev.Document))
		}
	}
	old := a.Journal
	run(noted, a.At, stored.NoteMoved, string(a.Note))
	run(`INSERT INTO epochs (number, nonce, began_at, holder) VALUES (?, ?, ?, ?)`, old.Epoch+1, fresh, a.At, thisProcess(m.config.Now()).String())
	run(`UPDATE journal SET created_at = ?, epoch = ?, doubt = ?, doubt_since = ?, doubt_why = ?, importing = 0`,
		old.CreatedAt, old.Epoch+1, old.Doubt, old.DoubtSince, old.DoubtWhy)
	if err != nil {
		return err
	}
	return tx.Commit()
}

// Close ends the import. What is finished can be opened.
func (m *Importer) Close() error {
	var errs []error
	if m.db != nil {
		errs = append(errs, m.db.Close())
		m.db = nil
	}
	if m.lock != nil {
		errs = append(errs, m.lock.release())
		m.lock = nil
	}
	return errors.Join(errs...)
}
