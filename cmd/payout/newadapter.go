package main

import (
	"cmp"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/cmd/payout/internal/scaffold"
)

func newAdapterCommand() *cobra.Command {
	var o scaffold.Options
	c := &cobra.Command{
		Use:   "new-adapter NAME",
		Short: "Lay out the files of an adapter for another bank",
		Long: `Makes a directory with the files of a new adapter: the adapter itself, a simulation
of its bank, and a test that runs the conformance suite on the two. It compiles as it
is, moves no money, and fails its test with a list of what is left to do.

With --module the directory is a module of its own, for a repository of yours.
Without, it is a package of the module that it lies in.

` + scaffold.Docs + `
goes through the list.`,
		Example: "  payout new-adapter mybank --module example.com/banks/mybank\n  cd mybank && go mod tidy && go test ./...",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.Name = args[0]
			files, err := scaffold.Create(o)
			if err != nil {
				return err
			}
			dir := cmp.Or(o.Dir, o.Name)
			out := c.OutOrStdout()
			fmt.Fprintf(out, "%s:\n", dir)
			for _, f := range files {
				fmt.Fprintf(out, "  %s\n", f)
			}
			fmt.Fprintf(out, "\nWhat is left to do:\n  cd %s", dir)
			if o.Module != "" {
				fmt.Fprint(out, " && go mod tidy")
			}
			fmt.Fprintf(out, " && go test ./...\n\n%s\n", scaffold.Docs)
			return nil
		},
	}
	c.Flags().StringVar(&o.Dir, "dir", "", "the directory to make (default: NAME)")
	c.Flags().StringVar(&o.Module, "module", "", "make it a module of its own, with this path")
	return c
}
