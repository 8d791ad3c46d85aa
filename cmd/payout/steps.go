package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
)

// steps says how far a command is with what takes long.
type steps struct{ out io.Writer }

// steps says so on standard error, which scripts that read JSON leave alone.
func (g *global) steps(c *cobra.Command) steps { return steps{c.ErrOrStderr()} }

// patience is how long a step goes on without a word.
const patience = 5 * time.Second

// of begins a step. What it returns is given the number of rows that are done; all is how
// many there are, 0 if nobody knows yet.
func (s steps) of(what string, all int) func(rows int) {
	next := time.Now().Add(patience)
	return func(rows int) {
		now := time.Now()
		if now.Before(next) {
			return
		}
		next = now.Add(patience)
		if all == 0 {
			fmt.Fprintf(s.out, "payout: %s: %d rows\n", what, rows)
			return
		}
		fmt.Fprintf(s.out, "payout: %s: %d of %d rows\n", what, rows, all)
	}
}
