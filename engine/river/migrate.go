package river

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// lock is of our advisory locks: "payo", "rive".
const lock = 0x7061_796f_7269_7665

// Migrate makes River's tables in a schema of their own, or brings them to the version
// that this program needs. schema may be "", for [Schema]. Of several processes one does
// it, and the others wait. It takes two connections. The journal's own tables are the journal's concern.
func Migrate(ctx context.Context, pool *pgxpool.Pool, schema string) error {
	schema = cmp.Or(schema, Schema)
	if !schemas.MatchString(schema) {
		return fmt.Errorf("river: the schema %q: must be letters, digits and _, and not begin with a digit", schema)
	}
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: schema, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("river: %w", err)
	}
	return pool.AcquireFunc(ctx, func(c *pgxpool.Conn) (err error) {
		if _, err := c.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(lock)); err != nil {
			return fmt.Errorf("river: migrate the schema %q: %w", schema, err)
		}
		defer func() {
			if _, unlockErr := c.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(lock)); unlockErr != nil {
				_ = c.Conn().Close(context.WithoutCancel(ctx)) // which unlocks as well
			}
		}()
		if _, err := c.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS `+pgx.Identifier{schema}.Sanitize()); err != nil {
			return fmt.Errorf("river: create the schema %q: %w", schema, err)
		}
		// Each in a transaction of its own: some of them use what others have made.
		if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
			return fmt.Errorf("river: migrate the schema %q: %w", schema, err)
		}
		return nil
	})
}
