package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/cmd/payout/internal/config"
	"github.com/payoutkit/payout/dispatch"
)

func configCommand(g *global) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Begin or check a configuration",
		Long:  "A configuration names the providers, the routes and the journal, and where their secrets are.",
	}
	c.AddCommand(&cobra.Command{
		Use:     "init",
		Short:   "Write a configuration to begin with",
		Long:    "Writes a configuration with a word on each setting, and a key for fingerprints beside it.\nNothing that is there is overwritten.",
		Example: "  payout config init --config bench/payout.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := create(g.config, config.Example); err != nil {
				return err
			}
			key := filepath.Join(filepath.Dir(g.config), "fingerprint.key")
			if err := create(key, config.NewKey()); err != nil && !errors.Is(err, fs.ErrExist) {
				return err
			}
			_, err := fmt.Fprintf(c.OutOrStdout(), "%s: fill in the providers and routes, then: payout config check --config %s\n%s: keep it, and not beside the journal\n",
				g.config, g.config, key)
			return err
		},
	})
	c.AddCommand(&cobra.Command{
		Use:     "check",
		Short:   "Check a configuration, without reaching any bank",
		Long:    "Checks a configuration and everything that it names, without reaching any bank. What is wrong is said with its line.",
		Example: "  payout config check --config bench/payout.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a, err := g.load(c)
			if err != nil {
				return err
			}
			defer a.Close()
			dc, err := a.File.Dispatch(a.Sources)
			if err != nil {
				return err
			}
			dc.Journal, dc.Providers = dispatch.NewMemory(), a.Clients
			if _, err := dispatch.New(dc); err != nil {
				return fmt.Errorf("%s: %w", g.config, err)
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

// create writes a file that is not there, for its owner alone.
func create(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the path is the operator's
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}
