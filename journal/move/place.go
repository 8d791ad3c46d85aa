package move

import (
	"context"
	"iter"

	"github.com/payoutkit/payout/journal/internal/stored"
)

// Source is a journal that is moved away: a [*sqlite.Exporter] or a [*postgres.Exporter].
//
// [*sqlite.Exporter]: https://pkg.go.dev/github.com/payoutkit/payout/journal/sqlite#Exporter
// [*postgres.Exporter]: https://pkg.go.dev/github.com/payoutkit/payout/journal/postgres#Exporter
type Source interface {
	// Name says where it is, to people, and tells it from other places.
	Name() string
	// Places reports whether its events have places in a feed of PostgreSQL.
	Places() bool
	// State returns the journal's own row.
	State(ctx context.Context) (stored.Journal, error)
	// Tombstone ends the journal here.
	Tombstone(ctx context.Context, to string) error
	// Rows returns the rows of a table, in any order. A row is good until the next.
	Rows(ctx context.Context, t stored.Table, columns []stored.Column) iter.Seq2[[]any, error]
}

// Target is where a journal is moved to: a [*sqlite.Importer] or a [*postgres.Importer].
//
// [*sqlite.Importer]: https://pkg.go.dev/github.com/payoutkit/payout/journal/sqlite#Importer
// [*postgres.Importer]: https://pkg.go.dev/github.com/payoutkit/payout/journal/postgres#Importer
type Target interface {
	Name() string
	Places() bool
	// Prepare makes an empty journal of a lineage, that can't be opened until Finish, or
	// finds the one that it has made before. It reports whether that is finished.
	// Whatever else is there is an error.
	Prepare(ctx context.Context, lineage string) (finished bool, err error)
	// Load replaces what is in a table. An error of rows ends it.
	Load(ctx context.Context, t stored.Table, columns []stored.Column, rows iter.Seq2[[]any, error]) error
	Rows(ctx context.Context, t stored.Table, columns []stored.Column) iter.Seq2[[]any, error]
	// Finish does all that is left, in one transaction, after which the journal can be
	// opened.
	Finish(ctx context.Context, a stored.Arrival) error
}
