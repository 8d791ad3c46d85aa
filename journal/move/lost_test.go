package move_test

import (
	"context"
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
	"github.com/payoutkit/payout/journal/move"
)

// losing loses a row on the way, or changes it.
type losing struct {
	move.Target
	table string
	spoil func(row []any) bool // false: it is lost
}

func (l losing) Load(ctx context.Context, t stored.Table, columns []stored.Column, rows iter.Seq2[[]any, error]) error {
	if t.Name != l.table {
		return l.Target.Load(ctx, t, columns, rows)
	}
	first := true
	return l.Target.Load(ctx, t, columns, func(yield func([]any, error) bool) {
		for row, err := range rows {
			if first && err == nil {
				first = false
				row = slices.Clone(row)
				if !l.spoil(row) {
					continue
				}
			}
			if !yield(row, err) {
				return
			}
		}
	})
}

// What does not arrive as it left is noticed, and nobody can open it.
func TestLost(t *testing.T) {
	for name, spoil := range map[string]func(row []any) bool{
		"a row": func([]any) bool { return false },
		"a bit": func(row []any) bool {
			row[len(row)-1] = int64(1) // erased
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			ways(t, func(t *testing.T, from, to *spot) {
				fill(t, from)
				_, err := from.move(to, func(s move.Source, m move.Target) (move.Source, move.Target) { return s, losing{m, "payouts", spoil} })
				require.ErrorContains(t, err, "payouts: what has arrived is not what has left")
				_, _, err = to.open(false)
				require.ErrorIs(t, err, journal.ErrNotJournal)
				_, err = from.move(to, nil)
				require.NoError(t, err)
				to.with(false, func(book) {})
			})
		})
	}
}
