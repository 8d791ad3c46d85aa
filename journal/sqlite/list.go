package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// List implements [dispatch.Journal]. What it costs is a matter of the condition that the
// fewest payouts meet: with a state, a prefix, a provider or nothing the first page is
// found at once; with a time or an amount alone, all that are within it are looked at.
func (j *Journal) List(ctx context.Context, f dispatch.Filter) (out []dispatch.Entry, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := f.Check(); err != nil {
		return nil, err
	}
	p, err := j.plan(ctx, f)
	if err != nil {
		return nil, err
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	query, args := p.list(f)
	err = j.each(ctx, query, args, func(rows *sql.Rows) error {
		var row stored.Payout
		if err := rows.Scan(payoutFields(&row)...); err != nil {
			return j.wrong(err)
		}
		e, err := row.Entry()
		out = append(out, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// list returns the query for a page.
func (p plan) list(f dispatch.Filter) (query string, args []any) {
	switch p.index {
	case byState:
		// Each state is in order by itself: they are merged.
		rest, values := where(p.all, byState)
		var parts []string
		for _, s := range unique(f.States) {
			parts = append(parts, `SELECT `+payoutColumns+` FROM `+byState.table()+` WHERE state = ? AND payouts.reference > ? AND `+rest)
			args = append(append(args, s.String(), f.After), values...)
		}
		return strings.Join(parts, ` UNION ALL `) + ` ORDER BY reference LIMIT ?`, append(args, f.Limit)
	case byProvider:
		rest, values := where(p.all, byProvider)
		return `SELECT ` + payoutColumns + ` FROM attempts INDEXED BY attempts_provider CROSS JOIN payouts ON payouts.reference = attempts.payout
			WHERE provider = ? AND attempts.payout > ? AND ` + rest + ` GROUP BY attempts.payout ORDER BY attempts.payout LIMIT ?`,
			append(append([]any{f.Provider, f.After}, values...), f.Limit)
	case byTime, byAmount:
		// The documents are read of those alone that are on the page.
		all, values := where(p.all, -1)
		return `SELECT ` + payoutColumns + ` FROM (SELECT payouts.rowid AS id FROM ` + p.index.table() + ` WHERE payouts.reference > ? AND ` + all +
				` ORDER BY payouts.reference LIMIT ?) CROSS JOIN payouts ON payouts.rowid = id ORDER BY payouts.reference`,
			append(append([]any{f.After}, values...), f.Limit)
	default:
		all, values := where(p.all, -1)
		return `SELECT ` + payoutColumns + ` FROM ` + byReference.table() + ` WHERE payouts.reference > ? AND ` + all + ` ORDER BY payouts.reference LIMIT ?`,
			append(append([]any{f.After}, values...), f.Limit)
	}
}

func unique(states []dispatch.State) (out []dispatch.State) {
	seen := map[dispatch.State]bool{}
	for _, s := range states {
		if !seen[s] {
			out = append(out, s)
		}
		seen[s] = true
	}
	return out
}

// Count implements [dispatch.Journal]. All, or those in some states, cost nothing; else
// it looks at all that meet the condition that the fewest meet.
func (j *Journal) Count(ctx context.Context, f dispatch.Filter) (map[dispatch.State]int64, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := f.Check(); err != nil {
		return nil, err
	}
	p, err := j.plan(ctx, f)
	if err != nil {
		return nil, err
	}
	if len(p.all) == 0 || len(p.all) == 1 && p.index == byState {
		counts, err := j.counts(ctx, f.States)
		return counts, errors.Join(err, j.writer.settle(ctx))
	}
	query, args := p.count(f)
	var n [dispatch.StateUnsent + 1]int64
	err = j.each(ctx, query, args, func(rows *sql.Rows) error {
		into := make([]any, len(n))
		for s := range n {
			into[s] = &n[s]
		}
		if err := rows.Scan(into...); err != nil {
			return j.wrong(err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := map[dispatch.State]int64{}
	for s, n := range n {
		if n > 0 {
			out[dispatch.State(s)] = n
		}
	}
	return out, nil
}

// count returns the query that counts by state: a column for each, in one pass, since to
// group them would be to sort all that are found.
func (p plan) count(f dispatch.Filter) (query string, args []any) {
	var columns []string
	for s := dispatch.StateUnknown; s <= dispatch.StateUnsent; s++ {
		columns = append(columns, `count(*) FILTER (WHERE state = '`+s.String()+`')`)
	}
	query = `SELECT ` + strings.Join(columns, `, `) + ` FROM `
	if p.index == byProvider {
		rest, values := where(p.all, byProvider)
		return query + `(SELECT DISTINCT payout FROM attempts INDEXED BY attempts_provider WHERE provider = ?)
			CROSS JOIN payouts ON payouts.reference = payout WHERE ` + rest, append([]any{f.Provider}, values...)
	}
	all, values := where(p.all, -1)
	return query + p.index.table() + ` WHERE ` + all, values
}
