package move_test

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
	"github.com/payoutkit/payout/journal/move"
)

var errCut = errors.New("cut off")

// cut ends a move at its n-th point.
type cut struct {
	move.Source
	move.Target
	left int
}

func (c *cut) point() error {
	if c.left--; c.left < 0 {
		return errCut
	}
	return nil
}

// around makes a call between two points.
func (c *cut) around(call func() error) error {
	if err := c.point(); err != nil {
		return err
	}
	if err := call(); err != nil {
		return err
	}
	return c.point()
}

type cutSource struct {
	move.Source
	*cut
}

type cutTarget struct {
	move.Target
	*cut
}

func (s cutSource) Name() string { return s.Source.Name() }
func (s cutSource) Places() bool { return s.Source.Places() }
func (s cutSource) State(ctx context.Context) (stored.Journal, error) {
	return s.Source.State(ctx)
}

func (s cutSource) Tombstone(ctx context.Context, to string) error {
	return s.around(func() error { return s.Source.Tombstone(ctx, to) })
}

// Rows has a point before each row, and one at the end.
func (s cutSource) Rows(ctx context.Context, t stored.Table, columns []stored.Column) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		n := 0
		for row, err := range s.Source.Rows(ctx, t, columns) {
			if n++; n%3 == 1 && err == nil {
				err = s.point()
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func (s cutTarget) Name() string { return s.Target.Name() }
func (s cutTarget) Places() bool { return s.Target.Places() }
func (s cutTarget) Rows(ctx context.Context, t stored.Table, columns []stored.Column) iter.Seq2[[]any, error] {
	return s.Target.Rows(ctx, t, columns)
}

func (s cutTarget) Prepare(ctx context.Context, lineage string) (done bool, err error) {
	err = s.around(func() error {
		done, err = s.Target.Prepare(ctx, lineage)
		return err
	})
	return done, err
}

func (s cutTarget) Load(ctx context.Context, t stored.Table, columns []stored.Column, rows iter.Seq2[[]any, error]) error {
	return s.around(func() error { return s.Target.Load(ctx, t, columns, rows) })
}

func (s cutTarget) Finish(ctx context.Context, a stored.Arrival) error {
	return s.around(func() error { return s.Target.Finish(ctx, a) })
}

// A move that is cut off at any of its points is run again. In between nothing can be
// opened where the journal was ended, or has not arrived; and at no time both.
func TestCutOff(t *testing.T) {
	ways(t, func(t *testing.T, from, to *spot) {
		fill(t, from)
		var old seen
		from.with(false, func(b book) { old = look(t, b) })
		finished := false
		for n := 0; !finished; n++ {
			require.Less(t, n, 200)
			c := &cut{left: n}
			_, err := from.move(to, func(s move.Source, m move.Target) (move.Source, move.Target) {
				return cutSource{s, c}, cutTarget{m, c}
			})
			if err == nil {
				require.Greater(t, n, 25)
				break
			}
			require.ErrorIs(t, err, errCut, "point %d", n)
			_, done, here := from.open(false)
			if here == nil {
				done()
			} else {
				require.ErrorIs(t, here, journal.ErrMoved)
			}
			_, done, there := to.open(false)
			if there == nil {
				done()
				finished = true
			} else {
				require.True(t, errors.Is(there, journal.ErrMissing) || errors.Is(there, journal.ErrNotJournal), there)
			}
			require.False(t, here == nil && there == nil, "two of one journal")
		}
		require.True(t, finished, "the last point is after all was done")
		report, err := from.move(to, nil)
		require.NoError(t, err)
		require.True(t, report.Already)
		to.with(false, func(b book) {
			expected(t, old, look(t, b))
			findings, err := b.Verify(t.Context())
			require.NoError(t, err)
			require.Empty(t, findings)
		})
	})
}
