package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/sqlite"
)

var (
	kills = flag.Int("kills", 20, "how often a process that commits is killed")
	child = flag.String("child", "", "be a process of a test: what to do")
	at    = flag.String("at", "", "the journal that the process opens")
)

// TestChild is the other process of tests.
func TestChild(t *testing.T) {
	switch *child {
	case "commit":
		commitForEver(t)
	case "grow":
		grow(t)
	case "full":
		fillTheDisk(t)
	}
}

// process starts another one, which ends with the test at the latest.
func process(t *testing.T, what, path string) (*exec.Cmd, io.WriteCloser, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$", "-child="+what, "-at="+path)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	return cmd, in, bufio.NewScanner(out)
}

// commitForEver takes payouts and commits, and says each time what was acknowledged.
func commitForEver(t *testing.T) {
	j, err := sqlite.Open(t.Context(), *at, sqlite.Config{})
	require.NoError(t, err)
	say := func(reference string, version int64) { fmt.Printf("%s %d\n", reference, version) }
	say("ready", int64(os.Getpid()))
	var running sync.WaitGroup
	for worker := range 16 {
		running.Go(func() {
			for i := 0; ; i++ {
				e, _, err := j.Insert(context.Background(), planned(fmt.Sprintf("%d-%d-%d", os.Getpid(), worker, i)))
				require.NoError(t, err)
				say(e.Reference, 1)
				c := intended(e)
				require.NoError(t, j.Commit(context.Background(), c))
				say(e.Reference, 2)
				c.Entry.Version++
				require.NoError(t, j.Commit(context.Background(), answered(c.Entry, payout.StatusPaid)))
				say(e.Reference, 3)
			}
		})
	}
	running.Wait()
}

// A process is killed while it commits, again and again. All that it was told to be
// durable is there, and what is there is whole.
func TestKilled(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	require.NoError(t, j.Close())
	told := map[string]int64{}
	total := 0
	for range *kills {
		cmd, _, lines := process(t, "commit", path)
		last := 50 + rand.N(400)
		for n := 0; lines.Scan(); n++ {
			var reference string
			var version int64
			if _, err := fmt.Sscanf(lines.Text(), "%s %d", &reference, &version); err != nil || reference == "ready" {
				continue // cut off, or none
			}
			told[reference] = version
			if n == last {
				require.NoError(t, cmd.Process.Kill())
			}
		}
		_ = cmd.Wait()
		require.Greater(t, len(told), total, "it took some")
		total = len(told)
	}
	j, err := sqlite.Open(t.Context(), path, sqlite.Config{})
	require.NoError(t, err)
	defer j.Close()
	for reference, version := range told {
		e, err := j.Load(t.Context(), reference)
		require.NoError(t, err, "%s, which was acknowledged", reference)
		require.GreaterOrEqual(t, e.Version, version, reference)
	}
	whole(t, j)
}

// whole checks that what a journal has agrees with itself.
func whole(t *testing.T, j *sqlite.Journal) {
	t.Helper()
	states, begun, events := map[dispatch.State]int64{}, int64(0), 0
	for f := (dispatch.Filter{Limit: 1000}); ; {
		page, err := j.List(t.Context(), f)
		require.NoError(t, err)
		for _, e := range page {
			f.After = e.Reference
			states[e.State]++
			history, err := j.History(t.Context(), e.Reference)
			require.NoError(t, err)
			require.Len(t, history, int(e.Version)-1, e.Reference)
			events += len(history)
			if len(e.Attempts) > 0 {
				begun++
				found, err := j.FindAttempt(t.Context(), e.Attempts[0].Account, e.Attempts[0].Reference)
				require.NoError(t, err)
				require.Equal(t, e.Reference, found.Reference)
			}
		}
		if len(page) < f.Limit {
			break
		}
	}
	counts, err := j.Count(t.Context(), dispatch.Filter{})
	require.NoError(t, err)
	require.Equal(t, states, counts)
	used, err := j.Used(t.Context(), "bank-1/2026-11-22")
	require.NoError(t, err)
	require.Equal(t, begun, used.Count, "what the intents have reserved")
	changes, err := j.Changes(t.Context(), "", 1<<30)
	require.NoError(t, err)
	require.Len(t, changes, events)
}

func TestSecondProcessIsRefused(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	require.NoError(t, j.Close())
	cmd, _, lines := process(t, "commit", path)
	require.True(t, lines.Scan(), "it has the journal open")
	_, err := sqlite.Open(t.Context(), path, sqlite.Config{})
	require.ErrorIs(t, err, journal.ErrHeld)
	require.ErrorContains(t, err, fmt.Sprintf("process %d, since 20", cmd.Process.Pid))
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	j, err = sqlite.Open(t.Context(), path, sqlite.Config{})
	require.NoError(t, err, "the lock has ended with its process")
	require.NoError(t, j.Close())
}

// fillTheDisk lets no file grow any more while payouts are taken, and then lets them.
func fillTheDisk(t *testing.T) {
	signal.Ignore(syscall.SIGXFSZ)
	j, err := sqlite.Open(t.Context(), *at, sqlite.Config{})
	require.NoError(t, err)
	info, err := os.Stat(*at + "-wal")
	require.NoError(t, err)
	var unlimited syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &unlimited))
	limit := syscall.Rlimit{Cur: uint64(info.Size()) + 500_000, Max: unlimited.Max}
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
	told := map[string]int64{}
	var mu sync.Mutex
	take := func(name string) (failed int) {
		together(t, 16, 400, func(i int64) error {
			e, _, err := j.Insert(context.Background(), planned(fmt.Sprint(name, i)))
			if err == nil {
				mu.Lock()
				told[e.Reference] = 1
				mu.Unlock()
				if err = j.Commit(context.Background(), intended(e)); err == nil {
					mu.Lock()
					told[e.Reference] = 2
					mu.Unlock()
				}
			}
			if err != nil {
				mu.Lock()
				failed++
				mu.Unlock()
				if settled(err) {
					return err
				}
			}
			return nil
		})
		return failed
	}
	failed := take("full-")
	require.NotZero(t, failed)
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &unlimited))
	require.Zero(t, take("free-"), "once there is room it goes on by itself")
	require.NoError(t, j.Close())
	for reference, version := range told {
		fmt.Println(reference, version)
	}
	fmt.Println("failed", failed)
}

func TestDiskFull(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	require.NoError(t, j.Close())
	cmd, _, lines := process(t, "full", path)
	told := map[string]int64{}
	for lines.Scan() {
		var reference string
		var version int64
		if _, err := fmt.Sscanf(lines.Text(), "%s %d", &reference, &version); err == nil {
			told[reference] = version
		}
	}
	require.NoError(t, cmd.Wait())
	failed := told["failed"]
	delete(told, "failed")
	require.Greater(t, failed, int64(100), "what failed for want of room")
	require.Greater(t, len(told), 400)
	j, err := sqlite.Open(t.Context(), path, sqlite.Config{})
	require.NoError(t, err)
	defer j.Close()
	for reference, version := range told {
		e, err := j.Load(t.Context(), reference)
		require.NoError(t, err, reference)
		require.GreaterOrEqual(t, e.Version, version, reference)
	}
	whole(t, j)
}

// The path of a journal may have any characters that a file's name may.
func TestPaths(t *testing.T) {
	for _, name := range []string{"with space", "100%25?mode=memory&x#y", "жур;нал", ":memory:", "file:j"} {
		path := filepath.Join(t.TempDir(), name)
		j, err := sqlite.Create(t.Context(), path, sqlite.Config{})
		require.NoError(t, err, name)
		require.NoError(t, pays(t.Context(), j, "p-1"))
		require.NoError(t, j.Close())
		info, err := os.Stat(path)
		require.NoError(t, err, name)
		require.NotZero(t, info.Size())
		j, err = sqlite.Open(t.Context(), path, sqlite.Config{})
		require.NoError(t, err)
		_, err = j.Load(t.Context(), "p-1")
		require.NoError(t, errors.Join(err, j.Close()))
	}
}
