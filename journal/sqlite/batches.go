package sqlite

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// KeepRows writes down which rows of registries were taken. One that is there already is
// no error.
func (j *Journal) KeepRows(ctx context.Context, rows []journal.BatchRow) error {
	rows = slices.Clone(rows)
	return j.writer.write(ctx, func(tx *transaction) error {
		for _, r := range rows {
			if _, err := tx.exec(tx.st.keep, r.Key[:], r.Reference); err != nil {
				return err
			}
		}
		return nil
	})
}

// earlierGroup is how many keys one query is about. The query is parsed once, which is a
// third of what it takes: so it is always about so many.
const earlierGroup = 256

var earlierQuery = strings.Replace(
	`SELECT overlap, reference FROM batch_rows WHERE overlap IN (?) ORDER BY overlap, reference`,
	"?", "?"+strings.Repeat(", ?", earlierGroup-1), 1,
)

// EarlierRows returns, for each key that is known, the references of the rows that were
// taken under it.
func (j *Journal) EarlierRows(ctx context.Context, keys [][32]byte) (map[[32]byte][]string, error) {
	out := map[[32]byte][]string{}
	args := make([]any, earlierGroup)
	for group := range slices.Chunk(keys, earlierGroup) {
		for i := range args {
			args[i] = group[min(i, len(group)-1)][:] // one that is named again is found once
		}
		found, err := j.earlierOf(ctx, args)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, found)
	}
	return out, nil
}

func (j *Journal) earlierOf(ctx context.Context, keys []any) (map[[32]byte][]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	rows, err := j.earlier.QueryContext(ctx, keys...)
	if err != nil {
		return nil, j.wrong(err)
	}
	out := map[[32]byte][]string{}
	return out, j.through(ctx, rows, func(rows *sql.Rows) error {
		var key []byte
		var reference string
		if err := rows.Scan(&key, &reference); err != nil {
			return j.wrong(err)
		}
		if len(key) == 32 {
			out[[32]byte(key)] = append(out[[32]byte(key)], reference)
		}
		return nil
	})
}

var standingQuery = strings.Replace(
	`SELECT `+payoutColumns+` FROM payouts WHERE reference IN (?)`,
	"?", "?"+strings.Repeat(", ?", earlierGroup-1), 1,
)

// Standing returns those of some payouts that are in the journal, in no order.
func (j *Journal) Standing(ctx context.Context, references []string) (out []dispatch.Entry, err error) {
	args := make([]any, earlierGroup)
	for group := range slices.Chunk(references, earlierGroup) {
		for i := range args {
			args[i] = group[min(i, len(group)-1)]
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rows, err := j.standing.QueryContext(ctx, args...)
		if err != nil {
			return nil, j.wrong(err)
		}
		if err := j.through(ctx, rows, func(rows *sql.Rows) error {
			var p stored.Payout
			if err := rows.Scan(payoutFields(&p)...); err != nil {
				return j.wrong(err)
			}
			e, err := p.Entry()
			out = append(out, e)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}
