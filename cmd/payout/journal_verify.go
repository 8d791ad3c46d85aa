package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/cmd/payout/internal/app"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/sqlite"
)

func journalVerifyCommand(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Read the whole journal, and look whether it is sound",
		Long: "Reads all of the journal and holds its parts against each other: pages, payouts and their histories,\n" +
			"references, limits. It changes nothing, and payouts go on meanwhile. The exit status is 1 if something is\nwrong: restore the journal from a backup, or ask its makers.",
		Example: "  payout journal verify --config bench/payout.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a, err := g.load(c)
			if err != nil {
				return err
			}
			defer a.Close()
			found, err := verified(c.Context(), a)
			if sqlite.Broken(err) { // so much that it can't even be read
				found, err = []journal.Finding{{Check: "file", Says: err.Error()}}, nil
			}
			if err != nil {
				return err
			}
			if len(found) == 0 && !g.json {
				_, err := fmt.Fprintln(c.OutOrStdout(), "the journal is sound")
				return err
			}
			t := g.table(c, "CHECK", "ABOUT", "SAYS")
			for _, f := range found {
				t.row(f, f.Check, f.About, f.Says)
			}
			if err := t.end(); err != nil {
				return err
			}
			if len(found) > 0 {
				return findings(fmt.Sprintf("%d things are wrong with the journal", len(found)))
			}
			return nil
		},
	}
}

// verified returns what is wrong with a journal.
func verified(ctx context.Context, a *app.App) (_ []journal.Finding, err error) {
	j, err := a.ReadJournal(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	return j.Verify(ctx)
}
