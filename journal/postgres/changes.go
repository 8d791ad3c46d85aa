package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// changesSQL reads below the oldest transaction that is under way, of this era: all that
// was begun before has ended, and all that ends later has a greater number. Of eras
// before this one everything has ended.
const changesSQL = `
SELECT e.era, e.tx, e.id, e.reference, e.version, e.at, e.kind, e.state, e.document::text
FROM {}.events e
WHERE (e.era, e.tx, e.id) > ($1, $2, $3)
	AND ($3 = 0 OR $1 >= (SELECT min(era) FROM {}.events))
	AND (e.era < (SELECT era FROM {}.journal) OR e.tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
ORDER BY e.era, e.tx, e.id LIMIT $4`

// strangeSQL reports whether a place is one that the journal has not come to, or one
// before all that it has: of another stay here, before it was moved away and back.
const strangeSQL = `
SELECT (era, CASE WHEN era = $1 THEN pg_snapshot_xmax(pg_current_snapshot())::text::bigint ELSE 0 END) <= ($1, $2) AND $2 > 0
	OR $1 < coalesce((SELECT min(era) FROM {}.events), 0)
FROM {}.journal`

// numberSQL returns the place of an event that was moved here without one.
const numberSQL = `SELECT era FROM {}.events WHERE id = $1 AND tx = 0`

// place is what a cursor says. An era is a time in which numbers of transactions only
// grow: a new one begins with each doubt, since a database that is restored counts from
// where its copy did.
type place struct{ era, tx, id int64 }

func (p place) cursor() dispatch.Cursor {
	return dispatch.Cursor(fmt.Sprintf("%d.%d.%d", p.era, p.tx, p.id))
}

func placeOf(c dispatch.Cursor) (p place, ok bool) {
	if c == "" {
		return p, true
	}
	_, err := fmt.Sscanf(string(c), "%d.%d.%d", &p.era, &p.tx, &p.id)
	return p, err == nil && p.era >= 0 && p.tx >= 0 && p.id >= 0 && p.cursor() == c
}

// Changes implements [dispatch.Journal]. A commit is in it as soon as no transaction of
// the whole cluster that was begun before it is still under way: one that writes for an
// hour, anybody's, holds the feed back for an hour. Nothing is left out.
func (j *Journal) Changes(ctx context.Context, after dispatch.Cursor, limit int) ([]dispatch.Changed, error) {
	from, err := j.place(ctx, after)
	if err != nil {
		return nil, err
	}
	rows, err := j.pool.Query(ctx, j.sql.changes, from.era, from.tx, from.id, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("postgres: read the feed of changes: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (dispatch.Changed, error) {
		var at place
		var ev stored.Event
		if err := row.Scan(&at.era, &at.tx, &at.id, &ev.Reference, &ev.Version, &ev.At, &ev.Kind, &ev.State, &ev.Document); err != nil {
			return dispatch.Changed{}, err
		}
		c, err := ev.Changed()
		c.Cursor = at.cursor()
		return c, err
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: read the feed of changes: %w", err)
	}
	if len(out) == 0 && from != (place{}) {
		var strange bool
		if err := j.pool.QueryRow(ctx, j.sql.strange, from.era, from.tx).Scan(&strange); err != nil {
			return nil, fmt.Errorf("postgres: read the feed of changes: %w", err)
		}
		if strange {
			return nil, notACursor
		}
	}
	return out, nil
}

// place returns what a cursor says. A number alone is one of a journal on SQLite, and good
// here if the event was moved here from there.
func (j *Journal) place(ctx context.Context, c dispatch.Cursor) (place, error) {
	if p, ok := placeOf(c); ok {
		return p, nil
	}
	n, err := strconv.ParseInt(string(c), 10, 64)
	switch {
	case err != nil || n < 0:
		return place{}, notACursor
	case n == 0:
		return place{}, nil
	}
	p := place{id: n}
	switch err := j.pool.QueryRow(ctx, j.sql.number, n).Scan(&p.era); {
	case errors.Is(err, pgx.ErrNoRows):
		return place{}, notACursor
	case err != nil:
		return place{}, fmt.Errorf("postgres: read the feed of changes: %w", err)
	}
	return p, nil
}

var notACursor = &payout.Error{Kind: payout.ErrInvalid, Violations: []payout.Violation{{
	Field: "after", Rule: "is not a cursor of this journal, or of one that has lost what came before it",
}}}
