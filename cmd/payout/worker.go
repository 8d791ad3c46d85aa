package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/cmd/payout/internal/app"
)

const workerHelp = `Drives the payouts of the journal until it is interrupted: sends what is to be sent and
asks about what was sent. Who submits them is another program, or another command.
Alarms, and what goes wrong, are lines on standard error.
With --callbacks it also takes the banks' callbacks, at /callbacks/PROVIDER: they are
hints to ask soon, and never decide anything.

A journal in a file belongs to one process: while a worker has it, the other commands
can read it and no more. Several workers share a journal in PostgreSQL; with
journal.river in the configuration they are driven by River, on any number of machines,
and a provider's rates are those of all of them together.`

func workerCommand(g *global) *cobra.Command {
	var listen string
	c := &cobra.Command{
		Use:     "worker",
		Short:   "Drive the payouts of the journal until it is interrupted",
		Long:    workerHelp,
		Example: "  payout worker --config bench/payout.yaml --callbacks 127.0.0.1:8080",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			working := false
			err := g.serve(c, listen, func(ctx context.Context, d *app.Desk) error {
				working = true
				fmt.Fprintln(c.OutOrStdout(), "working; interrupt to stop")
				err := d.Run(ctx)
				if errors.Is(err, context.Canceled) { // interrupted, as it is meant to be
					err = nil
				}
				return err
			})
			if working {
				err = brokeOff("the worker has ended, and payouts may have been sent: start it again", err)
			}
			return err
		},
	}
	c.Flags().StringVar(&listen, "callbacks", "", "the address to take callbacks at, such as 127.0.0.1:8080")
	return c
}

func callbacksCommand(g *global) *cobra.Command {
	c := group(&cobra.Command{Use: "callbacks", Short: "Take the banks' callbacks"})
	var listen string
	serve := &cobra.Command{
		Use:   "serve",
		Short: "Take the banks' callbacks until it is interrupted",
		Long: "Takes the banks' callbacks at /callbacks/PROVIDER and writes down that the payout should be asked about\n" +
			"soon. They never decide anything. Who asks is a worker, on the same journal in PostgreSQL; for a journal\n" +
			"in a file use: payout worker --callbacks. Put a proxy in front of it that ends TLS.",
		Example: "  payout callbacks serve --config bench/payout.yaml --listen 127.0.0.1:8080",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return g.serve(c, listen, func(ctx context.Context, _ *app.Desk) error {
				<-ctx.Done()
				return nil
			})
		},
	}
	serve.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "the address to take callbacks at")
	c.AddCommand(serve)
	return c
}

// serve opens the desk, takes callbacks if it is told where, and does work.
func (g *global) serve(c *cobra.Command, listen string, work func(context.Context, *app.Desk) error) (err error) {
	a, err := g.loadToDrive(&aside{out: c.ErrOrStderr()}, true)
	if err != nil {
		return err
	}
	d, err := a.Open(c.Context())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if listen == "" {
		return work(c.Context(), d)
	}
	l, err := new(net.ListenConfig).Listen(c.Context(), "tcp", listen)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	for _, p := range a.Clients {
		path := "/callbacks/" + p.Name()
		mux.Handle(path, d.Callback(p.Name()))
		fmt.Fprintf(c.OutOrStdout(), "callbacks of %s at http://%s%s\n", p.Name(), l.Addr(), path)
	}
	server := &http.Server{
		Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 1 << 16,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	defer func() {
		ctx, done := context.WithTimeout(context.WithoutCancel(c.Context()), 10*time.Second)
		defer done()
		err = errors.Join(err, server.Shutdown(ctx))
		if failed := <-served; !errors.Is(failed, http.ErrServerClosed) {
			err = errors.Join(err, failed)
		}
	}()
	return work(c.Context(), d)
}
