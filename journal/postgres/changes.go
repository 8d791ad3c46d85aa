package postgres

import (
	"context"
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
	AND ($1 = 0 AND $2 = 0 AND $3 = 0 OR EXISTS (SELECT FROM {}.events k WHERE k.era = $1 AND k.tx = $2 AND k.id = $3))
	AND (e.era < (SELECT era FROM {}.journal) OR e.tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
ORDER BY e.era, e.tx, e.id LIMIT $4`

// placeSQL reports whether there is an event at a place, or ever was: none is removed.
const placeSQL = `SELECT EXISTS (SELECT FROM {}.events WHERE era = $1 AND tx = $2 AND id = $3)`

// place is what a cursor says. An era is a time in which numbers of transactions only
// grow: a new one begins with each doubt, since a database that is restored counts from
// where its copy did. What was moved here from elsewhere has only its number, which is
// its cursor there.
type place struct{ era, tx, id int64 }

func (p place) cursor() dispatch.Cursor {
	return dispatch.Cursor(fmt.Sprintf("%d.%d.%d", p.era, p.tx, p.id))
}

func placeOf(c dispatch.Cursor) (p place, ok bool) {
	var err error
	if c == "" {
		return p, true
	}
	if p.id, err = strconv.ParseInt(string(c), 10, 64); err == nil {
		return p, p.id >= 0
	}
	_, err = fmt.Sscanf(string(c), "%d.%d.%d", &p.era, &p.tx, &p.id)
	return p, err == nil && p.era >= 0 && p.tx >= 0 && p.id >= 0 && p.cursor() == c
}

// Changes implements [dispatch.Journal]. A commit is in it as soon as no transaction of
// the whole cluster that was begun before it is still under way: one that writes for an
// hour, anybody's, holds the feed back for an hour. Nothing is left out.
func (j *Journal) Changes(ctx context.Context, after dispatch.Cursor, limit int) ([]dispatch.Changed, error) {
	from, ok := placeOf(after)
	if !ok {
		return nil, notACursor
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
		var there bool
		if err := j.pool.QueryRow(ctx, j.sql.place, from.era, from.tx, from.id).Scan(&there); err != nil {
			return nil, fmt.Errorf("postgres: read the feed of changes: %w", err)
		}
		if !there {
			return nil, notACursor
		}
	}
	return out, nil
}

var notACursor = &payout.Error{Kind: payout.ErrInvalid, Violations: []payout.Violation{{
	Field: "after", Rule: "is not a cursor of this journal, or of one that has lost what came before it",
}}}
