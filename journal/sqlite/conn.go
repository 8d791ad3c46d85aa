package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	driver "modernc.org/sqlite"
)

// How long a connection waits for what another one has locked: only checkpoints and
// people's shells lock anything.
const busyTimeout = "busy_timeout(5000)"

// Pragmas of the connections. What a pragma does not take is silently ignored by SQLite:
// [verify] reads them back.
//
// The writer's cache holds the upper pages of the indexes and the leaves that are in
// use. It makes checkpoints when it has nothing else to do, or must, see
// [writer.checkpoint].
func writerPragmas(cache int) []string {
	return []string{
		busyTimeout, "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)", "wal_autocheckpoint(0)",
		fmt.Sprintf("cache_size(-%d)", max(cache>>10, 1)),
	}
}

// The file's pages are in the system's cache: a reader has few of its own.
var readerPragmas = []string{busyTimeout, "query_only(ON)", "cache_size(-2048)"}

// pool returns connections to a database that is there: none is ever created by opening.
func pool(path string, size int, pragmas []string) (*sql.DB, error) {
	return connect(path, "rw", size, pragmas)
}

func connect(path, mode string, size int, pragmas []string) (*sql.DB, error) {
	query := url.Values{"mode": {mode}, "_pragma": pragmas}
	name := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: query.Encode()}
	connector, err := driver.NewConnector(name.String())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// queryer is a connection, or some.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// verify is an error if the writer's connection is not as it has to be.
func verify(ctx context.Context, c queryer) error {
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "wal_autocheckpoint": "0",
	} {
		var got string
		if err := c.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil {
			return fmt.Errorf("PRAGMA %s: %w", pragma, err)
		}
		if !strings.EqualFold(got, want) {
			return fmt.Errorf("PRAGMA %s is %s, and has to be %s: on this file nothing that is committed would be safe", pragma, got, want)
		}
	}
	return nil
}
