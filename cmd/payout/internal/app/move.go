package app

import (
	"context"
	"errors"

	"github.com/payoutkit/payout/journal/move"
	"github.com/payoutkit/payout/journal/postgres"
	"github.com/payoutkit/payout/journal/sqlite"
	"github.com/payoutkit/payout/journal/witness"
)

// Move moves the journal of this configuration to where another one says.
func (a *App) Move(ctx context.Context, to *App, o move.Options) (_ move.Report, err error) {
	if err := errors.Join(a.File.Journal.Check(), to.File.Journal.Check()); err != nil {
		return move.Report{}, err
	}
	if err := a.follows(to); err != nil {
		return move.Report{}, err
	}
	w, err := a.witness()
	if err != nil {
		return move.Report{}, err
	}
	defer func() { err = errors.Join(err, closed(w)) }()
	var seen witness.Witness // nil, and not a nil *witness.File
	if w != nil {
		seen = w
	}
	source, endSource, err := a.source(ctx, seen)
	if err != nil {
		return move.Report{}, a.missing(err)
	}
	defer func() { err = errors.Join(err, endSource()) }()
	target, endTarget, err := to.target(ctx)
	if err != nil {
		return move.Report{}, err
	}
	defer func() { err = errors.Join(err, endTarget()) }()
	return move.Move(ctx, source, target, o)
}

func (a *App) source(ctx context.Context, w witness.Witness) (move.Source, func() error, error) {
	c := a.File.Journal
	if c.Postgres == nil {
		x, err := sqlite.Export(ctx, a.Sources.Path(c.SQLite), sqlite.Config{Witness: w})
		if err != nil {
			return nil, nil, err
		}
		return x, x.Close, nil
	}
	pool, err := a.pool(ctx)
	if err != nil {
		return nil, nil, err
	}
	x, err := postgres.Export(ctx, pool, postgres.Config{Schema: c.Postgres.Schema, Witness: w})
	if err != nil {
		pool.Close()
		return nil, nil, err
	}
	return x, func() error { pool.Close(); return nil }, nil
}

func (a *App) target(ctx context.Context) (move.Target, func() error, error) {
	c := a.File.Journal
	if c.Postgres == nil {
		m, err := sqlite.Import(ctx, a.Sources.Path(c.SQLite), sqlite.Config{})
		if err != nil {
			return nil, nil, err
		}
		return m, m.Close, nil
	}
	pool, err := a.pool(ctx)
	if err != nil {
		return nil, nil, err
	}
	m, err := postgres.Import(ctx, pool, postgres.Config{Schema: c.Postgres.Schema})
	if err != nil {
		pool.Close()
		return nil, nil, err
	}
	return m, func() error {
		err := m.Close()
		pool.Close()
		return err
	}, nil
}
