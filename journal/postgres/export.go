package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/payoutkit/payout/journal"
)

// Exporter is a journal that is moved away, see package move.
type Exporter struct {
	name string
	tables
}

// Export opens a journal that is to be moved away, or one that was moved already, to go
// on with that.
func Export(ctx context.Context, pool *pgxpool.Pool, c Config) (*Exporter, error) {
	j, err := Open(ctx, pool, c)
	if errors.Is(err, journal.ErrMoved) {
		j, err = moved(ctx, pool, c)
	}
	if err != nil {
		return nil, err
	}
	x := &Exporter{tables: tables{j}}
	x.name, err = x.tables.name(ctx)
	return x, err
}

// moved returns a journal that was moved, as long as this program reads its schema.
func moved(ctx context.Context, pool *pgxpool.Pool, c Config) (*Journal, error) {
	j, err := newJournal(pool, c)
	if err != nil {
		return nil, err
	}
	old, err := j.found(ctx)
	if err == nil && old {
		err = fmt.Errorf("postgres: the schema %q: %w by an older version of this program, which has to bring that to its end", c.Schema, journal.ErrMoved)
	}
	return j, err
}

// Name implements move.Source. It is the same from every machine.
func (x *Exporter) Name() string { return x.name }

// Tombstone implements move.Source.
func (x *Exporter) Tombstone(ctx context.Context, to string) error { return x.j.Tombstone(ctx, to) }
