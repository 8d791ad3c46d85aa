package run

import (
	"context"
	"errors"
	"io"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/dispatch"
)

// Entries is where a journal keeps payouts.
type Entries interface {
	Load(ctx context.Context, reference string) (dispatch.Entry, error)
}

// Fate is what became of one row.
type Fate struct {
	Row    batch.Row
	Entry  dispatch.Entry // of the row's payout, if the journal has one
	Known  bool           // it has
	Result batch.Result
}

// Results writes what became of each row of a file, has each look at it, and returns at the
// file's end. Of refused rows the journal may have the reference: it stands for another
// payout.
func Results(ctx context.Context, r *batch.Reader, j Entries, refused *Refusals, w io.Writer, each func(Fate) error) error {
	results := batch.NewResults(w)
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return results.Flush()
		}
		if err != nil {
			return err
		}
		f, err := fate(ctx, row, j, refused.of(row.Line))
		if err != nil {
			return err
		}
		if err := each(f); err != nil {
			return err
		}
		if err := results.Write(f.Result); err != nil {
			return err
		}
	}
}

// fate is what became of one row; refused is why it was not taken, if it was not.
func fate(ctx context.Context, row batch.Row, j Entries, refused error) (Fate, error) {
	f := Fate{Row: row, Result: missing(row)}
	if errors.As(row.Err, &f.Result.Wrong) {
		return f, nil
	}
	e, err := j.Load(ctx, row.Reference)
	known := err == nil
	switch {
	case err != nil && !errors.Is(err, dispatch.ErrNoEntry):
		return Fate{}, err
	case known && !errors.Is(refused, payout.ErrConflict):
		// An earlier run may have sent what would be refused by now.
		return Fate{Row: row, Entry: e, Known: true, Result: result(row, e)}, nil
	case known:
		f.Result.Unsent = false // what stands under the reference may have been sent
		f.Result.Wrong = row.Locate([]payout.Violation{conflict(e)})
	case refused != nil:
		f.Result.Reason = refused.Error()
		errors.As(refused, &f.Result.Wrong)
	}
	return f, nil
}
