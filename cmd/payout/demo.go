package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/cmd/payout/internal/demo"
)

const demoHelp = `Starts simulations of all2pay (an account and a reserve), Bereke Bank and ConnPay
in this process, reads a file of payouts and hands them to a dispatcher. It picks a
bank by its routes, sends each payout once, asks until its fate is known, and tries
another bank only when the first has confirmed that it did not pay, for a reason
that another may not have. What it believes is held against the banks' own ledgers.
At a terminal a bar for each bank shows how far it is.

Without a file it pays a sample of its own, in which a bank declines, an account
runs dry and the reserve takes over, answers are lost after the money moved, and a
row is malformed. With a file the banks behave. The file is CSV with a header, one
payout a line:

  reference,amount,currency,destination,card.number,recipient.name
  order-1,1500.00,RUB,card,4111111111111111,IVAN PETROV

The journal is a file on disk, which a demo of its own banks removes at its end. With
--dir the banks are those of a running "payout sandbox", and the journal stays: a demo
that was killed midway, and is started again with the same file, finishes what it began.

The provider of a payout is the one that paid, or to which it was sent last; its
attempts are how many accounts it was sent to. One that was sent to none has neither.

Statuses are paid, returned, failed, review (a person must look), pending, action
required and unknown, as the library has them; not sent, if it is proved that
nothing left for a bank; and refused, if the bank did not take the call. In JSON
they are words with underscores, as in not_sent.

With --json each line is one object, told apart by its "type":
  start    registry, banks
  payout   line, last_line (if lines after it were not read), reference, provider,
           provider_id, amount {amount, currency}, destination, status, reason,
           attempts, earlier [{provider, state, reason}] (attempts before the one
           that paid or was last), answer_lost, error, took_ms; what is empty is
           left out; in the order of the file, as each becomes known
  total    provider ("-": none), status, count
  ledger   provider, believed_count, believed, moved_count, moved: what we believe
           to be paid and what the bank's ledger says, for one currency; open_count,
           open: movements for payouts that are open; agree
  finding  reference, finding: something that a person must look at
  summary  rows, answers_lost, failed_over (payouts that took more than one
           attempt), findings, took_ms; always the last line

Exit status:
  0  each fate is known or with a person, and the ledgers agree; rows that were not
     sent because they are wrong are no fault of the run
  1  something is lost or contradictory, the run was interrupted, or the file could
     not be read to its end: see the findings
  2  nothing was sent: a wrong flag, or a file that can't be read or has no header`

func demoCommand(g *global) *cobra.Command {
	var o demo.Options
	c := &cobra.Command{
		Use:     "demo [FILE.csv]",
		Short:   "Pay a file of payouts into simulated banks that misbehave",
		Long:    demoHelp,
		Example: "  payout demo\n  payout demo --json payouts.csv",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				f, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer f.Close()
				o.Registry, o.Name = f, args[0]
				if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
					o.Registry = io.NewSectionReader(f, 0, info.Size())
				}
			}
			o.JSON, o.Logger, o.Out = g.json, g.logger(c), c.OutOrStdout()
			o.Terminal = !g.verbose && isTerminal(o.Out)
			return demo.Run(c.Context(), o)
		},
	}
	c.Flags().StringVar(&o.Folder, "dir", "", "pay into the banks of a running \"payout sandbox --dir\"")
	return c
}
