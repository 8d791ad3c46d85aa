package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// insertSQL inserts payouts, and returns those that were not there yet. In the order of
// their references, so that two who insert the same wait for each other in one order.
const insertSQL = `
WITH new AS (
	INSERT INTO {}.payouts (reference, version, state, queue, due, created_at, amount, currency, leased_by, leased_until, document, sealed)
	SELECT c.reference, 1, c.state, c.queue, c.due, c.created_at, c.amount, c.currency, c.by, c.until, c.document::json, c.sealed
	FROM unnest((SELECT @references::text[]), (SELECT @states::text[]), (SELECT @queues::smallint[]), (SELECT @dues::bigint[]), (SELECT @createds::bigint[]),
		(SELECT @amounts::bigint[]), (SELECT @currencies::text[]), (SELECT @bys::text[]), (SELECT @untils::bigint[]), (SELECT @documents::text[]), (SELECT @sealeds::bytea[]))
		AS c (reference, state, queue, due, created_at, amount, currency, by, until, document, sealed)
	WHERE (SELECT CASE WHEN (SELECT lineage FROM {}.journal) = @lineage
		AND set_config('lock_timeout', coalesce(nullif(@patience::text, ''), current_setting('lock_timeout')), true) > '' THEN true ELSE {}.refuse('` + codeOther + `') END)
	ORDER BY c.reference COLLATE "C"
	ON CONFLICT (reference) DO NOTHING
	RETURNING reference
), taken AS (
	INSERT INTO {}.attempts (account, reference_key, payout, provider)
	SELECT a.account, a.key, new.reference, a.provider
	FROM unnest((SELECT @accounts::text[]), (SELECT @keys::text[]), (SELECT @payouts::text[]), (SELECT @providers::text[])) AS a (account, key, payout, provider)
	JOIN new ON new.reference = a.payout
	ORDER BY a.account COLLATE "C", a.key COLLATE "C"
)
SELECT reference, 1::bigint, (SELECT ` + durably + `) FROM new`

// Insert implements [dispatch.Journal]. What is inserted at once is written by one
// statement, as commits are.
func (j *Journal) Insert(ctx context.Context, e dispatch.Entry) (out dispatch.Entry, inserted bool, err error) {
	p, err := j.taken(e)
	if err != nil {
		return dispatch.Entry{}, false, err
	}
	in := &insertion{taken: p}
	if began, err := j.inserts.Do(ctx, in); err != nil {
		return dispatch.Entry{}, false, fmt.Errorf("postgres: insert payout %q: %w", e.Reference, ended(began, err))
	}
	if in.alone {
		in.err = again(ctx, func(ctx context.Context) error {
			inserted, err := j.insertAll(ctx, j.pool, []taken{p}, "")
			in.inserted = inserted[e.Reference]
			return err
		})
	}
	if in.err != nil {
		return dispatch.Entry{}, false, fmt.Errorf("postgres: insert payout %q: %w", e.Reference, in.err)
	}
	return j.stand(ctx, j.pool, p, in.inserted)
}

// InsertTx inserts payouts as a part of a transaction, and returns those that are new, by
// their references. It is for an engine that writes something of its own beside many of
// them; for a platform there is [Journal.SubmitTx]. From then on the transaction fails
// rather than wait for a lock for long: it is one of many payouts, that may be made apart.
func (j *Journal) InsertTx(ctx context.Context, tx pgx.Tx, entries ...dispatch.Entry) (map[string]dispatch.Entry, error) {
	all := make([]taken, len(entries))
	for i, e := range entries {
		var err error
		if all[i], err = j.taken(e); err != nil {
			return nil, err
		}
	}
	inserted, err := j.insertAll(ctx, tx, all, patience)
	if err != nil {
		return nil, fmt.Errorf("postgres: insert payouts: %w", known(err))
	}
	out := make(map[string]dispatch.Entry, len(inserted))
	for _, p := range all {
		if inserted[p.payout.Reference] {
			if out[p.payout.Reference], err = p.payout.Entry(); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// taken is a payout that is taken on, as it is written.
type taken struct {
	payout stored.Payout
	lease
	references
}

func (j *Journal) taken(e dispatch.Entry) (taken, error) {
	e.Version = 1
	p, err := stored.FromEntry(e)
	return taken{p, j.keeps(e, p.Due), referencesOf(e.Attempts)}, err
}

// insertAll returns which of some payouts were not there yet.
func (j *Journal) insertAll(ctx context.Context, q querier, all []taken, patience string) (map[string]bool, error) {
	inserted := make(map[string]bool, len(all))
	err := j.each(ctx, q, j.sql.insert, j.insertionsOf(all, patience), func(reference string, _ int64) { inserted[reference] = true })
	return inserted, err
}

// insertionsOf are the arguments of insertSQL.
func (j *Journal) insertionsOf(all []taken, patience string) map[string]any {
	var refs owned
	for _, p := range all {
		refs.add(p.payout.Reference, p.references)
	}
	return map[string]any{
		"lineage": j.lineage, "patience": patience,
		"references": column(all, func(p taken) string { return p.payout.Reference }),
		"states":     column(all, func(p taken) string { return p.payout.State }),
		"queues":     column(all, func(p taken) int { return p.payout.Queue }),
		"dues":       column(all, func(p taken) int64 { return p.payout.Due }),
		"createds":   column(all, func(p taken) int64 { return p.payout.CreatedAt }),
		"amounts":    column(all, func(p taken) int64 { return p.payout.Amount }),
		"currencies": column(all, func(p taken) string { return p.payout.Currency }),
		"bys":        column(all, func(p taken) string { return p.by }),
		"untils":     column(all, func(p taken) int64 { return p.until }),
		"documents":  column(all, func(p taken) string { return string(p.payout.Document) }),
		"sealeds":    column(all, func(p taken) []byte { return p.payout.Sealed }),
		"accounts":   refs.accounts, "keys": refs.keys, "providers": refs.providers, "payouts": refs.payouts,
	}
}

// stand returns what stands under a reference: what was inserted, or what was there.
func (j *Journal) stand(ctx context.Context, q querier, p taken, inserted bool) (e dispatch.Entry, _ bool, err error) {
	if inserted {
		e, err = p.payout.Entry()
	} else {
		e, err = j.read(ctx, q, j.sql.load, p.payout.Reference)
	}
	return e, inserted, err
}

// querier is a pool, or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// lease is that which an entry is written with.
type lease struct {
	by    string
	until int64
}

// keeps returns the lease of an entry. A request that is not sealed is in this process's
// memory, and nowhere else: while it lives it is the one to send it.
func (j *Journal) keeps(e dispatch.Entry, due int64) lease {
	if e.Work() != dispatch.Send || len(e.Sealed) > 0 || due == 0 {
		return lease{}
	}
	return lease{j.holder, due + j.config.Lease.Microseconds()}
}

// references are what attempts take at the banks, column by column.
type references struct{ accounts, keys, providers []string }

func referencesOf(attempts []dispatch.Attempt) (r references) {
	for _, a := range attempts {
		r.accounts, r.keys, r.providers = append(r.accounts, a.Account), append(r.keys, stored.ReferenceKey(a.Reference)), append(r.providers, a.Provider)
	}
	return r
}

// twice reports whether two attempts have one reference at one account.
func twice(attempts []dispatch.Attempt) bool {
	for i, a := range attempts {
		for _, b := range attempts[:i] {
			if a.Account == b.Account && stored.ReferenceKey(a.Reference) == stored.ReferenceKey(b.Reference) {
				return true
			}
		}
	}
	return false
}
