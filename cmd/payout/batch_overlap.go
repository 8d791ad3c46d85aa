package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/cmd/payout/internal/run"
	"github.com/payoutkit/payout/dispatch"
)

// stands is what the journal has under a reference, as it is printed.
type stands struct {
	Reference string `json:"reference"`
	Amount    string `json:"amount,omitempty"`
	State     string `json:"state"`
}

// String returns "REFERENCE (11.00 RUB, paid)".
func (s stands) String() string {
	if s.Amount == "" {
		return s.Reference + " (" + s.State + ")"
	}
	return s.Reference + " (" + s.Amount + ", " + s.State + ")"
}

// standing looks up what stands under references.
func standing(ctx context.Context, j run.Entries, references []string) ([]stands, error) {
	out := []stands{}
	for _, reference := range references {
		e, err := j.Load(ctx, reference)
		switch {
		case errors.Is(err, dispatch.ErrNoEntry): // its run ended before it came to it
			out = append(out, stands{Reference: reference, State: "not sent"})
		case err != nil:
			return nil, err
		default:
			out = append(out, stands{reference, e.Amount.String(), e.State.String()})
		}
	}
	return out, nil
}

// printOverlap prints one row that pays the same again, or corrects what was taken.
func printOverlap(ctx context.Context, out io.Writer, o batch.Overlap, j run.Entries) error {
	if len(o.Earlier) > 0 {
		fmt.Fprintf(out, "line %d: %s to %s was paid before, as %s\n", o.Line, o.Amount, o.Destination, strings.Join(o.Earlier, ", "))
	}
	if len(o.Corrected) == 0 {
		return nil
	}
	all, err := standing(ctx, j, o.Corrected)
	if err != nil {
		return err
	}
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = s.String()
	}
	_, err = fmt.Fprintf(out, "line %d: %s to %s is new, and this batch has taken for the same destination what the file does not have any more: %s\n",
		o.Line, o.Amount, o.Destination, strings.Join(texts, ", "))
	return err
}
