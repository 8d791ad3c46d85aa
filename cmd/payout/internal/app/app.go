// Package app makes of a configuration what the commands work with: the providers, the
// journal, the dispatcher.
package app

import (
	"fmt"
	"log/slog"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/cmd/payout/internal/config"
)

// Options are the command's.
type Options struct {
	Config string // the file
	Lookup func(name string) (string, bool)
	Logger *slog.Logger // nil: nothing is logged
	Notice func(string) // hears what a person should know of what he reads; nil: nobody does
}

// App is a configuration at work. It has no connection and no journal open until a
// method says so.
type App struct {
	File     *config.File
	Sources  config.Sources
	Accounts []config.Account
	Clients  []*payout.Client
	// JournalCache is how many bytes of a journal in a file are kept at hand; 0: see
	// package sqlite.
	JournalCache int
	logger       *slog.Logger
	notice       func(string)
}

// Load reads the configuration and makes the providers. The error names what is wrong.
func Load(o Options) (*App, error) {
	f, err := config.Load(o.Config)
	if err != nil {
		return nil, err
	}
	a := &App{File: f, Sources: f.Sources(o.Lookup), logger: o.Logger, notice: o.Notice}
	if a.Accounts, err = f.Accounts(a.Sources); err != nil {
		return nil, err
	}
	var options []payout.ClientOption
	if a.logger != nil {
		options = append(options, payout.WithObserver(payout.LogObserver(a.logger)))
	}
	for _, account := range a.Accounts {
		a.Clients = append(a.Clients, payout.NewClient(account, options...))
	}
	return a, nil
}

// Close closes idle connections.
func (a *App) Close() {
	for _, account := range a.Accounts {
		account.CloseIdleConnections()
	}
}

// Client returns a provider by name. "" is the only one, if there is one.
func (a *App) Client(name string) (*payout.Client, error) {
	var names []string
	for _, c := range a.Clients {
		if c.Name() == name || name == "" && len(a.Clients) == 1 {
			return c, nil
		}
		names = append(names, c.Name())
	}
	if name == "" {
		return nil, fmt.Errorf("say which provider with --provider: %s", strings.Join(names, ", "))
	}
	return nil, fmt.Errorf("the configuration has no provider %q: it has %s", name, strings.Join(names, ", "))
}

// Kinds are the destinations that some provider pays to.
func (a *App) Kinds() []payout.Kind {
	var out []payout.Kind
	seen := map[string]bool{}
	for _, c := range a.Clients {
		for _, k := range c.Info().Destinations {
			if !seen[k.Name()] {
				seen[k.Name()] = true
				out = append(out, k)
			}
		}
	}
	return out
}
