package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/engine/river"
)

// engine makes the engine of the configuration on its journal, and River's tables if they
// are not there.
func (a *App) engine(ctx context.Context, j Journal, c dispatch.Config) (*river.Engine, error) {
	in, ok := j.(witnessed).Journal.(pooled)
	if !ok {
		return nil, errors.New("journal.river: the journal must be in PostgreSQL")
	}
	r := a.File.Journal.River
	if c.Sealer == nil {
		return nil, errors.New("journal.river: it needs journal.keyset: a worker on another machine has to open the request")
	}
	if err := river.Migrate(ctx, in.pool, r.Schema); err != nil {
		return nil, err
	}
	logger := a.logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return river.New(river.Config{
		Pool: in.pool, Journal: in.Journal, Dispatch: c, Schema: r.Schema, Workers: r.Workers, Logger: logger,
	})
}

// Submit takes a payout on, as [dispatch.Dispatcher.Submit] does, with a job if there is
// an engine.
func (d *Desk) Submit(ctx context.Context, req payout.Request, options ...dispatch.SubmitOption) (dispatch.Ticket, error) {
	if d.engine == nil {
		return d.Dispatcher.Submit(ctx, req, options...)
	}
	e, err := d.engine.Submit(ctx, req)
	if err != nil || len(options) == 0 {
		return dispatch.Ticket{Entry: e}, err
	}
	return d.Dispatcher.Submit(ctx, req, options...) // who waits for the answer may as well ask for it
}

// Run drives payouts until ctx ends, by the engine if there is one.
func (d *Desk) Run(ctx context.Context) error {
	if d.engine == nil {
		return d.Dispatcher.Run(ctx)
	}
	if err := d.engine.Run(ctx); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("the engine has ended: %w", err)
	}
	return context.Cause(ctx)
}
