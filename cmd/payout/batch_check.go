package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/cmd/payout/internal/run"
	"github.com/payoutkit/payout/journal"
)

func batchCheckCommand(g *global) *cobra.Command {
	var r registry
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "Check a file of payouts, and say what it comes to",
		Long: "Checks a whole file, by itself and by the rules of the banks that its rows would go to, and sends nothing. It\n" +
			"says what is wrong in which row, what the right rows come to, and which of them pay an amount to a\n" +
			"destination that an earlier batch has paid it to, or say something else to one that this batch has taken a\n" +
			"payout for; and how much of it this or another run has taken already. The exit status is 1 if a row is wrong, or pays the same again.",
		Example: "  payout batch check payouts.csv --config bench/payout.yaml --batch salaries-2026-11",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			a, err := g.load(c)
			if err != nil {
				return err
			}
			defer a.Close()
			o, err := r.options(a)
			if err != nil {
				return err
			}
			file, err := openRegistry(args[0])
			if err != nil {
				return err
			}
			defer file.Close()
			checking := batch.Checking{Options: o, Progress: g.steps(c).of("checking the file", 0)}
			rules, err := a.Rules()
			if err != nil {
				return err
			}
			checking.Accept = rules
			var entries run.Entries
			j, err := a.ReadJournal(c.Context())
			switch {
			case errors.Is(err, journal.ErrMissing):
				fmt.Fprintln(c.ErrOrStderr(), "payout: there is no journal yet, and no earlier batch to compare with")
			case err != nil:
				return err
			default:
				defer func() { _ = j.Close() }() // it was only read
				checking.Earlier, entries = run.Earlier(j), j
				checking.Accept = accepts(c.Context(), rules, j)
				if checking.Standing, err = stood(c.Context(), a, j); err != nil {
					return err
				}
			}
			report, err := batch.Check(c.Context(), file, file.size, checking)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if err := g.printCheck(c, args[0], report, entries); err != nil {
				return err
			}
			if report.Wrong > 0 || report.Overlaps > 0 {
				return findings("some rows are wrong, or pay the same again: see above")
			}
			return nil
		},
	}
	r.flags(c)
	return c
}
