package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/cmd/payout/internal/simulate"
)

const sandboxHelp = `Runs simulations of all2pay (an account and a reserve), Bereke Bank and ConnPay until
it is interrupted, on the loopback interface. It writes a folder with a configuration,
the addresses, the authorities to trust and the test credentials, so that every other
command can be tried from another terminal:

  payout sandbox --dir bench
  payout doctor --config bench/payout.yaml

A folder is for one of them: where banks are running already it is refused.
The banks' books are in memory: they are empty when the command starts again.`

func sandboxCommand(g *global) *cobra.Command {
	var folder string
	var port int
	c := &cobra.Command{
		Use:     "sandbox",
		Short:   "Run the simulated banks as servers that stay up",
		Long:    sandboxHelp,
		Example: "  payout sandbox --dir bench",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := simulate.Free(c.Context(), folder); err != nil {
				return err
			}
			banks, err := simulate.Start(c.Context(), port)
			if err != nil {
				return err
			}
			defer banks.Close()
			if err := banks.Write(folder); err != nil {
				return err
			}
			control, err := banks.Control(c.Context(), folder)
			if err != nil {
				return err
			}
			out := c.OutOrStdout()
			for _, b := range banks.Addresses() {
				fmt.Fprintf(out, "%-8s %s\n", b[0], b[1])
			}
			fmt.Fprintf(out, "\nTheir configuration is %s. Interrupt to stop.\n", filepath.Join(folder, simulate.ConfigName))
			<-c.Context().Done()
			return control.Close()
		},
	}
	c.PersistentFlags().StringVar(&folder, "dir", "sandbox", "the folder of the configuration")
	c.Flags().IntVar(&port, "port", 0, "the first bank's port, the others follow; 0: free ones")
	c.AddCommand(faultCommand(&folder), ledgerCommand(g, &folder), statementCommand(&folder))
	return c
}

func faultCommand(folder *string) *cobra.Command {
	var f simulate.Fault
	var help strings.Builder
	help.WriteString("Has the running banks of a folder misbehave, in one of these ways:\n\n")
	for _, fault := range simulate.Faults() {
		fmt.Fprintf(&help, "  %-10s %s\n", fault[0], fault[1])
	}
	c := &cobra.Command{
		Use:     "fault NAME",
		Short:   "Have the running banks misbehave",
		Long:    strings.TrimSpace(help.String()),
		Example: "  payout sandbox fault lost --dir bench --bank bereke --times 3",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f.Name = args[0]
			return simulate.InjectAt(c.Context(), *folder, f)
		},
	}
	c.Flags().StringVar(&f.Bank, "bank", "", "which bank; all of them by default")
	c.Flags().IntVar(&f.Times, "times", 1, "for how many payouts")
	c.Flags().StringVar(&f.Reference, "reference", "", "for the payout with this reference alone")
	return c
}

func ledgerCommand(g *global, folder *string) *cobra.Command {
	return &cobra.Command{
		Use:     "ledger",
		Short:   "Show what moved in the running banks",
		Long:    "Shows how much money left each of the running banks of a folder, and whether any of it left twice.\nThe exit status is 1 if it did.",
		Example: "  payout sandbox ledger --dir bench",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			all, err := simulate.LedgersAt(c.Context(), *folder)
			if err != nil {
				return err
			}
			t := g.table(c, "BANK", "PAYOUTS", "AMOUNT", "PAID TWICE")
			twice := false
			for _, m := range all {
				t.row(m, m.Bank, m.Payouts, m.Amount+" "+m.Currency, strings.Join(m.Twice, " "))
				twice = twice || len(m.Twice) > 0
			}
			if err := t.end(); err != nil {
				return err
			}
			if twice {
				return findings("money left more than once for a reference")
			}
			return nil
		},
	}
}

func statementCommand(folder *string) *cobra.Command {
	return &cobra.Command{
		Use:     "statement BANK",
		Short:   "Write the statement of a running bank",
		Long:    "Writes what moved at a running bank as its statement, in CSV, for: payout reconcile",
		Example: "  payout sandbox statement bereke --dir bench > statement.csv",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := simulate.StatementAt(c.Context(), *folder, args[0])
			if err != nil {
				return err
			}
			_, err = c.OutOrStdout().Write(text)
			return err
		},
	}
}
