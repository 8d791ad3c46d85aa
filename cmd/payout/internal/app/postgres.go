package app

import (
	"cmp"
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/payoutkit/payout/journal/postgres"
	"github.com/payoutkit/payout/journal/witness"
)

// Connections beside those of the steps: feeds, callbacks, people.
const besides = 4

// postgres opens the journal of the configuration in its database, or creates it there.
func (a *App) postgres(ctx context.Context, create bool, w witness.Witness) (Journal, error) {
	pool, err := a.pool(ctx)
	if err != nil {
		return nil, err
	}
	open := postgres.Open
	if create {
		open = postgres.Create
	}
	j, err := open(ctx, pool, postgres.Config{Schema: a.File.Journal.Postgres.Schema, Witness: w})
	if err != nil {
		pool.Close()
		return nil, err
	}
	return pooled{j, pool}, nil
}

// pool returns connections to the database, of which none is made yet.
func (a *App) pool(ctx context.Context) (*pgxpool.Pool, error) {
	address, err := a.File.Journal.Postgres.Address(a.Sources)
	if err != nil {
		return nil, err
	}
	c, err := pgxpool.ParseConfig(address.Reveal())
	if err != nil { // its text may show the address
		return nil, errors.New("journal.postgres.url: must be an address such as postgres://user:password@host:5432/database?sslmode=verify-full")
	}
	more := besides
	if a.File.Journal.River != nil {
		more += 8 // its own: listening, fetching, finishing
	}
	// A step takes one for what it reads; what steps write is written together.
	c.MaxConns = max(c.MaxConns, int32(min(cmp.Or(a.File.Workers, 16), 32)+more))
	return pgxpool.NewWithConfig(ctx, c)
}

// pooled is a journal whose connections close with it.
type pooled struct {
	*postgres.Journal
	pool *pgxpool.Pool
}

func (p pooled) Close() error {
	p.pool.Close()
	return nil
}
