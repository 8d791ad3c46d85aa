package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// commitSQL is a commit: one statement, and so one transaction and one round trip. Each
// part waits for the one before it, so that all commits lock in one order, and two never
// wait for each other: the payout, references, buckets by their names, the account.
//
// A part that finds no room ends all of it by refuse. A version that is not there any
// more leaves all of it without effect.
const commitSQL = `
WITH moved AS (
	UPDATE {}.payouts SET version = version + 1, state = $3, queue = $4, due = $5, created_at = $6, amount = $7, currency = $8,
		document = $9::text::json, sealed = $10, leased_by = $12, leased_until = $13
	WHERE reference = $1 AND version = $2 AND erased = $11
		AND CASE WHEN pg_postmaster_start_time() = $14 AND current_setting('transaction_isolation') = 'read committed'
			THEN true ELSE {}.refuse('` + codeServer + `') END
	RETURNING reference
), taken AS (
	INSERT INTO {}.attempts (account, reference_key, payout, provider)
	SELECT a.account, a.key, moved.reference, a.provider
	FROM moved, unnest($15::text[], $16::text[], $17::text[]) AS a (account, key, provider)
	WHERE NOT EXISTS (SELECT FROM {}.attempts t WHERE t.account = a.account AND t.reference_key = a.key AND t.payout = moved.reference)
	ORDER BY a.account COLLATE "C", a.key COLLATE "C"
	RETURNING 1
), booked AS (
	INSERT INTO {}.limits AS l (bucket, count, minor)
	SELECT b.bucket, b.count, b.minor
	FROM moved, unnest($18::text[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[]) AS b (bucket, count, minor, most, most_minor)
	WHERE (SELECT count(*) FROM taken) >= 0 AND (b.most >= 0 AND b.most_minor >= 0 OR EXISTS (SELECT FROM {}.limits h WHERE h.bucket = b.bucket))
	ORDER BY b.bucket COLLATE "C"
	ON CONFLICT (bucket) DO UPDATE SET count = l.count + excluded.count, minor = l.minor + excluded.minor
		WHERE l.count <= ($21::bigint[])[array_position($18::text[], l.bucket)]
			AND l.minor <= ($22::bigint[])[array_position($18::text[], l.bucket)]
	RETURNING 1
), fits AS (
	SELECT CASE WHEN (SELECT count(*) FROM booked) = cardinality($18::text[]) THEN true ELSE {}.refuse('` + codeLimit + `') END AS ok
	FROM moved
), seen AS (
	INSERT INTO {}.shown AS s (account, sent, at)
	SELECT $23::text, $24::bigint, $25::bigint FROM fits WHERE ok AND $23 <> ''
	ON CONFLICT (account) DO UPDATE SET sent = excluded.sent, at = excluded.at WHERE (excluded.sent, excluded.at) > (s.sent, s.at)
), happened AS (
	INSERT INTO {}.events (era, reference, version, at, kind, state, document)
	SELECT (SELECT era FROM {}.journal), $1, $2 + 1, $26, $27, $3, $28::text::json FROM fits WHERE ok
	RETURNING id
)
SELECT coalesce((SELECT id FROM happened), 0), ` + durably

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
	shown := c.Shown
	err = again(ctx, func(ctx context.Context) error {
		var sync string
		return j.pool.QueryRow(ctx, j.sql.commit,
			p.Reference, p.Version, p.State, p.Queue, p.Due, p.CreatedAt, p.Amount, p.Currency, string(p.Document), p.Sealed, erased, by, until,
			j.server.Load(), accounts, keys, providers, b.buckets, b.counts, b.minors, b.most, b.mostMinor,
			shown.Account, stored.Micros(shown.Sent), stored.Micros(shown.At), ev.At, ev.Kind, string(ev.Document),
		).Scan(&number, &sync)
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
