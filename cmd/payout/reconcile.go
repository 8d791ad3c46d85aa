package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/journal/reconcile"
)

const reconcileHelp = `Holds a bank's statement against the journal: was all that was debited a payout of
ours, once, and was all that we call paid debited? It finds what nothing else can: a
payout that a bank has paid twice, and money that left by another way. Nothing in the
journal changes. A debit for a payout in review is evidence for "payout resolve".

How a bank writes its statement is in the configuration, under "statements".

The exit status is 1 if something is found, or a row could not be read.`

func reconcileCommand(g *global) *cobra.Command {
	var f struct {
		provider, from, before, csv string
		margin, lookback            time.Duration
	}
	c := &cobra.Command{
		Use:     "reconcile STATEMENT",
		Short:   "Hold a bank's statement against the journal",
		Long:    reconcileHelp,
		Example: "  payout reconcile statement.csv --config bench/payout.yaml --provider bereke --from 2026-01-01 --before 2036-01-01",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) (err error) {
			from, err := moment(f.from)
			if err != nil {
				return fmt.Errorf("--from: %w", err)
			}
			before, err := moment(f.before)
			if err != nil {
				return fmt.Errorf("--before: %w", err)
			}
			switch {
			case f.margin < 0:
				return errors.New("--margin: must not be negative")
			case f.margin == 0:
				f.margin = -1 // none: see reconcile.Config
			}
			a, err := g.load(c)
			if err != nil {
				return err
			}
			defer a.Close()
			p, err := a.Client(f.provider)
			if err != nil {
				return err
			}
			layout, err := a.File.Layout(p.Name())
			if err != nil {
				return err
			}
			statement, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer statement.Close()
			if err := outputs(a, args[0], output{"--csv", f.csv}); err != nil {
				return err
			}
			j, err := a.ReadJournal(c.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, j.Close()) }()
			report, err := reconcile.Run(c.Context(), reconcile.Config{
				Journal: j, Account: p.Info().Account, Provider: p.Name(), From: from, Before: before,
				Margin: f.margin, Lookback: f.lookback, Layout: layout,
			}, statement)
			if err != nil {
				return err
			}
			if f.csv != "" {
				if err := writeFile(f.csv, report.WriteCSV); err != nil {
					return err
				}
			}
			if err := g.printReconciled(c, report); err != nil {
				return err
			}
			if !report.Agrees() {
				return findings("the statement and the journal do not agree: see above")
			}
			return nil
		},
	}
	c.Flags().StringVar(&f.provider, "provider", "", "whose statement it is")
	c.Flags().StringVar(&f.from, "from", "", "the beginning of the statement's period, such as 2026-11-01")
	c.Flags().StringVar(&f.before, "before", "", "its end, which is not in it, such as 2026-12-01")
	c.Flags().DurationVar(&f.margin, "margin", 24*time.Hour, "how far from the journal's time the bank may book")
	c.Flags().DurationVar(&f.lookback, "lookback", 7*24*time.Hour, "how long before the period a payout may have been submitted")
	c.Flags().StringVar(&f.csv, "csv", "", "write the findings to this file, too")
	for _, name := range []string{"from", "before"} {
		_ = c.MarkFlagRequired(name) // it is there: see above
	}
	return c
}

func (g *global) printReconciled(c *cobra.Command, r *reconcile.Report) error {
	out := c.OutOrStdout()
	if g.json {
		return r.WriteJSON(out)
	}
	for _, f := range r.Findings {
		fmt.Fprintln(out, f)
	}
	for _, p := range r.Problems {
		fmt.Fprintln(out, p)
	}
	fmt.Fprintf(out, "%d debits %v, %d of them matched %v; %d credits %v; %d findings, %d rows that could not be read",
		r.Debits.Rows, r.Debits.Sums, r.Matched.Rows, r.Matched.Sums, r.Credits.Rows, r.Credits.Sums, len(r.Findings), len(r.Problems))
	if r.Outside > 0 {
		fmt.Fprintf(out, "; %d rows of another period", r.Outside)
	}
	_, err := fmt.Fprintln(out)
	return err
}
