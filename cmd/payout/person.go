package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/dispatch"
)

// by is the flag for a person's name.
func by(c *cobra.Command, into *string) {
	c.Flags().StringVar(into, "by", "", "your name: it is written down")
	_ = c.MarkFlagRequired("by") // it is there: see above
}

func cancelCommand(g *global) *cobra.Command {
	var who, why string
	c := &cobra.Command{
		Use:   "cancel REFERENCE",
		Short: "Withdraw a payout that is not being sent",
		Long: "Withdraws a payout for good. It wins only while nothing of it can be under way; otherwise nothing\n" +
			"changes, and the exit status is 2.",
		Example: "  payout cancel order-2 --config bench/payout.yaml --by \"A. Clerk\" --why \"entered twice\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return g.atDesk(c, func(d *dispatch.Dispatcher) (dispatch.Entry, error) {
				return d.Cancel(c.Context(), args[0], who, why)
			}, args[0])
		},
	}
	by(c, &who)
	c.Flags().StringVar(&why, "why", "", "why, for whoever reads the history")
	return c
}

const resolveHelp = `Ends a review: a person says what became of a payout, on what evidence. It starts
nothing: to pay anew is a new payout, under a new reference. "failed" is taken only
when nothing of ours can be under way any more; "planned", it was never sent, send it, only
where the journal is in doubt after a restore. The bank is asked on; if it proves the
opposite later, the payout comes back to review, with an alarm.`

// outcomes are those that a person can give.
const outcomes = "paid, failed or returned; after a restore also planned: it was never sent"

func resolveCommand(g *global) *cobra.Command {
	var outcome, evidence, who string
	c := &cobra.Command{
		Use:     "resolve REFERENCE",
		Short:   "Say what became of a payout in review",
		Long:    resolveHelp,
		Example: "  payout resolve order-1 --config bench/payout.yaml --outcome paid --evidence \"statement of 2026-11-22, line 3\" --by \"A. Clerk\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			var s dispatch.State
			if err := s.UnmarshalText([]byte(outcome)); err != nil {
				return errors.New("--outcome: must be " + outcomes)
			}
			return g.atDesk(c, func(d *dispatch.Dispatcher) (dispatch.Entry, error) {
				return d.Resolve(c.Context(), args[0], s, evidence, who)
			}, args[0])
		},
	}
	by(c, &who)
	c.Flags().StringVar(&outcome, "outcome", "", outcomes)
	c.Flags().StringVar(&evidence, "evidence", "", "what it rests on, such as a statement's line")
	for _, name := range []string{"outcome", "evidence"} {
		_ = c.MarkFlagRequired(name) // it is there: see above
	}
	return c
}

func holdCommand(g *global) *cobra.Command {
	var who, note string
	var release bool
	c := &cobra.Command{
		Use:   "hold [PROVIDER]",
		Short: "Keep a provider from getting payouts, let it have them again, or show who is held",
		Long: "Without a provider: shows which are held, and why. A provider that is held gets no payouts to send; it\n" +
			"is asked about those that it has. Only a person lifts what a person has set; the others are lifted by\na check of the bank.",
		Example: "  payout hold --config bench/payout.yaml\n" +
			"  payout hold bereke --config bench/payout.yaml --by \"A. Clerk\" --note \"their maintenance\"\n" +
			"  payout hold bereke --config bench/payout.yaml --by \"A. Clerk\" --release",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) (err error) {
			if len(args) == 0 {
				return g.holds(c)
			}
			if who == "" {
				return errors.New("--by: is required: your name")
			}
			a, err := g.load(c)
			if err != nil {
				return err
			}
			d, err := a.Open(c.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, d.Close()) }()
			if release {
				return d.Release(c.Context(), args[0], who)
			}
			return d.Hold(c.Context(), args[0], who, note)
		},
	}
	c.Flags().StringVar(&who, "by", "", "your name: it is written down")
	c.Flags().StringVar(&note, "note", "", "why, for whoever reads it")
	c.Flags().BoolVar(&release, "release", false, "let it have payouts again")
	return c
}

func (g *global) holds(c *cobra.Command) error {
	a, err := g.load(c)
	if err != nil {
		return err
	}
	j, err := a.ReadJournal(c.Context())
	if err != nil {
		return err
	}
	defer func() { _ = j.Close() }() // it was only read
	holds, err := j.Holds(c.Context())
	if err != nil {
		return err
	}
	t := g.table(c, "PROVIDER", "REASON", "BY", "NOTE", "SINCE")
	for _, h := range holds {
		t.row(map[string]any{"provider": h.Provider, "reason": h.Reason, "by": h.By, "note": h.Note, "since": h.Since},
			h.Provider, h.Reason, h.By, h.Note, h.Since.UTC().Format("2006-01-02 15:04:05"))
	}
	return t.end()
}

// atDesk has a person's word taken, and shows how the payout stands then.
func (g *global) atDesk(c *cobra.Command, do func(*dispatch.Dispatcher) (dispatch.Entry, error), reference string) (err error) {
	a, err := g.load(c)
	if err != nil {
		return err
	}
	d, err := a.Open(c.Context())
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if err = errors.Join(err, d.Close()); done {
			err = brokeOff("it is written down, and could not be shown: see payout status "+reference, err)
		}
	}()
	e, err := do(d.Dispatcher)
	if err != nil {
		return fmt.Errorf("nothing has changed: %w", unknownReference(err, reference))
	}
	done = true
	t := g.table(c, entryColumns...)
	t.entry(e)
	return t.end()
}
