package main

import (
	"context"
	"fmt"

	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/cmd/payout/internal/app"
	"github.com/payoutkit/payout/cmd/payout/internal/run"
)

// stood is what a journal has, for a check to hold rows against. With other keys than the
// journal's nothing would be known again: that is an error.
func stood(ctx context.Context, a *app.App, j app.Journal) (batch.Standing, error) {
	if err := a.CheckKeys(ctx, j); err != nil {
		return nil, err
	}
	keys, err := a.Keys()
	if err != nil {
		return nil, err
	}
	return run.Standing(ctx, j, keys), nil
}

// standingOf says how much of a file is not new: what is confirmed is what all of its rows
// come to.
func standingOf(r *batch.Report) (out []string) {
	for _, part := range []struct {
		batch.Tally
		words string
	}{
		{r.UnderWay, "is paid or under way already"},
		{r.Ended, "has come to another end already, such as failed, and is not sent again"},
	} {
		if part.Rows > 0 {
			out = append(out, fmt.Sprintf("of that %s, %d rows, %s", sums(part.Totals), part.Rows, part.words))
		}
	}
	return out
}
