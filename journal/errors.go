// Package journal holds what the journals on databases have in common: the errors of
// opening, creating and moving one. The journals are in the packages sqlite and postgres.
package journal

import "errors"

// Errors of creating, opening and using a journal. The errors that are returned wrap
// them, and say more: where the journal is, who holds it, where it went.
var (
	// ErrMissing: there is no journal there. Opening never creates one: a journal that is
	// created by accident knows nothing of what was paid.
	ErrMissing = errors.New("journal: there is none")
	// ErrExists: something is there already. Creating never overwrites.
	ErrExists = errors.New("journal: there is something already")
	// ErrNotJournal: what is there is not a journal, or its creation was not finished.
	ErrNotJournal = errors.New("journal: this is not a journal")
	// ErrNewer: a newer version of this library has written it, and this one would not
	// understand all of it. Nothing was touched.
	ErrNewer = errors.New("journal: its schema is newer than this program")
	// ErrHeld: another process, or another part of this one, holds the journal.
	ErrHeld = errors.New("journal: it is held by another")
	// ErrMoved: the journal has been moved, and goes on elsewhere. Nothing can be
	// committed here any more.
	ErrMoved = errors.New("journal: it was moved, and goes on elsewhere")
	// ErrReadOnly: the journal was opened for reading. Nothing was changed.
	ErrReadOnly = errors.New("journal: it is open for reading only")
	// ErrClosed: the journal was closed. A commit that returns it has not happened.
	ErrClosed = errors.New("journal: closed")
)
