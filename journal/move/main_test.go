package move_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/pgtest"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/move"
	"github.com/payoutkit/payout/journal/postgres"
	"github.com/payoutkit/payout/journal/sqlite"
	"github.com/payoutkit/payout/journal/witness"
)

// TestMain fails where a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main(m)) }

// book is what both journals are.
type book interface {
	dispatch.Journal
	PutKey(ctx context.Context, reference string, key []byte) ([]byte, error)
	Key(ctx context.Context, reference string) ([]byte, error)
	Erase(ctx context.Context, reference, by string) error
	Trust(ctx context.Context, by, evidence string) error
	KeepRows(ctx context.Context, rows []journal.BatchRow) error
	EarlierRows(ctx context.Context, keys [][32]byte) (map[[32]byte][]string, error)
	Verify(ctx context.Context) ([]journal.Finding, error)
	Tombstone(ctx context.Context, to string) error
}

// spot is a place where a journal can be.
type spot struct {
	t       testing.TB
	witness *witness.File
	path    string        // of SQLite
	pool    *pgxpool.Pool // of PostgreSQL
}

func inSQLite(t testing.TB) *spot {
	return &spot{t: t, path: filepath.Join(t.TempDir(), "payouts.journal")}
}

func inPostgres(t testing.TB) *spot {
	t.Helper()
	url := pgtest.Database(t, func(ctx context.Context, url, statement string) error {
		c, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer func() { _ = c.Close(ctx) }()
		_, err = c.Exec(ctx, statement)
		return err
	})
	pool, err := pgxpool.New(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return &spot{t: t, pool: pool}
}

// ways are all ways to move a journal.
func ways(t *testing.T, do func(t *testing.T, from, to *spot)) {
	kinds := []struct {
		name string
		make func(testing.TB) *spot
	}{{"sqlite", inSQLite}, {"postgres", inPostgres}}
	for _, from := range kinds {
		for _, to := range kinds {
			t.Run(fmt.Sprintf("%s to %s", from.name, to.name), func(t *testing.T) { do(t, from.make(t), to.make(t)) })
		}
	}
}

func (s *spot) sqlite() (c sqlite.Config) {
	if s.witness != nil {
		c.Witness = s.witness
	}
	return c
}

func (s *spot) postgres() (c postgres.Config) {
	if s.witness != nil {
		c.Witness = s.witness
	}
	return c
}

// open opens the journal, or creates it.
func (s *spot) open(create bool) (b book, done func(), err error) {
	switch {
	case s.pool != nil && create:
		b, err = postgres.Create(s.t.Context(), s.pool, s.postgres())
	case s.pool != nil:
		b, err = postgres.Open(s.t.Context(), s.pool, s.postgres())
	default:
		var j *sqlite.Journal
		if create {
			j, err = sqlite.Create(s.t.Context(), s.path, s.sqlite())
		} else {
			j, err = sqlite.Open(s.t.Context(), s.path, s.sqlite())
		}
		return j, func() { require.NoError(s.t, j.Close()) }, err
	}
	return b, func() {}, err
}

// with does something with the journal open.
func (s *spot) with(create bool, do func(book)) {
	s.t.Helper()
	b, done, err := s.open(create)
	require.NoError(s.t, err)
	defer done()
	do(b)
}

// move moves the journal, through what may be wrapped around it.
func (s *spot) move(to *spot, wrap func(move.Source, move.Target) (move.Source, move.Target)) (move.Report, error) {
	s.t.Helper()
	from, into, done, err := s.ends(to)
	if err != nil {
		return move.Report{}, err
	}
	defer done()
	if wrap != nil {
		from, into = wrap(from, into)
	}
	return move.Move(s.t.Context(), from, into, move.Options{By: "A. Clerk"})
}

func (s *spot) ends(to *spot) (from move.Source, into move.Target, done func(), err error) {
	var closers []func() error
	done = func() {
		for _, c := range closers {
			require.NoError(s.t, c())
		}
	}
	if s.pool != nil {
		from, err = postgres.Export(s.t.Context(), s.pool, s.postgres())
	} else {
		x, openErr := sqlite.Export(s.t.Context(), s.path, s.sqlite())
		if from, err = x, openErr; err == nil {
			closers = append(closers, x.Close)
		}
	}
	if err != nil {
		return nil, nil, nil, err
	}
	if to.pool != nil {
		m, err := postgres.Import(s.t.Context(), to.pool, to.postgres())
		require.NoError(s.t, err)
		closers = append(closers, m.Close)
		return from, m, done, nil
	}
	m, err := sqlite.Import(s.t.Context(), to.path, to.sqlite())
	require.NoError(s.t, err)
	closers = append(closers, m.Close)
	return from, m, done, nil
}
