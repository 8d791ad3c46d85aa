package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

const insertSQL = `
WITH new AS (
	INSERT INTO {}.payouts (reference, version, state, queue, due, created_at, amount, currency, leased_by, leased_until, document, sealed)
	SELECT $1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::json, $11
	WHERE CASE WHEN (SELECT lineage FROM {}.journal) = $15 THEN true ELSE {}.refuse('` + codeOther + `') END
	ON CONFLICT (reference) DO NOTHING
	RETURNING reference
), taken AS (
	INSERT INTO {}.attempts (account, reference_key, payout, provider)
	SELECT a.account, a.key, new.reference, a.provider FROM new, unnest($12::text[], $13::text[], $14::text[]) AS a (account, key, provider)
)
SELECT (SELECT count(*) FROM new) = 1, ` + durably

// Insert implements [dispatch.Journal].
func (j *Journal) Insert(ctx context.Context, e dispatch.Entry) (out dispatch.Entry, inserted bool, err error) {
	err = again(ctx, func(ctx context.Context) error {
		out, inserted, err = j.insert(ctx, j.pool, e)
		return err
	})
	return out, inserted, err
}

// querier is a pool, or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func (j *Journal) insert(ctx context.Context, q querier, e dispatch.Entry) (dispatch.Entry, bool, error) {
	e.Version = 1
	p, err := stored.FromEntry(e)
	if err != nil {
		return dispatch.Entry{}, false, err
	}
	by, until := j.keeps(e, p.Due)
	accounts, keys, providers := references(e.Attempts)
	var inserted bool
	var sync string
	err = q.QueryRow(ctx, j.sql.insert, p.Reference, p.State, p.Queue, p.Due, p.CreatedAt, p.Amount, p.Currency, by, until,
		string(p.Document), p.Sealed, accounts, keys, providers, j.lineage).Scan(&inserted, &sync)
	if err != nil {
		return dispatch.Entry{}, false, fmt.Errorf("postgres: insert payout %q: %w", e.Reference, err)
	}
	if inserted {
		out, err := p.Entry()
		return out, true, err
	}
	out, err := j.read(ctx, q, j.sql.load, e.Reference)
	return out, false, err
}

// keeps returns the lease that an entry is written with. A request that is not sealed is
// in this process's memory, and nowhere else: while it lives it is the one to send it.
func (j *Journal) keeps(e dispatch.Entry, due int64) (by string, until int64) {
	if e.Work() != dispatch.Send || len(e.Sealed) > 0 || due == 0 {
		return "", 0
	}
	return j.holder, due + j.config.Lease.Microseconds()
}

// references returns what attempts take, column by column.
func references(attempts []dispatch.Attempt) (accounts, keys, providers []string) {
	for _, a := range attempts {
		accounts, keys, providers = append(accounts, a.Account), append(keys, stored.ReferenceKey(a.Reference)), append(providers, a.Provider)
	}
	return accounts, keys, providers
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
