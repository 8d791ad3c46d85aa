package postgres

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// conditions are those of a WHERE, with their arguments.
type conditions struct {
	texts []string
	args  []any
}

// add adds a condition in which $ is the argument.
func (c *conditions) add(text string, arg any) {
	c.args = append(c.args, arg)
	c.texts = append(c.texts, strings.ReplaceAll(text, "$", fmt.Sprintf("$%d", len(c.args))))
}

func (c *conditions) where() string {
	if len(c.texts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.texts, " AND ")
}

// counted are the conditions of a filter without its page.
func counted(f dispatch.Filter) *conditions {
	c := &conditions{}
	if len(f.States) > 0 {
		var names []string
		for _, s := range f.States {
			names = append(names, s.String())
		}
		c.add("p.state = ANY($)", names)
	}
	if f.Provider != "" {
		c.add("p.reference IN (SELECT a.payout FROM {}.attempts a WHERE a.provider = $)", f.Provider)
	}
	if f.Prefix != "" {
		c.add("p.reference >= $", f.Prefix)
		if end := after(f.Prefix); end != "" {
			c.add("p.reference < $", end)
		}
	}
	if !f.CreatedFrom.IsZero() {
		c.add("p.created_at >= $", stored.Micros(f.CreatedFrom))
	}
	if !f.CreatedBefore.IsZero() {
		c.add("p.created_at < $", stored.Micros(f.CreatedBefore))
	}
	if none := (payout.Money{}); f.Min != none {
		c.add("p.currency = $", f.Min.Currency().Code())
		c.add("p.amount >= $", f.Min.Minor())
	}
	if none := (payout.Money{}); f.Max != none {
		c.add("p.currency = $", f.Max.Currency().Code())
		c.add("p.amount <= $", f.Max.Minor())
	}
	return c
}

// after returns the first text that is after all with a prefix, or "" if there is none.
func after(prefix string) string {
	for prefix != "" {
		last, size := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-size]
		switch {
		case last == 0xD7FF:
			return prefix + string(rune(0xE000)) // what is between are no characters
		case last < utf8.MaxRune:
			return prefix + string(last+1)
		}
	}
	return ""
}

// List implements [dispatch.Journal].
func (j *Journal) List(ctx context.Context, f dispatch.Filter) ([]dispatch.Entry, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	c := counted(f)
	if f.After != "" {
		c.add("p.reference > $", f.After)
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	statement := `SELECT ` + columns + ` FROM {}.payouts p` + c.where() + fmt.Sprintf(` ORDER BY p.reference LIMIT %d`, f.Limit)
	rows, err := j.pool.Query(ctx, within(j.config.Schema)(statement), c.args...)
	if err != nil {
		return nil, fmt.Errorf("postgres: list payouts: %w", err)
	}
	out, err := pgx.CollectRows(rows, scanned)
	if err != nil {
		return nil, fmt.Errorf("postgres: list payouts: %w", err)
	}
	return out, nil
}

// Count implements [dispatch.Journal].
func (j *Journal) Count(ctx context.Context, f dispatch.Filter) (map[dispatch.State]int64, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	c := counted(f)
	return j.count(ctx, `SELECT p.state, count(*) FROM {}.payouts p`+c.where()+` GROUP BY p.state`, c.args...)
}

func (j *Journal) count(ctx context.Context, statement string, args ...any) (map[dispatch.State]int64, error) {
	rows, err := j.pool.Query(ctx, within(j.config.Schema)(statement), args...)
	if err != nil {
		return nil, fmt.Errorf("postgres: count payouts: %w", err)
	}
	out := map[dispatch.State]int64{}
	var name string
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&name, &n}, func() error {
		var s dispatch.State
		err := s.UnmarshalText([]byte(name))
		out[s] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: count payouts: %w", err)
	}
	return out, nil
}
