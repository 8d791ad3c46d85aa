package postgres

import (
	"fmt"
	"regexp"
)

// A commit is one statement, and so one transaction and one round trip. Each part waits
// for the one before it, so that all commits lock in one order, and two never wait for
// each other: the payout, references, buckets by their names, the account.
//
// A part that finds no room ends all of it by refuse. A version that is not there any
// more leaves all of it without effect.
//
// The server would plan the whole of it anew for each commit, which is most of what it
// then costs; what a commit does not need is left out, and the rest is planned once.
const (
	movedSQL = `
WITH moved AS (
	UPDATE {}.payouts SET version = version + 1, state = @state, queue = @queue, due = @due, created_at = @created, amount = @amount, currency = @currency,
		document = @document::text::json, sealed = @sealed, leased_by = @by, leased_until = @until
	WHERE reference = @reference AND version = @version AND erased = @erased
		AND CASE WHEN pg_postmaster_start_time() = @server AND current_setting('transaction_isolation') = 'read committed'
			THEN true ELSE {}.refuse('` + codeServer + `') END
	RETURNING reference
)`

	takenSQL = `, taken AS (
	INSERT INTO {}.attempts (account, reference_key, payout, provider)
	SELECT @account::text, @key::text, moved.reference, @provider::text FROM moved
	WHERE NOT EXISTS (SELECT FROM {}.attempts t WHERE t.account = @account AND t.reference_key = @key AND t.payout = @reference)
	RETURNING 1
)`

	takenManySQL = `, taken AS (
	INSERT INTO {}.attempts (account, reference_key, payout, provider)
	SELECT a.account, a.key, moved.reference, a.provider
	FROM moved, unnest(@accounts::text[], @keys::text[], @providers::text[]) AS a (account, key, provider)
	WHERE NOT EXISTS (SELECT FROM {}.attempts t WHERE t.account = a.account AND t.reference_key = a.key AND t.payout = moved.reference)
	ORDER BY a.account COLLATE "C", a.key COLLATE "C"
	RETURNING 1
)`

	takenNoneSQL = `, taken AS (SELECT 1 WHERE false)`

	bookedSQL = `, booked AS (
	INSERT INTO {}.limits AS l (bucket, count, minor)
	SELECT b.bucket, b.count, b.minor
	FROM moved, unnest(@buckets::text[], @counts::bigint[], @minors::bigint[], @most::bigint[], @most_minor::bigint[]) AS b (bucket, count, minor, most, most_minor)
	WHERE (SELECT count(*) FROM taken) >= 0 AND (b.most >= 0 AND b.most_minor >= 0 OR EXISTS (SELECT FROM {}.limits h WHERE h.bucket = b.bucket))
	ORDER BY b.bucket COLLATE "C"
	ON CONFLICT (bucket) DO UPDATE SET count = l.count + excluded.count, minor = l.minor + excluded.minor
		WHERE l.count <= (@most::bigint[])[array_position(@buckets::text[], l.bucket)]
			AND l.minor <= (@most_minor::bigint[])[array_position(@buckets::text[], l.bucket)]
	RETURNING 1
), fits AS (
	SELECT CASE WHEN (SELECT count(*) FROM booked) = cardinality(@buckets::text[]) THEN true ELSE {}.refuse('` + codeLimit + `') END AS ok
	FROM moved
)`

	fitsSQL = `, fits AS (SELECT (SELECT count(*) FROM taken) >= 0 AS ok FROM moved)`

	seenSQL = `, seen AS (
	INSERT INTO {}.shown AS s (account, slot, sent, at)
	SELECT @shown::text, pg_backend_pid() % 64, @shown_sent::bigint, @shown_at::bigint FROM fits WHERE ok
	ON CONFLICT (account, slot) DO UPDATE SET sent = excluded.sent, at = excluded.at WHERE (excluded.sent, excluded.at) > (s.sent, s.at)
)`

	happenedSQL = `, happened AS (
	INSERT INTO {}.events (era, reference, version, at, kind, state, document)
	SELECT (SELECT era FROM {}.journal), @reference, @version + 1, @at, @kind, @state, @event::text::json FROM fits WHERE ok
	RETURNING id
)
SELECT coalesce((SELECT id FROM happened), 0), ` + durably
)

// parts are what a commit needs of its statement.
type parts struct {
	attempts      int // 2: or more
	limits, shown bool
}

// commits are the statements for all parts there may be.
func commits(in func(string) string) map[parts]named {
	out := map[parts]named{}
	for attempts, taken := range []string{takenNoneSQL, takenSQL, takenManySQL} {
		for _, limits := range []bool{false, true} {
			for _, shown := range []bool{false, true} {
				sql := movedSQL + taken
				if limits {
					sql += bookedSQL
				} else {
					sql += fitsSQL
				}
				if shown {
					sql += seenSQL
				}
				out[parts{attempts, limits, shown}] = newNamed(in(sql + happenedSQL))
			}
		}
	}
	return out
}

// named is a statement whose arguments have names.
type named struct {
	sql   string
	names []string // in the order of their numbers
}

var name = regexp.MustCompile(`@[a-z_]+`)

func newNamed(sql string) named {
	var n named
	numbers := map[string]string{}
	n.sql = name.ReplaceAllStringFunc(sql, func(s string) string {
		if numbers[s] == "" {
			n.names = append(n.names, s[1:])
			numbers[s] = fmt.Sprintf("$%d", len(n.names))
		}
		return numbers[s]
	})
	return n
}

// arguments returns those of the statement, of all that there are.
func (n named) arguments(all map[string]any) []any {
	out := make([]any, len(n.names))
	for i, name := range n.names {
		out[i] = all[name]
	}
	return out
}
