package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
)

// How many connections read by a key, for steps that wait for it, and how many the rest,
// for feeds and people, who must not keep steps waiting.
const points, scans = 4, 4

// Journal is a [dispatch.Journal] in a file. It is safe for concurrent use.
type Journal struct {
	path   string
	config Config
	holder holder
	lock   *lock
	writer *writer
	pages  *pages
	points *sql.DB
	scans  *sql.DB
	reads

	closing sync.Once
	closed  error
}

var _ dispatch.Journal = (*Journal)(nil)

// reads are the statements that read by a key, prepared.
type reads struct {
	load, findAttempt, due, waiting, last, used, shown, doubt, key, oldest *sql.Stmt
	earlier, standing                                                      *sql.Stmt // for scans
}

// Open opens a journal. It never creates one: see [journal.ErrMissing]. One of an older
// version is migrated first; one of a newer version is refused, as is one that another
// process has open, or that was moved.
func Open(ctx context.Context, path string, c Config) (*Journal, error) {
	c = c.withDefaults()
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("journal %s: %w: create it with sqlite.Create (payout journal init), once; one that should be there may be elsewhere, or not mounted", path, journal.ErrMissing)
	case err != nil:
		return nil, fmt.Errorf("journal %s: %w", path, err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("journal %s: %w: it is no file", path, journal.ErrNotJournal)
	}
	if err := alone(info); err != nil {
		return nil, fmt.Errorf("journal %s: %w", path, err)
	}
	l, err := hold(path, thisProcess(c.Now()))
	if err != nil {
		return nil, err
	}
	if err := signed(ctx, path, info.Size()); err != nil {
		return nil, errors.Join(fmt.Errorf("journal %s: %w", path, err), l.remove())
	}
	if err := os.Chmod(path, 0o600); err != nil { // restored with wider ones, perhaps
		return nil, errors.Join(fmt.Errorf("journal %s: %w", path, err), l.release())
	}
	j, err := open(ctx, path, c, l)
	if err != nil {
		return nil, errors.Join(err, l.release())
	}
	return j, nil
}

// open opens a journal that is there, and locked. The lock stays with who called it if it
// fails.
func open(ctx context.Context, path string, c Config, l *lock) (_ *Journal, err error) {
	j := &Journal{path: path, config: c, holder: thisProcess(c.Now()), lock: l}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("journal %s: open: %w", path, err), j.shut())
		}
	}()
	db, err := pool(path, 1, writerPragmas(c.Cache))
	if err != nil {
		return nil, err
	}
	j.writer = &writer{path: path, witness: c.Witness, db: db, wake: make(chan struct{}, 1), recount: true}
	if err := ready(ctx, db); err != nil {
		return nil, err
	}
	if j.points, err = pool(path, points, readerPragmas); err != nil {
		return nil, err
	}
	if j.scans, err = pool(path, scans, readerPragmas); err != nil {
		return nil, err
	}
	if err := j.prepare(ctx); err != nil {
		return nil, err
	}
	if j.pages, err = newPages(path, j.writer); err != nil {
		return nil, err
	}
	if err := j.judge(ctx, db); err != nil {
		return nil, err
	}
	j.writer.pages = j.pages
	if err := j.writer.reopen(ctx); err != nil {
		return nil, err
	}
	j.writer.start()
	j.pages.running.Go(j.pages.run)
	if err := j.witnessed(ctx); err != nil {
		return nil, err
	}
	// Two copies that are opened have epochs of one number and two nonces: so each of
	// them is told from what its witness has seen of the other.
	if _, err := j.Epoch(ctx); err != nil {
		return nil, err
	}
	return j, nil
}

// ready sees to it that a database is a journal of this version, and can be used.
func ready(ctx context.Context, db *sql.DB) error {
	if err := verify(ctx, db); err != nil {
		return err
	}
	if err := migrate(ctx, db); err != nil {
		return err
	}
	var movedTo string
	var importing bool
	err := db.QueryRowContext(ctx, `SELECT moved_to, importing FROM journal`).Scan(&movedTo, &importing)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%w: its creation was not finished; remove it and create it anew", journal.ErrNotJournal)
	case err != nil:
		return err
	case movedTo != "":
		return fmt.Errorf("%w: to %s", journal.ErrMoved, movedTo)
	case importing:
		return fmt.Errorf("%w: what was to be moved into it has not arrived whole; remove it and move again", journal.ErrNotJournal)
	}
	return nil
}

func (j *Journal) prepare(ctx context.Context) (err error) {
	for _, p := range []struct {
		st  **sql.Stmt
		sql string
	}{
		{&j.load, `SELECT ` + payoutColumns + ` FROM payouts WHERE reference = ?`},
		{&j.findAttempt, `SELECT ` + payoutColumns + ` FROM attempts JOIN payouts ON payouts.reference = attempts.payout
			WHERE account = ? AND reference_key = ?`},
		{&j.due, dueQuery},
		{&j.waiting, `SELECT count(*) FROM (SELECT 1 FROM payouts WHERE queue = ? AND due > 0 AND due <= ? LIMIT ?)`},
		{&j.last, `SELECT coalesce(max(id), 0) FROM events`},
		{&j.used, `SELECT count, minor FROM limits WHERE bucket = ?`},
		{&j.shown, `SELECT sent, at FROM shown WHERE account = ?`},
		{&j.doubt, `SELECT doubt, doubt_since, doubt_why FROM journal`},
		{&j.key, `SELECT key FROM payout_keys WHERE reference = ?`},
		{&j.oldest, oldestQuery},
	} {
		if *p.st, err = j.points.PrepareContext(ctx, p.sql); err != nil {
			return err
		}
	}
	if j.earlier, err = j.scans.PrepareContext(ctx, earlierQuery); err == nil {
		j.standing, err = j.scans.PrepareContext(ctx, standingQuery)
	}
	return err
}

// Close ends the journal: what is being written is brought to its end, what waits is
// refused with [journal.ErrClosed], and the lock is given up.
func (j *Journal) Close() error {
	j.closing.Do(func() {
		if err := j.end(); err != nil {
			j.closed = fmt.Errorf("journal %s: close: %w", j.path, err)
		}
	})
	return j.closed
}

// end closes what is open, and gives up the lock.
func (j *Journal) end() error { return errors.Join(j.shut(), j.lock.release()) }

// shut closes what is open. The readers come first, so that the writer is the last to
// close: it folds the log into the database.
func (j *Journal) shut() error {
	var errs []error
	if j.pages != nil {
		errs = append(errs, j.pages.close())
	}
	for _, db := range []*sql.DB{j.points, j.scans} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if j.writer != nil {
		errs = append(errs, j.writer.close())
	}
	return errors.Join(errs...)
}
