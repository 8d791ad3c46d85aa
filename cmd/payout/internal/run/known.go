package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/journal"
)

// Rows is where a journal keeps which rows of registries were taken.
type Rows interface {
	KeepRows(ctx context.Context, rows []journal.BatchRow) error
	EarlierRows(ctx context.Context, keys [][32]byte) (map[[32]byte][]string, error)
}

// Earlier is what a journal knows of registries, as a check asks for it.
func Earlier(rows Rows) batch.Earlier { return earlier{rows} }

type earlier struct{ rows Rows }

func (e earlier) References(ctx context.Context, keys []batch.OverlapKey) (map[batch.OverlapKey][]string, error) {
	plain := make([][32]byte, len(keys))
	for i, k := range keys {
		plain[i] = k
	}
	found, err := e.rows.EarlierRows(ctx, plain)
	if err != nil {
		return nil, err
	}
	out := make(map[batch.OverlapKey][]string, len(found))
	for k, references := range found {
		out[k] = references
	}
	return out, nil
}

// chunk is how many rows are kept, or looked up, at once, in the order of their keys. Keys
// are spread evenly over all that the journal has: of a few in any order each would have a
// page of a large journal read, or written, for itself.
const chunk = 1 << 15

// Keep writes down that the rows which are right are taken: before anything is sent for
// any of them, and once a person has confirmed what they come to. told hears how many it
// were so far.
func Keep(ctx context.Context, r *batch.Reader, rows Rows, told func(rows int)) error {
	return chunks(ctx, r, told, true, func(some []journal.BatchRow) error {
		if err := rows.KeepRows(ctx, some); err != nil {
			return fmt.Errorf("the rows can't be written down, and are not sent: %w", err)
		}
		return nil
	})
}

// Unconfirmed returns the references of rows that were never kept, at most some, and how
// many there are: rows that a confirmed run did not have.
func Unconfirmed(ctx context.Context, r *batch.Reader, rows Rows, most int, told func(rows int)) (first []string, n int, err error) {
	err = chunks(ctx, r, told, false, func(some []journal.BatchRow) error {
		keys := make([][32]byte, len(some))
		for i, row := range some {
			keys[i] = row.Key
		}
		known, err := rows.EarlierRows(ctx, slices.Compact(keys)) // they are in order
		if err != nil {
			return err
		}
		for _, row := range some {
			if slices.Contains(known[row.Key], row.Reference) {
				continue
			}
			if n++; len(first) < most {
				first = append(first, row.Reference)
			}
		}
		return nil
	})
	return first, n, err
}

// chunks has do look at the right rows by their overlap keys, or by all keys that they
// have.
func chunks(ctx context.Context, r *batch.Reader, told func(rows int), all bool, do func([]journal.BatchRow) error) error {
	var some []journal.BatchRow
	for n := 1; ; n++ {
		row, err := r.Next()
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return err
		}
		if !end && row.Err == nil {
			if all && len(some) == 0 && !row.Batch.IsZero() {
				some = append(some, journal.BatchRow{Key: row.Batch, Reference: row.Reference})
			}
			some = append(some, journal.BatchRow{Key: row.Overlap, Reference: row.Reference})
			if all && !row.Payee.IsZero() {
				some = append(some, journal.BatchRow{Key: row.Payee, Reference: row.Reference})
			}
		}
		if len(some) >= chunk || end && len(some) > 0 {
			slices.SortFunc(some, func(a, b journal.BatchRow) int { return bytes.Compare(a.Key[:], b.Key[:]) })
			if err := do(some); err != nil {
				return err
			}
			some = some[:0]
			told(n)
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
		}
		if end {
			return nil
		}
	}
}
