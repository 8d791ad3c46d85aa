package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/cmd/payout/internal/config"
	"github.com/payoutkit/payout/dispatch"
)

func configCommand(g *global) *cobra.Command {
	c := group(&cobra.Command{
		Use:   "config",
		Short: "Begin or check a configuration",
		Long:  "A configuration names the providers, the routes and the journal, and where their secrets are.",
	})
	c.AddCommand(&cobra.Command{
		Use:     "init",
		Short:   "Write a configuration to begin with",
		Long:    "Writes a configuration with a word on each setting, and keys beside it.\nNothing that is there is overwritten.",
		Example: "  payout config init --config new.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := config.Create(g.config, config.Example); err != nil {
				return err
			}
			out := c.OutOrStdout()
			fmt.Fprintf(out, "%s: fill in the providers and routes, then: payout config check --config %s\n", g.config, g.config)
			for _, name := range config.KeyFiles {
				path := filepath.Join(filepath.Dir(g.config), name)
				if err := config.CreateKey(path); err != nil {
					return err
				}
				fmt.Fprintf(out, "%s: keep it, and not beside the journal\n", path)
			}
			return nil
		},
	})
	c.AddCommand(&cobra.Command{
		Use:     "check",
		Short:   "Check a configuration, without reaching any bank",
		Long:    "Checks a configuration and everything that it names, without reaching any bank. What is wrong is said with its line.",
		Example: "  payout config check --config bench/payout.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			f, err := config.Load(g.config)
			if err != nil {
				return err
			}
			wrong := f.Check()
			a, err := g.load(c)
			if err != nil {
				return errors.Join(wrong, err)
			}
			defer a.Close()
			dc, err := a.File.Dispatch(a.Sources)
			if err != nil {
				return errors.Join(wrong, err)
			}
			dc.Journal, dc.Providers = dispatch.NewMemory(), a.Clients
			if _, err := dispatch.New(dc); err != nil {
				return errors.Join(wrong, fmt.Errorf("%s: %w", g.config, err))
			}
			if wrong != nil {
				return wrong
			}
			t := g.table(c, "PROVIDER", "ACCOUNT", "CURRENCIES", "DESTINATIONS")
			for _, p := range a.Clients {
				info := p.Info()
				var currencies, kinds []string
				for _, r := range info.Amounts {
					currencies = append(currencies, r.Min.Currency().Code())
				}
				for _, k := range info.Destinations {
					kinds = append(kinds, k.Name())
				}
				t.row(map[string]any{"provider": info.Name, "account": info.Account, "currencies": currencies, "destinations": kinds},
					info.Name, info.Account, list(currencies), list(kinds))
			}
			return t.end()
		},
	})
	return c
}
