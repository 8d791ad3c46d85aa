package sqlite

import (
	"errors"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/payoutkit/payout/journal"
)

// Broken reports whether an error of this package says that a file is malformed, or no
// journal at all: it has to be restored, and trying again does not help.
func Broken(err error) bool {
	var failed *driver.Error
	if errors.As(err, &failed) {
		switch failed.Code() & 0xff { // the rest says where
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return true
		}
	}
	return errors.Is(err, journal.ErrNotJournal)
}
