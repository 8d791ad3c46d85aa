package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/payoutkit/payout/journal"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks a database as a journal, in its header: "PYOT".
const applicationID = 0x50594f54

// signed is an error if a file is no journal. SQLite reads what says so, and nothing is
// written: to open and close the file here would end the locks of a [Reader] that this
// process has open on it, which SQLite takes for its own.
func signed(ctx context.Context, path string, size int64) (err error) {
	if size < 100 {
		return fmt.Errorf("%w: it has %d bytes", journal.ErrNotJournal, size)
	}
	db, err := connect(path, "ro", 1, []string{busyTimeout})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var id int64
	var failed *driver.Error
	switch err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); {
	case errors.As(err, &failed) && failed.Code() == sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w: it is no SQLite database", journal.ErrNotJournal)
	case err != nil:
		return err
	case id != applicationID:
		return fmt.Errorf("%w: it is a SQLite database of another application", journal.ErrNotJournal)
	}
	return nil
}

func migrator(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
}

// migrate brings the schema to this program's version: each migration in a transaction.
// It refuses a newer one, and touches nothing.
func migrate(ctx context.Context, db *sql.DB) error {
	m, err := migrator(db)
	if err != nil {
		return err
	}
	sources := m.ListSources()
	known := sources[len(sources)-1].Version
	var tables, has int64
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version'`).Scan(&tables); err != nil {
		return err
	}
	if tables > 0 {
		if err := db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&has); err != nil {
			return err
		}
	}
	if has > known {
		return fmt.Errorf("%w: it is at version %d, and this program knows %d; install the program that wrote it, or a later one", journal.ErrNewer, has, known)
	}
	if has == known {
		return nil
	}
	_, err = m.Up(ctx)
	return err
}
