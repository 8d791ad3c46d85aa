package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/journal"
)

func journalCommand(g *global) *cobra.Command {
	c := group(&cobra.Command{Use: "journal", Short: "Create, verify or move the journal"})
	c.AddCommand(journalInitCommand(g), journalBackupCommand(g), journalTrustCommand(g), journalEraseCommand(g), journalVerifyCommand(g), journalMoveCommand(g))
	return c
}

func journalInitCommand(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "init",
		Short: "Create the journal, once",
		Long: "Creates the journal that the configuration names, and its keyset, if it names one. Nothing that is there\n" +
			"is overwritten: no other command creates a journal, because an empty one knows nothing of what was paid.",
		Example: "  payout journal init --config bench/payout.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a, err := g.load(c)
			if err != nil {
				return err
			}
			// A keyset beside a journal that is there would look as if it was not lost.
			if old, err := a.ReadJournal(c.Context()); err == nil {
				_ = old.Close() // it was only looked for
			} else if errors.Is(err, journal.ErrMissing) {
				if err := a.CreateKeyset(); err != nil {
					return err
				}
			}
			j, err := a.CreateJournal(c.Context())
			if err != nil {
				return err
			}
			if err := j.Close(); err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), "the journal is there, and empty")
			return err
		},
	}
}

func journalTrustCommand(g *global) *cobra.Command {
	var who, evidence string
	c := &cobra.Command{
		Use:   "trust",
		Short: "Say that nothing is missing from a journal that is in doubt",
		Long: "Ends a doubt: a journal that was restored from an older copy asks before it sends, until a person says that\n" +
			"nothing is missing from it. Be sure: what it shows as never sent will be sent.",
		Example: "  payout journal trust --config bench/payout.yaml --evidence \"reconciled to 12:00, nothing was sent after\" --by \"A. Clerk\"",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			a, err := g.load(c)
			if err != nil {
				return err
			}
			j, err := a.OpenJournal(c.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, j.Close()) }()
			doubt, err := j.Doubt(c.Context())
			if err != nil {
				return err
			}
			if doubt.Number == 0 {
				return errors.New("there is no doubt")
			}
			return j.Trust(c.Context(), who, evidence)
		},
	}
	by(c, &who)
	c.Flags().StringVar(&evidence, "evidence", "", "what it rests on")
	_ = c.MarkFlagRequired("evidence") // it is there: see above
	return c
}
