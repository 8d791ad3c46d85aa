package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/sqlite"
	"github.com/payoutkit/payout/journal/witness"
)

// shell does something to a database, as a person with SQLite's shell would.
func shell(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	for _, s := range statements {
		_, err := db.ExecContext(t.Context(), s)
		require.NoError(t, err, s)
	}
	require.NoError(t, db.Close())
}

// reopened closes a journal and opens it again.
func reopened(t *testing.T, j *sqlite.Journal, path string, c sqlite.Config) *sqlite.Journal {
	t.Helper()
	require.NoError(t, j.Close())
	j, err := sqlite.Open(t.Context(), path, c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, j.Close()) })
	return j
}

func TestOpenNeverCreates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	_, err := sqlite.Open(t.Context(), path, sqlite.Config{})
	require.ErrorIs(t, err, journal.ErrMissing)
	require.ErrorContains(t, err, "create it with sqlite.Create")
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Empty(t, entries)
	_, err = sqlite.Open(t.Context(), filepath.Join(path, "not", "mounted"), sqlite.Config{})
	require.ErrorContains(t, err, "its folder")
	_, err = sqlite.Open(t.Context(), filepath.Dir(path), sqlite.Config{})
	require.ErrorIs(t, err, journal.ErrNotJournal)
}

func TestCreateNeverOverwrites(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	require.NoError(t, pays(t.Context(), j, "p-1"))
	_, err := sqlite.Create(t.Context(), path, sqlite.Config{})
	require.ErrorIs(t, err, journal.ErrExists)
	require.NoError(t, j.Close())
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	_, err = sqlite.Create(t.Context(), path, sqlite.Config{})
	require.ErrorIs(t, err, journal.ErrExists)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before, after)

	// The log of a journal that somebody removed belongs to it, not to a new one.
	path = filepath.Join(t.TempDir(), "j")
	require.NoError(t, os.WriteFile(path+"-wal", []byte("log"), 0o600))
	_, err = sqlite.Create(t.Context(), path, sqlite.Config{})
	require.ErrorIs(t, err, journal.ErrExists)

	// One that fails leaves nothing.
	path = filepath.Join(t.TempDir(), "j")
	_, err = sqlite.Create(t.Context(), path, sqlite.Config{Rand: strings.NewReader("too short")})
	require.ErrorContains(t, err, "randomness")
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Empty(t, entries)
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	require.NoError(t, pays(t.Context(), j, "p-1"))
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		info, err := os.Stat(path + suffix)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), suffix)
	}
	require.NoError(t, j.Close())
	require.NoError(t, os.Chmod(path, 0o644)) // as a restored one may be
	j, err := sqlite.Open(t.Context(), path, sqlite.Config{})
	require.NoError(t, err)
	defer j.Close()
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestHeld(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	host, err := os.Hostname()
	require.NoError(t, err)
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(path, link))
	for _, p := range []string{path, link} {
		_, err := sqlite.Open(t.Context(), p, sqlite.Config{})
		require.ErrorIs(t, err, journal.ErrHeld)
		require.ErrorContains(t, err, fmt.Sprintf("host %s, process %d, since 20", host, os.Getpid()))
	}
	require.NoError(t, pays(t.Context(), j, "p-1"), "it works on")
	hard := filepath.Join(filepath.Dir(path), "hard")
	require.NoError(t, os.Link(path, hard))
	_, err = sqlite.Open(t.Context(), hard, sqlite.Config{})
	require.ErrorContains(t, err, "2 names (hard links)")
	require.NoError(t, os.Remove(hard))
	reopened(t, j, path, sqlite.Config{})
}

func TestWhatIsNoJournalIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		write func(t *testing.T, path string)
		err   error
		text  string
	}{
		"nothing in it": {func(t *testing.T, path string) { require.NoError(t, os.WriteFile(path, nil, 0o600)) }, journal.ErrNotJournal, "it has 0 bytes"},
		"some text": {func(t *testing.T, path string) {
			require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("dear diary, ", 1000)), 0o600))
		}, journal.ErrNotJournal, "no SQLite database"},
		"another application's": {func(t *testing.T, path string) { shell(t, path, `CREATE TABLE payouts (reference TEXT)`) },
			journal.ErrNotJournal, "another application"},
		"one that was not finished": {func(t *testing.T, path string) {
			j, err := sqlite.Create(t.Context(), path, sqlite.Config{})
			require.NoError(t, err)
			require.NoError(t, j.Close())
			shell(t, path, `DELETE FROM journal`)
		}, journal.ErrNotJournal, "not finished"},
		"one that has not arrived whole": {func(t *testing.T, path string) {
			j, err := sqlite.Create(t.Context(), path, sqlite.Config{})
			require.NoError(t, err)
			require.NoError(t, j.Close())
			shell(t, path, `UPDATE journal SET importing = 1`)
		}, journal.ErrNotJournal, "has not arrived whole"},
		"a newer one": {func(t *testing.T, path string) {
			j, err := sqlite.Create(t.Context(), path, sqlite.Config{})
			require.NoError(t, err)
			require.NoError(t, pays(t.Context(), j, "p-1"))
			require.NoError(t, j.Close())
			shell(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
		}, journal.ErrNewer, "version 999"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "j")
			c.write(t, path)
			before, err := os.ReadFile(path)
			require.NoError(t, err)
			_, err = sqlite.Open(t.Context(), path, sqlite.Config{})
			require.ErrorIs(t, err, c.err)
			require.ErrorContains(t, err, c.text)
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, before, after, "nothing was touched")
		})
	}
}

// An older schema is brought up when it is opened: a journal whose migrations are taken
// back to none is given them again.
func TestMigration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	shell(t, path, fmt.Sprintf(`PRAGMA application_id = %d`, 0x50594f54), `CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')))`,
		`INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1)`)
	_, err := sqlite.Open(t.Context(), path, sqlite.Config{})
	require.ErrorIs(t, err, journal.ErrNotJournal, "it has its tables, and no row of its own")
	shell(t, path, `INSERT INTO epochs (number, nonce, began_at, holder) VALUES (0, 'n', 1, '')`,
		`INSERT INTO journal (one, lineage, created_at, epoch) VALUES (1, 'l', 1, 0)`)
	j, err := sqlite.Open(t.Context(), path, sqlite.Config{})
	require.NoError(t, err)
	require.NoError(t, pays(t.Context(), j, "p-1"))
	require.NoError(t, j.Close())
}

func TestTombstone(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	e, _, err := j.Insert(t.Context(), planned("p-1"))
	require.NoError(t, err)
	require.ErrorIs(t, j.Tombstone(t.Context(), ""), payout.ErrInvalid)
	require.NoError(t, j.Tombstone(t.Context(), "postgres://db.example/payouts"))
	for name, write := range map[string]func() error{
		"Commit":    func() error { return j.Commit(t.Context(), intended(e)) },
		"Insert":    func() error { _, _, err := j.Insert(t.Context(), planned("p-2")); return err },
		"Epoch":     func() error { _, err := j.Epoch(t.Context()); return err },
		"SetHold":   func() error { return j.SetHold(t.Context(), dispatch.Hold{Provider: "a"}) },
		"PutKey":    func() error { _, err := j.PutKey(t.Context(), "p-1", []byte("key")); return err },
		"Tombstone": func() error { return j.Tombstone(t.Context(), "elsewhere") },
	} {
		err := write()
		require.ErrorIs(t, err, journal.ErrMoved, name)
		require.ErrorContains(t, err, "postgres://db.example/payouts")
	}
	got, err := j.Load(t.Context(), "p-1")
	require.NoError(t, err, "what is there can be read, to be carried")
	require.Equal(t, int64(1), got.Version)
	require.NoError(t, j.Close())
	_, err = sqlite.Open(t.Context(), path, sqlite.Config{})
	require.ErrorIs(t, err, journal.ErrMoved)
	require.ErrorContains(t, err, "postgres://db.example/payouts")
	r, err := sqlite.Read(t.Context(), path)
	require.NoError(t, err)
	to, at, err := r.Moved(t.Context())
	require.NoError(t, err)
	require.Equal(t, "postgres://db.example/payouts", to)
	require.False(t, at.IsZero())
	require.NoError(t, r.Close())
}

// The lock is given up when nothing more is written, and its file stays.
func TestLockIsGivenUpLast(t *testing.T) {
	asked, answer := make(chan struct{}), make(chan struct{})
	w := &memory{}
	j, path := created(t, sqlite.Config{Witness: w})
	e, _, err := j.Insert(t.Context(), planned("p-1"))
	require.NoError(t, err)
	lock, err := os.Stat(path + ".lock")
	require.NoError(t, err)
	w.writes = func(witness.Mark) { close(asked); <-answer }
	goOn := sync.OnceFunc(func() { close(answer) })
	t.Cleanup(goOn)
	committed, closed := make(chan error, 1), make(chan error, 1)
	go func() { committed <- j.Commit(context.Background(), intended(e)) }()
	<-asked
	go func() { closed <- j.Close() }()
	untilClosing(t, j)
	_, err = sqlite.Open(t.Context(), path, sqlite.Config{})
	require.ErrorIs(t, err, journal.ErrHeld)
	goOn()
	require.NoError(t, <-committed)
	require.NoError(t, <-closed)
	after, err := os.Stat(path + ".lock")
	require.NoError(t, err)
	require.True(t, os.SameFile(lock, after), "somebody may be about to lock it")
}

// untilClosing waits until a close has begun.
func untilClosing(t *testing.T, j *sqlite.Journal) {
	t.Helper()
	for {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		_, _, err := j.Insert(ctx, planned("p-2"))
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			require.ErrorIs(t, err, journal.ErrClosed)
			return
		}
	}
}

func TestClosed(t *testing.T) {
	j, _ := created(t, sqlite.Config{})
	e, _, err := j.Insert(t.Context(), planned("p-1"))
	require.NoError(t, err)
	held, free := make(chan struct{}), make(chan struct{})
	done, queued := make(chan error, 1), make(chan error, 1)
	go func() {
		done <- sqlite.Between(context.Background(), j, func(context.Context, *sql.Conn) error {
			close(held)
			<-free
			return nil
		})
	}()
	<-held
	go func() { queued <- j.Commit(context.Background(), intended(e)) }()
	require.Eventually(t, func() bool { return sqlite.Queued(j) == 1 }, 10*time.Second, time.Millisecond)
	closed := make(chan error)
	go func() { closed <- j.Close() }()
	untilClosing(t, j)
	close(free)
	require.NoError(t, <-done)
	require.ErrorIs(t, <-queued, journal.ErrClosed, "what was waiting")
	require.NoError(t, <-closed)
	require.NoError(t, j.Close())
	_, err = j.Load(t.Context(), "p-1")
	require.Error(t, err)
}
