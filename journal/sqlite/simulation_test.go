package sqlite_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/simulation"
	"github.com/payoutkit/payout/journal/sqlite"
	"github.com/payoutkit/payout/journal/witness"
)

var (
	histories = flag.Int("histories", 150, "how many histories to simulate")
	seed      = flag.Uint64("seed", 0, "simulate this one history, and tell its story")
	firstSeed = flag.Uint64("first", 1, "the first seed")
)

// shelf is where the journals of one history are.
type shelf struct {
	t       testing.TB
	folder  string
	lives   int
	journal *sqlite.Journal
	witness *witness.File
}

// place makes a journal in a folder. It runs in the history's bubble: the goroutines of
// SQLite's journal begin and end there, and those that are in a system call keep time
// from passing.
func place(t testing.TB, witnessed bool) (*simulation.Place, *shelf) {
	s := &shelf{t: t, folder: t.TempDir()}
	if witnessed {
		w, err := witness.Open(filepath.Join(s.folder, "witness"))
		require.NoError(t, err)
		s.witness = w
	}
	var err error
	s.journal, err = sqlite.Create(t.Context(), s.path(), s.config())
	require.NoError(t, err)
	t.Cleanup(func() {
		findings, err := s.journal.Verify(context.Background())
		require.NoError(t, err)
		require.Empty(t, findings)
		require.NoError(t, s.journal.Close())
		if s.witness != nil {
			require.NoError(t, s.witness.Close())
		}
	})
	return &simulation.Place{Journal: s.journal, Reopen: s.reopen}, s
}

func (s *shelf) path() string { return filepath.Join(s.folder, fmt.Sprintf("%d.journal", s.lives)) }

func (s *shelf) config() sqlite.Config {
	if s.witness == nil {
		return sqlite.Config{}
	}
	return sqlite.Config{Witness: s.witness}
}

// reopen opens the files as a process leaves them that is killed: the log is not folded
// into the database.
func (s *shelf) reopen() dispatch.Journal {
	old, was := s.journal, s.path()
	s.lives++
	for _, part := range []string{"", "-wal"} {
		content, err := os.ReadFile(was + part)
		if part != "" && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		require.NoError(s.t, err)
		require.NoError(s.t, os.WriteFile(s.path()+part, content, 0o600))
	}
	var err error
	s.journal, err = sqlite.Open(s.t.Context(), s.path(), s.config())
	require.NoError(s.t, err)
	require.NoError(s.t, old.Close())
	require.NoError(s.t, os.Remove(was))
	doubt, err := s.journal.Doubt(s.t.Context())
	require.NoError(s.t, err)
	require.Zero(s.t, doubt, "nothing is missing")
	return s.journal
}

// TestSimulation lives through histories of crashes, with a witness and without.
func TestSimulation(t *testing.T) {
	for _, witnessed := range []bool{false, true} {
		t.Run(fmt.Sprintf("witnessed=%v", witnessed), func(t *testing.T) {
			var reopened atomic.Int64
			open := func(t testing.TB) *simulation.Place {
				p, s := place(t, witnessed)
				t.Cleanup(func() { reopened.Add(int64(s.lives)) })
				return p
			}
			t.Run("histories", func(t *testing.T) {
				simulation.Run(t, simulation.Options{Histories: *histories / 2, First: *firstSeed, Seed: *seed, Shrink: true, Open: open})
			})
			require.True(t, reopened.Load() > 0 || *histories < 50 || *seed > 0)
		})
	}
}

// The same with choices from rapid.
func TestSimulationByRapid(t *testing.T) {
	open := func(t testing.TB) *simulation.Place {
		p, _ := place(t, true)
		return p
	}
	checks(t, 100)
	rapid.Check(t, func(rt *rapid.T) {
		choices := rapid.SliceOfN(rapid.Byte(), 0, 600).Draw(rt, "choices")
		if s := (simulation.Options{Open: open}).Live(t, choices); s.Broken != nil {
			rt.Fatalf("%v\n%s", s.Broken, strings.Join(s.Trace, "\n"))
		}
	})
}

// checks has rapid make so many, unless a flag says how many.
func checks(t *testing.T, n int) {
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		f := flag.Lookup("rapid.checks")
		was := f.Value.String()
		require.NoError(t, f.Value.Set(fmt.Sprint(n)))
		t.Cleanup(func() { _ = f.Value.Set(was) })
	}
}
