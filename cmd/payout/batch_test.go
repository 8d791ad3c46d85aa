//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/cmd/payout/internal/simulate"
)

// bench is a folder with simulated banks at work, a configuration for them, and a
// journal.
type bench struct {
	*simulate.Banks
	folder, config string
}

func newBench(t *testing.T) bench {
	t.Helper()
	folder := t.TempDir()
	banks, err := simulate.Start(t.Context(), 0)
	require.NoError(t, err)
	t.Cleanup(banks.Close)
	require.NoError(t, banks.Write(folder))
	b := bench{banks, folder, filepath.Join(folder, simulate.ConfigName)}
	_, failure, code := runs(t, "journal", "init", "--config", b.config)
	require.Zero(t, code, failure)
	return b
}

// registry writes a file of payouts, half in roubles and half in tenge, and returns it
// with what it comes to.
func (b bench) registry(t *testing.T, rows int) (path, sums string) {
	t.Helper()
	var text strings.Builder
	text.WriteString(header)
	for i := range rows {
		fmt.Fprintf(&text, "order-%06d,10.00,%s,card,4111111111111111,IVAN PETROV\n", i, []string{"RUB", "KZT"}[i%2])
	}
	path = filepath.Join(b.folder, "payouts.csv")
	require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
	return path, fmt.Sprintf("%d.00 KZT, %d.00 RUB", 10*(rows/2), 10*((rows+1)/2))
}

// once asserts that money left exactly once for each of so many payouts.
func (b bench) once(t *testing.T, rows int) {
	t.Helper()
	moved, err := b.Ledgers()
	require.NoError(t, err)
	paid := 0
	for _, m := range moved {
		require.Empty(t, m.Twice, m.Bank)
		paid += m.Payouts
	}
	require.Equal(t, rows, paid)
}

// Nothing is sent for a file before what it comes to is confirmed, nor for one with a
// wrong row; and a file that pays what an earlier one paid has to be confirmed again.
func TestBatchGuards(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path, sums := b.registry(t, 4)
	batch := func(command, file string, flags ...string) (stdout, stderr string, code int) {
		return runs(t, append([]string{"batch", command, file, "--config", b.config, "--results", filepath.Join(b.folder, "results.csv")}, flags...)...)
	}
	_, failure, code := batch("run", path)
	require.Equal(t, 2, code)
	require.Contains(t, failure, `nothing was sent: confirm it with --confirm "20.00 KZT, 20.00 RUB"`)
	_, failure, code = batch("run", path, "--confirm", "20.00 KZT, 21.00 RUB")
	require.Equal(t, 2, code)
	require.Contains(t, failure, `nothing was sent: --confirm says "20.00 KZT, 21.00 RUB"`)
	_, failure, code = batch("resume", path)
	require.Equal(t, 2, code)
	require.Contains(t, failure, "nothing was sent: 4 rows are not of a run that was confirmed")

	wrong := filepath.Join(b.folder, "wrong.csv")
	require.NoError(t, os.WriteFile(wrong, []byte(header+row+"order-2,10.425,RUB,card,4111111111111111,IVAN PETROV\n"), 0o600))
	out, failure, code := batch("run", wrong, "--confirm", "1500.00 RUB")
	require.Equal(t, 2, code)
	require.Contains(t, out, "line 3: column 2 (amount)")
	require.Contains(t, failure, "nothing was sent: correct the file")
	b.once(t, 0)

	out, failure, code = batch("run", path, "--confirm", sums)
	require.Zero(t, code, failure)
	require.Contains(t, out, "4 paid; 0 refused")
	b.once(t, 4)
	results, err := os.ReadFile(filepath.Join(b.folder, "results.csv"))
	require.NoError(t, err)
	require.Contains(t, string(results), "2,order-000000,Finished,paid,10.00,RUB,card 411111******1111,all2pay,")
	require.NotContains(t, string(results), "4111111111111111")
	_, failure, code = batch("resume", path)
	require.Zero(t, code, failure)
	b.once(t, 4)

	same := filepath.Join(b.folder, "same.csv")
	require.NoError(t, os.WriteFile(same, []byte(header+"next-1,10.00,RUB,card,4111111111111111,IVAN PETROV\n"), 0o600))
	out, failure, code = batch("run", same, "--confirm", "10.00 RUB")
	require.Equal(t, 2, code)
	require.Contains(t, out, "line 2: 10.00 RUB to card 411111******1111 was paid before, as order-000000, order-000002")
	require.Contains(t, failure, "confirm such rows with --again")
	b.once(t, 4)
	_, failure, code = batch("run", same, "--confirm", "10.00 RUB", "--again", "2")
	require.Zero(t, code, failure)
	b.once(t, 5)
}

// A run that is killed at any moment is resumed, and pays nobody twice.
func TestBatchKilledAndResumed(t *testing.T) {
	t.Parallel()
	const rows, kills = 2000, 6
	b := newBench(t)
	path, sums := b.registry(t, rows)
	require.NoError(t, b.Inject(simulate.Fault{Name: "lost", Times: 3}))
	random := rand.New(rand.NewPCG(1, 2)) // #nosec G404 -- when to kill
	flags := []string{"run", path, "--config", b.config, "--confirm", sums}
	killed := 0
	for range kills {
		ctx, cancel := context.WithCancel(t.Context())
		c := exec.CommandContext(ctx, binary, append([]string{"batch"}, flags...)...)
		require.NoError(t, c.Start())
		moved := func() (n int) {
			all, err := b.Ledgers()
			require.NoError(t, err)
			for _, m := range all {
				n += m.Payouts
			}
			return n
		}
		ended := make(chan error, 1)
		go func() { ended <- c.Wait() }()
		// It is killed once it has paid some more, however fast this machine is.
		goal := moved() + 50 + random.IntN(200)
		for done := false; !done && moved() < goal; {
			select {
			case err := <-ended:
				ended <- err
				done = true
			case <-time.After(time.Millisecond):
			}
		}
		cancel()
		if err := <-ended; err != nil {
			killed++
		}
		flags = []string{"resume", path, "--config", b.config}
	}
	require.Greater(t, killed, 2, "runs that were killed on the way")
	out, failure, code := runs(t, append([]string{"batch"}, flags...)...)
	require.Zero(t, code, failure)
	require.Contains(t, out, fmt.Sprintf("%d paid; 0 refused", rows))
	b.once(t, rows)
	stdout, _, _ := runs(t, "list", "--config", b.config, "--count", "--json")
	require.JSONEq(t, fmt.Sprintf(`{"state":"paid","payouts":%d}`, rows), stdout)
}

// screen is what a terminal has shown.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	news chan struct{}
}

func (s *screen) read(from io.Reader) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		s.mu.Lock()
		s.text.Write(buffer[:n])
		s.mu.Unlock()
		select {
		case s.news <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// shows waits until the terminal has shown a text.
func (s *screen) shows(t *testing.T, want string) {
	t.Helper()
	patience := time.After(time.Minute)
	for {
		s.mu.Lock()
		text := s.text.String()
		s.mu.Unlock()
		if strings.Contains(text, want) {
			return
		}
		select {
		case <-s.news:
		case <-patience:
			t.Fatalf("the terminal never showed %q, but\n%s", want, text)
		}
	}
}

// At a terminal it asks, draws bars, and at Ctrl-C says how to go on.
func TestBatchAtATerminal(t *testing.T) {
	t.Parallel()
	const rows = 2000
	b := newBench(t)
	path, sums := b.registry(t, rows)
	c := command(t, "batch", "run", path, "--config", b.config)
	terminal, err := pty.StartWithSize(c, &pty.Winsize{Rows: 40, Cols: 160})
	require.NoError(t, err)
	defer terminal.Close()
	s := &screen{news: make(chan struct{}, 1)}
	var reading sync.WaitGroup
	reading.Go(func() { s.read(terminal) })
	s.shows(t, fmt.Sprintf("Pay %d rows, %s? Type yes to pay: ", rows, sums))
	_, err = terminal.WriteString("yes\n")
	require.NoError(t, err)
	s.shows(t, fmt.Sprintf("of %d, ", rows)) // the bar of all
	s.shows(t, "all2pay")
	s.shows(t, "/s, ")
	_, err = terminal.Write([]byte{3}) // Ctrl-C
	require.NoError(t, err)
	require.Equal(t, 1, ended(t, c.Wait()))
	reading.Wait()
	s.shows(t, "interrupted: nothing more is sent; interrupt again to leave at once")
	s.shows(t, "not all of it is settled: go on with: payout batch resume "+path+" --config "+b.config)

	out, failure, code := runs(t, "batch", "resume", path, "--config", b.config)
	require.Zero(t, code, failure)
	require.Contains(t, out, fmt.Sprintf("%d paid; 0 refused", rows))
	b.once(t, rows)
}
