package postgres

import "github.com/payoutkit/payout/journal/internal/stored"

// patience is how long a statement that writes for many waits for a lock. Who has to wait
// for longer waits alone.
const patience = "200ms"

// commitManySQL commits many payouts, each of which has its own outcome: those whose
// version is not there, or whose row somebody has locked, are passed over, and are not
// among those that it returns. Arguments are one array a column; attempts have a line
// each, that names the payout.
//
// The arrays are hidden from the planner by a SELECT: it would plan the whole anew for
// each number of payouts.
const commitManySQL = `
WITH free AS MATERIALIZED (
	SELECT p.at AS ctid, c.*
	FROM unnest((SELECT @references::text[]), (SELECT @versions::bigint[]), (SELECT @states::text[]), (SELECT @queues::smallint[]), (SELECT @dues::bigint[]),
		(SELECT @createds::bigint[]), (SELECT @amounts::bigint[]), (SELECT @currencies::text[]), (SELECT @documents::text[]), (SELECT @sealeds::bytea[]),
		(SELECT @bys::text[]), (SELECT @untils::bigint[]), (SELECT @ats::bigint[]), (SELECT @kinds::text[]), (SELECT @events::text[]))
		AS c (reference, version, state, queue, due, created_at, amount, currency, document, sealed, by, until, at, kind, event),
	LATERAL (SELECT ctid AS at FROM {}.payouts WHERE reference = c.reference AND version = c.version AND NOT erased FOR NO KEY UPDATE SKIP LOCKED) p
	WHERE (SELECT CASE WHEN pg_postmaster_start_time() = @server AND current_setting('transaction_isolation') = 'read committed'
		AND set_config('lock_timeout', '` + patience + `', true) > '' THEN true ELSE {}.refuse('` + codeServer + `') END)
), moved AS (
	UPDATE {}.payouts p SET version = free.version + 1, state = free.state, queue = free.queue, due = free.due, created_at = free.created_at,
		amount = free.amount, currency = free.currency, document = free.document::json, sealed = free.sealed, leased_by = free.by, leased_until = free.until
	FROM free WHERE p.ctid = free.ctid
	RETURNING p.reference, p.version, p.state, free.at, free.kind, free.event
), taken AS (
	INSERT INTO {}.attempts (account, reference_key, payout, provider)
	SELECT a.account, a.key, moved.reference, a.provider
	FROM unnest((SELECT @accounts::text[]), (SELECT @keys::text[]), (SELECT @payouts::text[]), (SELECT @providers::text[])) AS a (account, key, payout, provider)
	JOIN moved ON moved.reference = a.payout
	WHERE (SELECT t.payout FROM {}.attempts t WHERE t.account = a.account AND t.reference_key = a.key) IS DISTINCT FROM a.payout
	ORDER BY a.account COLLATE "C", a.key COLLATE "C"
), seen AS (
	INSERT INTO {}.shown AS s (account, slot, sent, at)
	SELECT DISTINCT ON (n.account) n.account, pg_backend_pid() % 64, n.sent, n.at
	FROM unnest((SELECT @shown::text[]), (SELECT @shown_sents::bigint[]), (SELECT @shown_ats::bigint[]), (SELECT @shown_bys::text[])) AS n (account, sent, at, payout)
	JOIN moved ON moved.reference = n.payout
	ORDER BY n.account, n.sent DESC, n.at DESC
	ON CONFLICT (account, slot) DO UPDATE SET sent = excluded.sent, at = excluded.at WHERE (excluded.sent, excluded.at) > (s.sent, s.at)
), happened AS (
	INSERT INTO {}.events (era, reference, version, at, kind, state, document)
	SELECT (SELECT era FROM {}.journal), moved.reference, moved.version, moved.at, moved.kind, moved.state, moved.event::json FROM moved
	RETURNING reference, id
)
SELECT reference, id, (SELECT ` + durably + `) FROM happened`

// commitsOf are the arguments of commitManySQL.
func (j *Journal) commitsOf(all []*commit) map[string]any {
	a := map[string]any{
		"server":     j.server.Load(),
		"references": column(all, func(c *commit) string { return c.payout.Reference }),
		"versions":   column(all, func(c *commit) int64 { return c.payout.Version }),
		"states":     column(all, func(c *commit) string { return c.payout.State }),
		"queues":     column(all, func(c *commit) int { return c.payout.Queue }),
		"dues":       column(all, func(c *commit) int64 { return c.payout.Due }),
		"createds":   column(all, func(c *commit) int64 { return c.payout.CreatedAt }),
		"amounts":    column(all, func(c *commit) int64 { return c.payout.Amount }),
		"currencies": column(all, func(c *commit) string { return c.payout.Currency }),
		"documents":  column(all, func(c *commit) string { return string(c.payout.Document) }),
		"sealeds":    column(all, func(c *commit) []byte { return c.payout.Sealed }),
		"bys":        column(all, func(c *commit) string { return c.by }),
		"untils":     column(all, func(c *commit) int64 { return c.until }),
		"ats":        column(all, func(c *commit) int64 { return c.event.At }),
		"kinds":      column(all, func(c *commit) string { return c.event.Kind }),
		"events":     column(all, func(c *commit) string { return string(c.event.Document) }),
	}
	var refs owned
	var shown, by []string
	var sent, at []int64
	for _, c := range all {
		refs.add(c.payout.Reference, c.references)
		if s := c.shown; s.Account != "" {
			shown, by = append(shown, s.Account), append(by, c.payout.Reference)
			sent, at = append(sent, stored.Micros(s.Sent)), append(at, stored.Micros(s.At))
		}
	}
	a["accounts"], a["keys"], a["providers"], a["payouts"] = refs.accounts, refs.keys, refs.providers, refs.payouts
	a["shown"], a["shown_sents"], a["shown_ats"], a["shown_bys"] = shown, sent, at, by
	return a
}

// owned are references of several payouts.
type owned struct {
	references
	payouts []string
}

func (o *owned) add(payout string, r references) {
	o.accounts, o.keys, o.providers = append(o.accounts, r.accounts...), append(o.keys, r.keys...), append(o.providers, r.providers...)
	for range r.accounts {
		o.payouts = append(o.payouts, payout)
	}
}

func column[R, T any](all []R, of func(R) T) []T {
	out := make([]T, len(all))
	for i, r := range all {
		out[i] = of(r)
	}
	return out
}
