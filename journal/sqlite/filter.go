package sqlite

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// condition is one thing that a filter asks for, with the index that finds it.
type condition struct {
	index index
	where string // of a row of payouts
	args  []any
}

// index is a way to find payouts.
type index int

// In the order in which they are taken if nothing speaks for another one.
const (
	byReference index = iota // all of them, or those with a prefix
	byState
	byProvider
	byTime
	byAmount
)

// conditions returns what a filter asks for, but for After.
func conditions(f dispatch.Filter) (out []condition) {
	if len(f.States) > 0 {
		c := condition{index: byState}
		for _, s := range f.States {
			c.args = append(c.args, s.String())
		}
		c.where = `state IN (?` + strings.Repeat(`, ?`, len(f.States)-1) + `)`
		out = append(out, c)
	}
	if f.Prefix != "" {
		c := condition{byReference, `payouts.reference >= ?`, []any{f.Prefix}}
		if end, ok := after(f.Prefix); ok {
			c.where, c.args = c.where+` AND payouts.reference < ?`, append(c.args, end)
		}
		out = append(out, c)
	}
	if f.Provider != "" {
		out = append(out, condition{byProvider,
			`EXISTS (SELECT 1 FROM attempts WHERE provider = ? AND payout = payouts.reference)`, []any{f.Provider}})
	}
	if !f.CreatedFrom.IsZero() || !f.CreatedBefore.IsZero() {
		c := condition{byTime, `created_at >= ?`, []any{atLeast(f.CreatedFrom)}}
		if !f.CreatedBefore.IsZero() {
			c.where, c.args = c.where+` AND created_at < ?`, append(c.args, atLeast(f.CreatedBefore))
		}
		out = append(out, c)
	}
	if none := (payout.Money{}); f.Min != none || f.Max != none {
		currency := f.Min.Currency()
		if f.Min == none {
			currency = f.Max.Currency()
		}
		c := condition{byAmount, `currency = ?`, []any{currency.Code()}}
		if f.Min != none {
			c.where, c.args = c.where+` AND amount >= ?`, append(c.args, f.Min.Minor())
		}
		if f.Max != none {
			c.where, c.args = c.where+` AND amount <= ?`, append(c.args, f.Max.Minor())
		}
		out = append(out, c)
	}
	return out
}

// after returns the first text that is after all with a prefix.
func after(prefix string) (string, bool) {
	b := []byte(prefix)
	for len(b) > 0 {
		if b[len(b)-1]++; b[len(b)-1] != 0 {
			return string(b), true
		}
		b = b[:len(b)-1]
	}
	return "", false
}

// atLeast returns the first stored time that is not before t.
func atLeast(t time.Time) int64 {
	if t.IsZero() {
		return -1 << 63
	}
	return stored.Micros(t.Add(time.Microsecond - 1))
}

// plan is a filter with the index to begin with.
type plan struct {
	index index
	all   []condition
}

// few is how many entries of an index are looked at to see which index finds the least.
const few = 10_000

// plan chooses the index that finds the least. SQLite can't know: it has no statistics,
// and with some would take what was usual when they were made.
func (j *Journal) plan(ctx context.Context, f dispatch.Filter) (plan, error) {
	p := plan{all: conditions(f)}
	if len(p.all) == 0 {
		return p, nil
	}
	p.index = slices.MinFunc(p.all, func(a, b condition) int { return int(a.index - b.index) }).index
	if len(p.all) == 1 {
		return p, nil
	}
	least := int64(few)
	for _, c := range p.all {
		n, err := j.finds(ctx, f, c)
		if err != nil {
			return p, err
		}
		if n < least {
			p.index, least = c.index, n
		}
	}
	return p, nil
}

// finds counts what an index finds, up to few.
func (j *Journal) finds(ctx context.Context, f dispatch.Filter, c condition) (n int64, err error) {
	query := `SELECT count(*) FROM (SELECT 1 FROM ` + c.index.table() + ` WHERE ` + c.where + ` LIMIT ?)`
	args := append(slices.Clone(c.args), few)
	switch c.index {
	case byState:
		counts, err := j.counts(ctx, f.States)
		for _, m := range counts {
			n += m
		}
		return n, err
	case byProvider:
		query = `SELECT count(*) FROM (SELECT 1 FROM attempts WHERE provider = ? LIMIT ?)`
	default:
	}
	if err := j.scans.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		return 0, j.wrong(err)
	}
	return n, nil
}

// counts returns how many payouts there are in some states; of none: in all. Who only
// reads counts them.
func (j *Journal) counts(ctx context.Context, states []dispatch.State) (map[dispatch.State]int64, error) {
	all := j.writer.counts.Load()
	if all == nil {
		now, err := counted(ctx, j.scans)
		if err != nil {
			return nil, j.wrong(err)
		}
		all = &now
	}
	out := map[dispatch.State]int64{}
	for s, n := range *all {
		if len(states) == 0 || slices.Contains(states, s) {
			out[s] = n
		}
	}
	return out, nil
}

// table is the table of payouts by an index.
func (i index) table() string {
	switch i {
	case byState:
		return `payouts INDEXED BY payouts_state`
	case byTime:
		return `payouts INDEXED BY payouts_created`
	case byAmount:
		return `payouts INDEXED BY payouts_amount`
	default:
		return `payouts INDEXED BY sqlite_autoindex_payouts_1`
	}
}

// where joins conditions, but for those of some index.
func where(all []condition, but index) (sql string, args []any) {
	sql = `TRUE`
	for _, c := range all {
		if c.index != but {
			sql, args = sql+` AND `+c.where, append(args, c.args...)
		}
	}
	return sql, args
}
