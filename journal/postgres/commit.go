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

// Commit implements [dispatch.Journal]. It is one statement; what the database rolled
// back for the sake of others is made again, and nothing else is: after a connection
// that was lost nobody knows.
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
	if erased {
		c.Entry, c.Event = stored.Erased(c.Entry), stored.ErasedEvent(c.Event)
	}
	p, err := stored.FromEntry(c.Entry)
	if err != nil {
		return 0, err
	}
	ev, err := stored.FromChange(c)
	if err != nil {
		return 0, err
	}
	if twice(c.Entry.Attempts) {
		if _, err := j.stands(ctx, c.Entry); err != nil {
			return 0, err
		}
		return 0, dispatch.ErrReferenceTaken
	}
	by, until := j.keeps(c.Entry, p.Due)
	accounts, keys, providers := references(c.Entry.Attempts)
	b := book(c.Release, c.Reserve)
	arguments := map[string]any{
		"reference": p.Reference, "version": p.Version, "state": p.State, "queue": p.Queue, "due": p.Due, "created": p.CreatedAt,
		"amount": p.Amount, "currency": p.Currency, "document": string(p.Document), "sealed": p.Sealed, "erased": erased, "by": by, "until": until,
		"server": j.server.Load(), "accounts": accounts, "keys": keys, "providers": providers,
		"buckets": b.buckets, "counts": b.counts, "minors": b.minors, "most": b.most, "most_minor": b.mostMinor,
		"shown": c.Shown.Account, "shown_sent": stored.Micros(c.Shown.Sent), "shown_at": stored.Micros(c.Shown.At),
		"at": ev.At, "kind": ev.Kind, "event": string(ev.Document),
	}
	if len(accounts) == 1 {
		arguments["account"], arguments["key"], arguments["provider"] = accounts[0], keys[0], providers[0]
	}
	statement := j.sql.commit[parts{min(len(accounts), 2), len(b.buckets) > 0, c.Shown.Account != ""}]
	err = again(ctx, func(ctx context.Context) error {
		var sync string
		return j.pool.QueryRow(ctx, statement.sql, statement.arguments(arguments)...).Scan(&number, &sync)
	})
	switch {
	case err != nil:
		return 0, fmt.Errorf("postgres: commit payout %q: %w", p.Reference, err)
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
