package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Reader is a journal that can only be read: for people and reports, while another
// process has it open, or nobody. What would change it is [journal.ErrReadOnly]. It is
// safe for concurrent use.
type Reader struct{ j *Journal }

var _ dispatch.Journal = (*Reader)(nil)

// Read opens a journal for reading. It needs no lock and takes none: also this process may
// open it as well. One that was moved
// can still be read; one of another version can't: opening migrates an older one.
func Read(ctx context.Context, path string) (_ *Reader, err error) {
	if path, err = resolve(path); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("journal %s: read: %w", path, err)
		}
	}()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: create it with sqlite.Create (payout journal init), once", journal.ErrMissing)
	} else if err != nil {
		return nil, err
	}
	j := &Journal{path: path, config: Config{}.withDefaults(), writer: &writer{}} // which never starts
	r := &Reader{j}
	if j.points, err = pool(path, points, readerPragmas); err != nil {
		return nil, err
	}
	if j.scans, err = pool(path, scans, readerPragmas); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	if err := r.current(ctx); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	if err := j.prepare(ctx); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// current is an error if the database is no journal of this version.
func (r *Reader) current(ctx context.Context) error {
	var id int64
	if err := r.j.points.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return err
	}
	if id != applicationID {
		return journal.ErrNotJournal
	}
	m, err := migrator(r.j.points)
	if err != nil {
		return err
	}
	sources := m.ListSources()
	var has int64
	if err := r.j.points.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&has); err != nil {
		return err
	}
	switch known := sources[len(sources)-1].Version; {
	case has > known:
		return fmt.Errorf("%w: it is at version %d, and this program knows %d", journal.ErrNewer, has, known)
	case has < known:
		return fmt.Errorf("it is at version %d, and this program reads %d: open it for writing once, which migrates it", has, known)
	}
	return nil
}

// Moved returns where the journal goes on since when, if it was moved: what is read here
// is how it stood then. to is empty if it was not.
func (r *Reader) Moved(ctx context.Context) (to string, at time.Time, err error) {
	var micros int64
	err = r.j.points.QueryRowContext(ctx, `SELECT moved_to, (SELECT coalesce(max(at), 0) FROM journal_events WHERE kind = ?) FROM journal`, stored.NoteMoved).
		Scan(&to, &micros)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("journal %s: read: %w", r.j.path, err)
	}
	if to == "" { // it may have been moved here, which is written down as well
		return "", time.Time{}, nil
	}
	return to, stored.Time(micros), nil
}

// Close ends the reading.
func (r *Reader) Close() error {
	var errs []error
	if r.j.points != nil {
		errs = append(errs, r.j.points.Close())
	}
	if r.j.scans != nil {
		errs = append(errs, r.j.scans.Close())
	}
	return errors.Join(errs...)
}

func (r *Reader) readOnly() error { return fmt.Errorf("journal %s: %w", r.j.path, journal.ErrReadOnly) }

// Epoch implements [dispatch.Journal]: it changes the journal.
func (r *Reader) Epoch(context.Context) (int64, error) { return 0, r.readOnly() }

// Insert implements [dispatch.Journal]: it changes the journal.
func (r *Reader) Insert(context.Context, dispatch.Entry) (dispatch.Entry, bool, error) {
	return dispatch.Entry{}, false, r.readOnly()
}

// Commit implements [dispatch.Journal]: it changes the journal.
func (r *Reader) Commit(context.Context, dispatch.Change) error { return r.readOnly() }

// SetHold implements [dispatch.Journal]: it changes the journal.
func (r *Reader) SetHold(context.Context, dispatch.Hold) error { return r.readOnly() }

// Trust changes the journal.
func (r *Reader) Trust(context.Context, string, string) error { return r.readOnly() }

// Erase changes the journal.
func (r *Reader) Erase(context.Context, string, string) error { return r.readOnly() }

// Doubt implements [dispatch.Journal].
func (r *Reader) Doubt(ctx context.Context) (dispatch.Doubt, error) { return r.j.Doubt(ctx) }

// Load implements [dispatch.Journal].
func (r *Reader) Load(ctx context.Context, reference string) (dispatch.Entry, error) {
	return r.j.Load(ctx, reference)
}

// FindAttempt implements [dispatch.Journal].
func (r *Reader) FindAttempt(ctx context.Context, account, reference string) (dispatch.Entry, error) {
	return r.j.FindAttempt(ctx, account, reference)
}

// Due implements [dispatch.Journal].
func (r *Reader) Due(ctx context.Context, w dispatch.Work, now time.Time, limit int) ([]dispatch.Due, error) {
	return r.j.Due(ctx, w, now, limit)
}

// Waiting implements [dispatch.Journal].
func (r *Reader) Waiting(ctx context.Context, w dispatch.Work, now time.Time, atMost int) (int, error) {
	return r.j.Waiting(ctx, w, now, atMost)
}

// recount counts the payouts by state: the writer, who would know, is in another process.
func (r *Reader) recount(ctx context.Context) error {
	c, err := r.j.scans.Conn(ctx)
	if err != nil {
		return r.j.wrong(err)
	}
	counts, err := counted(ctx, c)
	if err := errors.Join(err, c.Close()); err != nil {
		return r.j.wrong(err)
	}
	r.j.writer.counts.Store(&counts)
	return nil
}

// List implements [dispatch.Journal].
func (r *Reader) List(ctx context.Context, f dispatch.Filter) ([]dispatch.Entry, error) {
	if err := r.recount(ctx); err != nil {
		return nil, err
	}
	return r.j.List(ctx, f)
}

// Count implements [dispatch.Journal].
func (r *Reader) Count(ctx context.Context, f dispatch.Filter) (map[dispatch.State]int64, error) {
	if err := r.recount(ctx); err != nil {
		return nil, err
	}
	return r.j.Count(ctx, f)
}

// History implements [dispatch.Journal].
func (r *Reader) History(ctx context.Context, reference string) ([]dispatch.Event, error) {
	return r.j.History(ctx, reference)
}

// Changes implements [dispatch.Journal].
func (r *Reader) Changes(ctx context.Context, after dispatch.Cursor, limit int) ([]dispatch.Changed, error) {
	return r.j.Changes(ctx, after, limit)
}

// Used implements [dispatch.Journal].
func (r *Reader) Used(ctx context.Context, bucket string) (dispatch.Used, error) {
	return r.j.Used(ctx, bucket)
}

// Shown implements [dispatch.Journal].
func (r *Reader) Shown(ctx context.Context, account string) (dispatch.Shown, error) {
	return r.j.Shown(ctx, account)
}

// Holds implements [dispatch.Journal].
func (r *Reader) Holds(ctx context.Context) ([]dispatch.Hold, error) { return r.j.Holds(ctx) }

// KeepRows changes the journal.
func (r *Reader) KeepRows(context.Context, []journal.BatchRow) error { return r.readOnly() }

// EarlierRows is as of [Journal].
func (r *Reader) EarlierRows(ctx context.Context, keys [][32]byte) (map[[32]byte][]string, error) {
	return r.j.EarlierRows(ctx, keys)
}

// Standing is as of [Journal].
func (r *Reader) Standing(ctx context.Context, references []string) ([]dispatch.Entry, error) {
	return r.j.Standing(ctx, references)
}

// Backup is as of [Journal], also while another process has the journal open.
func (r *Reader) Backup(ctx context.Context, path string) error { return r.j.Backup(ctx, path) }
