package sqlite

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
	"github.com/payoutkit/payout/journal/witness"
)

// Create makes a new journal in a file, and opens it. There must be nothing at path: see
// [journal.ErrExists].
func Create(ctx context.Context, path string, c Config) (*Journal, error) {
	c = c.withDefaults()
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	if err := free(path); err != nil {
		return nil, err
	}
	if c.Witness != nil {
		if err := witness.Free(ctx, c.Witness); err != nil {
			return nil, fmt.Errorf("journal %s: create: %w", path, err)
		}
	}
	l, err := hold(path, thisProcess(c.Now()))
	if err != nil {
		return nil, err
	}
	if err := build(ctx, path, func(db *sql.DB) error { return initial(ctx, db, c) }); err != nil {
		return nil, errors.Join(err, l.remove())
	}
	j, err := open(ctx, path, c, l)
	if err != nil {
		return nil, errors.Join(err, discard(ctx, path, c), l.remove())
	}
	return j, nil
}

// discard removes a new journal that can't be used, which nobody else can have opened.
// One that its witness has seen stays: no other could be created with that witness.
func discard(ctx context.Context, path string, c Config) error {
	if c.Witness != nil {
		if _, seen, err := c.Witness.Read(context.WithoutCancel(ctx)); err != nil || seen {
			return err
		}
	}
	var errs []error
	for _, p := range []string{path, path + "-wal", path + "-shm"} {
		if err := os.Remove(p); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// resolve returns the one path of a file, whatever links lead to it.
func resolve(path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("journal %s: %w", path, err)
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(full))
	if err != nil {
		return "", fmt.Errorf("journal %s: its folder: %w", path, err)
	}
	full = filepath.Join(folder, filepath.Base(full))
	if real, err := filepath.EvalSymlinks(full); err == nil {
		full = real
	}
	return full, nil
}

// free is an error if there is something at a path, or what belongs to it.
func free(path string) error {
	for _, p := range []string{path, path + "-wal", path + "-shm", path + "-journal"} {
		_, err := os.Lstat(p)
		switch {
		case err == nil:
			return fmt.Errorf("journal %s: %w: %s", path, journal.ErrExists, p)
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("journal %s: %w", path, err)
		}
	}
	return nil
}

// build writes an empty journal. Its own row comes last: without it, it is none.
func build(ctx context.Context, path string, initial func(*sql.DB) error) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- the path is the configuration's
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("journal %s: %w", path, journal.ErrExists)
	}
	if err != nil {
		return fmt.Errorf("journal %s: create: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("journal %s: create: %w", path, err), os.Remove(path))
		}
	}()
	if err := errors.Join(f.Close(), syncFolder(path)); err != nil {
		return err
	}
	db, err := pool(path, 1, writerPragmas(Config{}.withDefaults().Cache))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := verify(ctx, db); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID)); err != nil {
		return err
	}
	if err := migrate(ctx, db); err != nil {
		return err
	}
	return initial(db)
}

// initial writes the first rows.
func initial(ctx context.Context, db *sql.DB, c Config) (err error) {
	lineage, err := nonce(c.Rand)
	if err != nil {
		return err
	}
	first, err := nonce(c.Rand)
	if err != nil {
		return err
	}
	now := stored.Micros(c.Now())
	note, err := stored.Note{}.Document()
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	for _, s := range []struct {
		sql  string
		args []any
	}{
		// Epoch 0 is the time before the first one: nothing is sent in it.
		{`INSERT INTO epochs (number, nonce, began_at, holder) VALUES (0, ?, ?, '')`, []any{first, now}},
		{`INSERT INTO journal_events (at, kind, document) VALUES (?, ?, ?)`, []any{now, stored.NoteCreated, string(note)}},
		{`INSERT INTO journal (one, lineage, created_at, epoch) VALUES (1, ?, ?, 0)`, []any{lineage, now}},
	} {
		if _, err := tx.ExecContext(ctx, s.sql, s.args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// nonce returns 128 random bits.
func nonce(from io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(from, b[:]); err != nil {
		return "", fmt.Errorf("randomness: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}

// syncFolder makes it durable that there is a file.
func syncFolder(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
