package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout"
)

func balanceCommand(g *global) *cobra.Command {
	var name, source string
	c := &cobra.Command{
		Use:   "balance",
		Short: "Show what is left to pay from",
		Long: "Shows what each provider that can be asked says is left to pay from: its statement of that moment.\n" +
			"The exit status is 1 if one that can be asked did not say.",
		Example: "  payout balance --config bench/payout.yaml\n  payout balance --config bench/payout.yaml --provider all2pay",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a, err := g.load(c)
			if err != nil {
				return err
			}
			defer a.Close()
			clients := a.Clients
			if name != "" {
				one, err := a.Client(name)
				if err != nil {
					return err
				}
				clients = []*payout.Client{one}
			}
			t := g.table(c, "PROVIDER", "AVAILABLE", "SAYS")
			missing := false
			for _, p := range clients {
				balances, err := p.Balances(c.Context(), payout.Source{SavedCard: source})
				for _, b := range balances {
					t.row(map[string]any{"provider": p.Name(), "available": b.Available}, p.Name(), b.Available, "")
				}
				if err != nil {
					missing = missing || !errors.Is(err, payout.ErrUnsupported)
					t.row(map[string]any{"provider": p.Name(), "error": err.Error()}, p.Name(), "", err)
				}
			}
			if err := t.end(); err != nil {
				return err
			}
			if missing {
				return findings("a balance could not be had: see above")
			}
			return nil
		},
	}
	c.Flags().StringVar(&name, "provider", "", "one provider; all of them by default")
	c.Flags().StringVar(&source, "source", "", "the saved card to pay from, where a provider has several")
	return c
}
