package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

const standingSQL = `SELECT version, erased FROM {}.payouts WHERE reference = $1`

// Commit implements [dispatch.Journal]. What this process commits at once is written by
// one statement; else it is a statement of its own. What the database rolled back for the
// sake of others is made again, and nothing else is: after a connection that was lost
// nobody knows.
//
// A server that was started again since it was last looked at takes no commit: see
// [Journal.Epoch].
func (j *Journal) Commit(ctx context.Context, c dispatch.Change) error {
	number, err := j.commit(ctx, c, false)
	if err != nil {
		return err
	}
	return j.marks.reach(ctx, number)
}

// commit returns the number of its event.
func (j *Journal) commit(ctx context.Context, c dispatch.Change, erased bool) (number int64, err error) {
	r, err := j.written(c, erased)
	if err != nil {
		return 0, err
	}
	if twice(c.Entry.Attempts) {
		if _, err := j.stands(ctx, c.Entry); err != nil {
			return 0, err
		}
		return 0, dispatch.ErrReferenceTaken
	}
	if r.fits() {
		number, err = j.amongOthers(ctx, r)
	}
	if number == 0 && err == nil {
		number, err = j.alone(ctx, r)
	}
	switch {
	case err != nil:
		return 0, fmt.Errorf("postgres: commit payout %q: %w", r.payout.Reference, err)
	case number > 0:
		return number, nil
	}
	now, err := j.stands(ctx, c.Entry)
	if err != nil {
		return 0, err
	}
	if now && !erased {
		return j.commit(ctx, c, true)
	}
	return 0, dispatch.ErrStale
}

// record is a change, as it is written.
type record struct {
	payout stored.Payout
	event  stored.Event
	erased bool
	lease
	references
	limits bookings
	shown  dispatch.Shown
}

// fits reports whether a record may be one of many. Its room in a limit is decided one
// after the other; and one of an erased payout is a second try.
func (r record) fits() bool { return !r.erased && len(r.limits.buckets) == 0 }

// written returns what is written of a change: without what is personal, where the payout
// was erased.
func (j *Journal) written(c dispatch.Change, erased bool) (r record, err error) {
	if erased {
		c.Entry, c.Event = stored.Erased(c.Entry), stored.ErasedEvent(c.Event)
	}
	if r.payout, err = stored.FromEntry(c.Entry); err != nil {
		return record{}, err
	}
	if r.event, err = stored.FromChange(c); err != nil {
		return record{}, err
	}
	r.erased, r.shown, r.limits = erased, c.Shown, book(c.Release, c.Reserve)
	r.lease, r.references = j.keeps(c.Entry, r.payout.Due), referencesOf(c.Entry.Attempts)
	return r, nil
}

// amongOthers writes a record by a statement for all that is to be committed at the time.
// 0: it has to be written alone.
func (j *Journal) amongOthers(ctx context.Context, r record) (int64, error) {
	c := &commit{record: r}
	if began, err := j.commits.Do(ctx, c); err != nil {
		return 0, ended(began, err)
	}
	return c.number, c.err
}

// alone writes a record by a statement of its own. 0: the version that it goes on from is
// not there.
func (j *Journal) alone(ctx context.Context, r record) (number int64, err error) {
	p, b := r.payout, r.limits
	arguments := map[string]any{
		"reference": p.Reference, "version": p.Version, "state": p.State, "queue": p.Queue, "due": p.Due, "created": p.CreatedAt,
		"amount": p.Amount, "currency": p.Currency, "document": string(p.Document), "sealed": p.Sealed, "erased": r.erased, "by": r.by, "until": r.until,
		"server": j.server.Load(), "accounts": r.accounts, "keys": r.keys, "providers": r.providers,
		"buckets": b.buckets, "counts": b.counts, "minors": b.minors, "most": b.most, "most_minor": b.mostMinor,
		"shown": r.shown.Account, "shown_sent": stored.Micros(r.shown.Sent), "shown_at": stored.Micros(r.shown.At),
		"at": r.event.At, "kind": r.event.Kind, "event": string(r.event.Document),
	}
	if len(r.accounts) == 1 {
		arguments["account"], arguments["key"], arguments["provider"] = r.accounts[0], r.keys[0], r.providers[0]
	}
	statement := j.sql.commit[parts{min(len(r.accounts), 2), len(b.buckets) > 0, r.shown.Account != ""}]
	err = again(ctx, func(ctx context.Context) error {
		var sync string
		return j.pool.QueryRow(ctx, statement.sql, statement.arguments(arguments)...).Scan(&number, &sync)
	})
	return number, err
}

// stands reports whether an entry is that of an erased payout, or returns why it is not
// the one that stands.
func (j *Journal) stands(ctx context.Context, e dispatch.Entry) (erased bool, err error) {
	var version int64
	switch err := j.pool.QueryRow(ctx, j.sql.standing, e.Reference).Scan(&version, &erased); {
	case errors.Is(err, pgx.ErrNoRows):
		return false, dispatch.ErrNoEntry
	case err != nil:
		return false, fmt.Errorf("postgres: commit payout %q: %w", e.Reference, err)
	case version != e.Version:
		return false, dispatch.ErrStale
	}
	return erased, nil
}
