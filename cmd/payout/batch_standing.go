package main

import (
	"fmt"

	"github.com/payoutkit/payout/batch"
)

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
