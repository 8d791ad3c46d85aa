package move_test

import (
	"context"
	"iter"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
	"github.com/payoutkit/payout/journal/move"
)

// ending is a source that sees to it that it was ended before anything leaves.
type ending struct {
	move.Source
	t      *testing.T
	tables *int
}

func (e ending) Rows(ctx context.Context, t stored.Table, columns []stored.Column) iter.Seq2[[]any, error] {
	s, err := e.State(ctx)
	assert.NoError(e.t, err)
	assert.NotEmpty(e.t, s.MovedTo, "rows of %s leave, and more may be written", t.Name)
	*e.tables++
	return e.Source.Rows(ctx, t, columns)
}

// The old journal is ended before anything leaves it: what was written later would be lost.
func TestEndedFirst(t *testing.T) {
	ways(t, func(t *testing.T, from, to *spot) {
		fill(t, from)
		tables := 0
		_, err := from.move(to, func(s move.Source, m move.Target) (move.Source, move.Target) { return ending{s, t, &tables}, m })
		require.NoError(t, err)
		require.Len(t, stored.Tables(), tables)
	})
}

// Who puts a copy of the old journal back does not get to hear that it has been moved:
// there are two of one journal then.
func TestCopyPutBack(t *testing.T) {
	for _, to := range []*spot{inSQLite(t), inPostgres(t)} {
		from := inSQLite(t)
		fill(t, from)
		copied, err := os.ReadFile(from.path)
		require.NoError(t, err)
		_, err = from.move(to, nil)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(from.path, copied, 0o600))
		_, err = from.move(to, nil)
		require.ErrorIs(t, err, journal.ErrExists)
		require.ErrorContains(t, err, "a copy of this journal")
	}
}

// What was begun with one journal is not finished with another.
func TestBegunWithAnother(t *testing.T) {
	for _, to := range []*spot{inSQLite(t), inPostgres(t)} {
		first, other := inSQLite(t), inSQLite(t)
		fill(t, first)
		fill(t, other)
		c := &cut{left: 1} // after it is prepared
		_, err := first.move(to, func(s move.Source, m move.Target) (move.Source, move.Target) { return s, cutTarget{m, c} })
		require.ErrorIs(t, err, errCut)
		_, err = other.move(to, nil)
		require.ErrorIs(t, err, journal.ErrExists)
		require.ErrorContains(t, err, "another journal")
		other.with(false, func(book) {})
		_, err = first.move(to, nil)
		require.NoError(t, err)
		to.with(false, func(book) {})
	}
}
