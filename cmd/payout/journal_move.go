package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/journal/move"
)

const journalMoveHelp = `Ends the journal of this configuration, and has it go on where another configuration
says: from SQLite to PostgreSQL, back, or from one of them to another of its kind.
There must be no journal there. The old one takes nothing any more and can't be opened;
there is no way back but to move it again. Stop the workers first, and start them with
the new configuration.

Everything comes along and is compared; the keys, the keyset and the witness of the old
configuration belong to the new one too. What was being sent is unknown in the new
journal, and is asked about first.

A move that is cut off is run again, to the same place.`

func journalMoveCommand(g *global) *cobra.Command {
	var to, who string
	var yes bool
	c := &cobra.Command{
		Use:     "move",
		Short:   "Move the journal to another file or database",
		Long:    journalMoveHelp,
		Example: "  payout journal move --config bench/payout.yaml --to bench/new.yaml --by \"A. Clerk\" --yes",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a, err := g.load(c)
			if err != nil {
				return err
			}
			defer a.Close()
			next, err := g.loadFrom(c, to)
			if err != nil {
				return fmt.Errorf("--to: %w", err)
			}
			defer next.Close()
			if err := agreed(c, yes, to); err != nil {
				return err
			}
			if a.File.Journal.Keyset == "" { // what was sealed with another one could not be opened
				if err := next.CreateKeyset(); err != nil {
					return err
				}
			}
			report, err := a.Move(c.Context(), next, move.Options{By: who, Progress: func(p move.Progress) {
				if !p.Done {
					fmt.Fprintf(c.ErrOrStderr(), "payout: %s: %d rows\n", p.Table, p.Rows)
				}
			}})
			if err != nil {
				return err
			}
			return g.moved(c, report, to)
		},
	}
	by(c, &who)
	c.Flags().StringVar(&to, "to", "", "the configuration that says where the journal goes on")
	_ = c.MarkFlagRequired("to") // it is there: see above
	c.Flags().BoolVar(&yes, "yes", false, "move it without asking")
	return c
}

// agreed has a person at a terminal say that the journal is to be moved.
func agreed(c *cobra.Command, yes bool, to string) error {
	if yes {
		return nil
	}
	in := c.InOrStdin()
	if !isTerminal(in) {
		return errors.New("nothing was moved: say --yes")
	}
	fmt.Fprintf(c.ErrOrStderr(), "This ends the journal here. It goes on as %s says. Type move to move it: ", to)
	answer, err := bufio.NewReader(io.LimitReader(in, 1<<10)).ReadString('\n')
	if err != nil || strings.TrimSpace(answer) != "move" {
		return errors.New("nothing was moved")
	}
	return nil
}

// moved prints what was moved.
func (g *global) moved(c *cobra.Command, r move.Report, to string) error {
	t := g.table(c, "TABLE", "ROWS")
	for _, table := range r.Tables {
		t.row(map[string]any{"type": "table", "table": table.Table, "rows": table.Rows}, table.Table, table.Rows)
	}
	if t.json != nil {
		t.row(map[string]any{
			"type": "moved", "from": r.From, "to": r.To, "lineage": r.Lineage, "in_flight": r.InFlight, "cursor": r.Cursor, "already": r.Already,
		})
		return t.end()
	}
	if err := t.end(); err != nil {
		return err
	}
	out := c.OutOrStdout()
	if r.Already {
		fmt.Fprintf(out, "\nIt was moved already, to %s.\n", r.To)
	} else {
		fmt.Fprintf(out, "\nMoved to %s.\n", r.To)
		fmt.Fprintf(out, "%d payouts were being sent, and are asked about first.\n", r.InFlight)
	}
	if r.Cursor != "" {
		fmt.Fprintf(out, "Who has read all of the old feed goes on after cursor %s.\n", r.Cursor)
	}
	_, err := fmt.Fprintf(out, "From now on: --config %s\n", to)
	return err
}
