package sqlite_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/sqlite"
	"github.com/payoutkit/payout/journal/witness"
)

// look is a person's shell: it opens the database, reads, and closes it again, which is
// when SQLite removes the log if nobody else has locked the database.
const look = `
import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.execute("SELECT count(*) FROM payouts").fetchall()
c.close()`

// crashed returns a journal as it would be found if this process ended now.
func crashed(t *testing.T, path string) *sqlite.Journal {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "journal")
	for _, s := range []string{"", "-wal"} {
		text, err := exec.CommandContext(t.Context(), "cat", path+s).Output() // opened here, it would end this process's locks
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(copied+s, text, 0o600))
	}
	j, err := sqlite.Open(t.Context(), copied, sqlite.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, j.Close()) })
	return j
}

// A process that reads a journal may open it as well: its locks hold, and who looks at
// the file meanwhile removes nothing.
func TestOpenBesideReader(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	require.NoError(t, j.Close())
	r, err := sqlite.Read(t.Context(), path)
	require.NoError(t, err)
	defer r.Close()
	_, err = r.Load(t.Context(), "p-1")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)
	j, err = sqlite.Open(t.Context(), path, sqlite.Config{})
	require.NoError(t, err)
	defer j.Close()
	take(t, j, "p-1")
	said, err := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", look, path).CombinedOutput()
	require.NoError(t, err, "python3 is needed, see .ci/run: %s", said)
	take(t, j, "p-2")
	after := crashed(t, path)
	for _, reference := range []string{"p-1", "p-2"} {
		_, err := after.Load(t.Context(), reference)
		require.NoError(t, err, "what was acknowledged is there")
	}
}

func take(t *testing.T, j *sqlite.Journal, reference string) {
	t.Helper()
	_, inserted, err := j.Insert(t.Context(), planned(reference))
	require.NoError(t, err)
	require.True(t, inserted)
}

// What is written to a file that is no longer there is not acknowledged, and nothing more
// is until the journal is opened again.
func TestFilesRemoved(t *testing.T) {
	for _, of := range []string{"", "-wal"} {
		for _, replaced := range []bool{false, true} {
			j, path := created(t, sqlite.Config{})
			take(t, j, "p-1")
			require.NoError(t, os.Rename(path+of, path+".kept"))
			if replaced {
				require.NoError(t, os.WriteFile(path+of, nil, 0o600))
			}
			for range 2 {
				_, _, err := j.Insert(t.Context(), planned("p-2"))
				require.ErrorContains(t, err, path+of+" was removed or replaced while the journal was open")
				_, err = j.Epoch(t.Context())
				require.Error(t, err, "nothing is sent")
			}
			require.NoError(t, os.Rename(path+".kept", path+of)) // a way back, too late
			_, _, err := j.Insert(t.Context(), planned("p-3"))
			require.Error(t, err)
			require.NoError(t, j.Close())
			j, err = sqlite.Open(t.Context(), path, sqlite.Config{})
			require.NoError(t, err)
			_, err = j.Load(t.Context(), "p-1")
			require.NoError(t, err)
			require.NoError(t, j.Close())
		}
	}
}

// panicking is a witness that panics once.
type panicking struct {
	witness.Witness
	now bool
}

func (p *panicking) Read(context.Context) (witness.Mark, bool, error) {
	return witness.Mark{}, false, nil
}

func (p *panicking) Write(context.Context, witness.Mark) error {
	if p.now {
		p.now = false
		panic("witness")
	}
	return nil
}

// A panic of who writes, in the caller's goroutine, is the caller's; the journal goes on,
// and what was written is found.
func TestPanic(t *testing.T) {
	w := &panicking{}
	j, _ := created(t, sqlite.Config{Witness: w})
	take(t, j, "p-1")
	e, err := j.Load(t.Context(), "p-1")
	require.NoError(t, err)
	w.now = true
	require.PanicsWithValue(t, "witness", func() { _ = j.Commit(t.Context(), intended(e)) })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err = j.Epoch(ctx)
	require.NoError(t, err)
	e, err = j.Load(ctx, "p-1")
	require.NoError(t, err)
	require.Equal(t, int64(2), e.Version, "it was written before its witness")
	counts, err := j.Count(ctx, dispatch.Filter{})
	require.NoError(t, err)
	require.Equal(t, map[dispatch.State]int64{dispatch.StateSending: 1}, counts)
}
