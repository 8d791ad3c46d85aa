package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"

	"github.com/payoutkit/payout/journal"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks a database as a journal, in its header: "PYOT".
const applicationID = 0x50594f54

// signed is an error if a file's header is not a journal's. SQLite is not let near what
// is something else. No journal may be open on the file in this process: closing it here
// would end the locks that SQLite has there.
func signed(path string) (err error) {
	f, err := os.Open(path) // #nosec G304 -- the path is the configuration's
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	header := make([]byte, 100)
	if n, err := io.ReadFull(f, header); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("%w: it has %d bytes", journal.ErrNotJournal, n)
		}
		return err
	}
	id := uint32(header[68])<<24 | uint32(header[69])<<16 | uint32(header[70])<<8 | uint32(header[71])
	switch {
	case string(header[:16]) != "SQLite format 3\x00":
		return fmt.Errorf("%w: it is no SQLite database", journal.ErrNotJournal)
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
