package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/payoutkit/payout/journal"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrated sees to it that the schema is what this program knows. Of several processes
// one does it, and the others wait.
func (j *Journal) migrated(ctx context.Context) error {
	// A connection of its own, since the files name no schema.
	config := j.pool.Config()
	options := []stdlib.OptionOpenDB{stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, within(j.config.Schema)("SET search_path = {}; SET synchronous_commit = on"))
		return err
	})}
	if config.BeforeConnect != nil { // a password that changes, say
		options = append(options, stdlib.OptionBeforeConnect(config.BeforeConnect))
	}
	db := stdlib.OpenDB(*config.ConnConfig, options...)
	defer func() { _ = db.Close() }()
	p, err := j.provider(db)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("postgres: migrate the schema %q: %w", j.config.Schema, err)
	}
	return nil
}

func (j *Journal) provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	name := fnv.New32a()
	_, _ = name.Write([]byte(j.config.Schema))
	locker, err := lock.NewPostgresSessionLocker(
		lock.WithLockID(lockClass|int64(name.Sum32())), lock.WithLockTimeout(1, 300), lock.WithUnlockTimeout(1, 60))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithTableName("migrations"), goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
}

// lockClass keeps our advisory locks apart from those of other programs: "payo".
const lockClass = 0x7061_796f << 32

// newest is the version of the schema that this program knows.
func newest() (version int64, err error) {
	files, err := fs.ReadDir(migrations, "migrations")
	for _, f := range files {
		n, numberErr := goose.NumericComponent(f.Name())
		version, err = max(version, n), errors.Join(err, numberErr)
	}
	return version, err
}

// found looks whether there is a journal, and whether it has to be migrated. It writes
// nothing.
func (j *Journal) found(ctx context.Context) (old bool, err error) {
	in := within(j.config.Schema)
	var tables int
	err = j.pool.QueryRow(ctx, `SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = $1 AND c.relname IN ('journal', 'migrations') AND c.relkind = 'r'`, j.config.Schema).Scan(&tables)
	switch {
	case err != nil:
		return false, fmt.Errorf("postgres: look for the schema %q: %w", j.config.Schema, err)
	case tables == 0:
		return false, fmt.Errorf("postgres: %w in the schema %q; Create makes one", journal.ErrMissing, j.config.Schema)
	case tables == 1:
		return false, fmt.Errorf("postgres: the schema %q: %w", j.config.Schema, journal.ErrNotJournal)
	}
	known, err := newest()
	if err != nil {
		return false, err
	}
	var have int64
	if err := j.pool.QueryRow(ctx, in(`SELECT coalesce(max(version_id), 0) FROM {}.migrations WHERE is_applied`)).Scan(&have); err != nil {
		return false, errors.Join(fmt.Errorf("postgres: the schema %q: %w", j.config.Schema, journal.ErrNotJournal), err)
	}
	if have > known {
		return false, fmt.Errorf("postgres: the schema %q: %w: it has version %d, and this program knows %d", j.config.Schema, journal.ErrNewer, have, known)
	}
	return have < known, nil
}
