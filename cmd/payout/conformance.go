package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/cmd/payout/internal/config"
	"github.com/payoutkit/payout/conformance"
)

const conformanceHelp = `Runs the cases of the conformance suite that are safe against somebody else's machine,
against a configured provider, and prints the report. Say its host with --host: a test
host, never a production host, since a payout made there is a payout. No other host is
reached. With --requests it makes the payouts of that registry, under references of
its own; without, nothing is paid, only asked: the cases that pay are reported as not run,
and the report proves nothing about them.

The exit status is 1 if a rule is broken.`

func conformanceCommand(g *global) *cobra.Command {
	var name, host, requests string
	var patience time.Duration
	c := &cobra.Command{
		Use:     "conformance",
		Short:   "Run the conformance suite against a bank's test host",
		Long:    conformanceHelp,
		Example: "  payout conformance --config bench/payout.yaml --provider bereke --host 127.0.0.1",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			f, err := config.Load(g.config)
			if err != nil {
				return err
			}
			one, err := f.Named(name)
			if err != nil {
				return err
			}
			if at, err := url.Parse(one.URL()); err != nil || at.Hostname() != host {
				return fmt.Errorf("--host: %q is not where %s is", host, name)
			}
			paid, err := requestsOf(requests)
			if err != nil {
				return err
			}
			var account config.Account
			report, err := conformance.VerifyLive(c.Context(), conformance.Live{
				Hosts: []string{host}, Requests: paid, Patience: patience,
				New: func(_ func(string) string, dial conformance.Dial) (payout.Provider, error) {
					s := f.Sources(os.LookupEnv)
					s.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
						return dial(ctx, network, address)
					}
					var err error
					account, err = one.Account(s)
					return account, err
				},
			})
			if account != nil {
				account.CloseIdleConnections()
			}
			if err != nil {
				return err
			}
			if len(paid) > 0 {
				defer func() { err = brokeOff("payouts may have been made: look at the bank's statement", err) }()
			}
			if g.json {
				err = encoder(c.OutOrStdout()).Encode(report)
			} else {
				_, err = fmt.Fprint(c.OutOrStdout(), report.Markdown())
			}
			if err == nil && report.Broken() {
				err = findings("a rule is broken: see the report")
			}
			return err
		},
	}
	c.Flags().StringVar(&name, "provider", "", "which provider")
	c.Flags().StringVar(&host, "host", "", "its host, which must be a test host")
	c.Flags().StringVar(&requests, "requests", "", "a registry of payouts to make there")
	c.Flags().DurationVar(&patience, "patience", time.Minute, "how long the fate of one payout is asked for")
	_ = c.MarkFlagRequired("host") // it is there: see above
	return c
}

// requestsOf reads a registry of few rows, all of which have to be right.
func requestsOf(path string) (out []payout.Request, err error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path) // #nosec G304 -- the path is the operator's
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r, err := batch.NewReader(file, payout.Kinds()...)
	if err != nil {
		return nil, err
	}
	for {
		row, err := r.Next()
		if err != nil || row.Err != nil {
			if row.Err == nil && len(out) > 0 && errors.Is(err, io.EOF) {
				return out, nil
			}
			return nil, errors.Join(err, row.Err)
		}
		out = append(out, row.Request)
	}
}
