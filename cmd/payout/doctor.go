package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/cmd/payout/internal/app"
)

const doctorHelp = `Checks the configuration and everything around it, and says what helps: who may read
the files with secrets, whether each bank can be reached, whether its certificate is
trusted and its clock agrees with ours, whether it knows our credentials, what it says
of the balance, and how the journal is. No payout is made.

The exit status is 1 if something is wrong.`

func doctorCommand(g *global) *cobra.Command {
	return &cobra.Command{
		Use:     "doctor",
		Short:   "Check everything that payouts depend on, and say what helps",
		Long:    doctorHelp,
		Example: "  payout doctor --config bench/payout.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a, err := g.load(c)
			if err != nil {
				return err
			}
			defer a.Close()
			t := g.table(c, "ABOUT", "CHECK", "STATE", "SAYS", "WHAT HELPS")
			wrong := false
			show := func(all []app.Finding) {
				for _, f := range all {
					t.row(f, f.About, f.Check, f.State, f.Says, f.Do)
					wrong = wrong || f.State == app.Bad
				}
			}
			show(a.CheckFiles())
			show(a.CheckJournal(c.Context()))
			for n := range a.Clients {
				show(a.CheckProvider(c.Context(), n, time.Now))
			}
			if err := t.end(); err != nil {
				return err
			}
			if wrong {
				return findings("something is wrong: see above")
			}
			return nil
		},
	}
}
