package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

func journalBackupCommand(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy a journal in a file, while it is in use",
		Long: "Writes a copy of a journal in a file to a new file: how it stands at one moment, whole, whoever has it open.\n" +
			"A journal in PostgreSQL is backed up as any database. Keep the witness, the keyset and the keys out of it.",
		Example: "  payout journal backup bench/copy.db --config bench/payout.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			a, err := g.load(c)
			if err != nil {
				return err
			}
			if err := apart(a, "", output{"FILE", args[0]}); err != nil {
				return err
			}
			j, err := a.ReadJournal(c.Context())
			if err != nil {
				return err
			}
			defer func() { _ = j.Close() }() // it was only read
			copier, ok := j.(interface {
				Backup(ctx context.Context, path string) error
			})
			if !ok {
				return errors.New("a journal in PostgreSQL is backed up as any database, with pg_dump or its like")
			}
			return copier.Backup(c.Context(), args[0])
		},
	}
}

func journalEraseCommand(g *global) *cobra.Command {
	var who string
	c := &cobra.Command{
		Use:   "erase REFERENCE",
		Short: "Take what is personal out of a payout that is over",
		Long: "Removes the sealed request and the masked destination of a payout that is final, and destroys its key.\n" +
			"Reference, amount and outcome stay for ever: they keep it from being paid again. It can't be undone.",
		Example: "  payout journal erase order-1 --config bench/payout.yaml --by \"A. Clerk\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) (err error) {
			a, err := g.load(c)
			if err != nil {
				return err
			}
			j, err := a.OpenJournal(c.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, j.Close()) }()
			if err := j.Erase(c.Context(), args[0], who); err != nil {
				return unknownReference(err, args[0])
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), "erased")
			return err
		},
	}
	by(c, &who)
	return c
}
