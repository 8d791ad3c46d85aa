//go:build unix

package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/cmd/payout/internal/simulate"
)

var (
	largeRows = flag.Int("rows", 2000, "how many rows the registry of TestALargeRegistry has")
	largeTime = flag.Duration("pay-for", 0, "how long its last run pays before it is interrupted; 0: until all is paid")
)

// large is a registry whose rows differ in their amounts.
type large struct {
	bench
	path string
	rows int
	rub  int64 // what they come to, in minor units
	kzt  int64
}

func (l *large) amount(row int) (minor int64, currency payout.Currency) {
	return int64(row + 100), []payout.Currency{payout.RUB, payout.KZT}[row%2]
}

func (l *large) write(t *testing.T) {
	t.Helper()
	file, err := os.Create(l.path)
	require.NoError(t, err)
	w := bufio.NewWriter(file)
	_, err = w.WriteString(header)
	require.NoError(t, err)
	for i := range l.rows {
		minor, currency := l.amount(i)
		if currency == payout.RUB {
			l.rub += minor
		} else {
			l.kzt += minor
		}
		_, err := fmt.Fprintf(w, "order-%07d,%d.%02d,%s,card,4111111111111111,IVAN PETROV\n", i, minor/100, minor%100, currency.Code())
		require.NoError(t, err)
	}
	require.NoError(t, w.Flush())
	require.NoError(t, file.Close())
}

func (l *large) sums() string {
	return fmt.Sprintf("%d.%02d KZT, %d.%02d RUB", l.kzt/100, l.kzt%100, l.rub/100, l.rub%100)
}

// held holds the banks' ledgers against the file: for no row did money leave twice, and
// what left is what the row says. It returns for how many it left.
func (l *large) held(t *testing.T) int {
	t.Helper()
	paid := make([]bool, l.rows)
	n := 0
	for _, bank := range l.Addresses() {
		entries, err := l.Entries(bank[0])
		require.NoError(t, err)
		for _, e := range entries {
			require.False(t, e.Back)
			row, err := strconv.Atoi(strings.TrimPrefix(e.Reference, "order-"))
			require.NoError(t, err, "an attempt after the first: no bank refuses anything here")
			minor, currency := l.amount(row)
			require.Equal(t, payout.FromMinor(minor, currency), e.Money)
			require.False(t, paid[row], e.Reference)
			paid[row] = true
			n++
		}
	}
	return n
}

// moved is for how many rows money left.
func (l *large) moved(t *testing.T) (n int) {
	t.Helper()
	for _, bank := range l.Addresses() {
		entries, err := l.Entries(bank[0])
		require.NoError(t, err)
		n += len(entries)
	}
	return n
}

// child is a run of the command that may be killed.
type child struct {
	*exec.Cmd
	out   bytes.Buffer
	ended chan error
	peak  int // bytes of memory
}

func (l *large) start(t *testing.T, args ...string) *child {
	t.Helper()
	c := &child{Cmd: exec.CommandContext(t.Context(), binary, append(append([]string{"batch"}, args...), "--config", l.config)...), ended: make(chan error, 1)}
	c.Stdout, c.Stderr = &c.out, &c.out
	require.NoError(t, c.Start())
	go func() { c.ended <- c.Wait() }()
	return c
}

// until returns when it is so, or the process has ended; then over is true.
func (c *child) until(t *testing.T, each time.Duration, so func() bool) (err error, over bool) { //nolint:revive // the error is the process's
	t.Helper()
	for {
		c.look(t)
		if so() {
			return nil, false
		}
		select {
		case err := <-c.ended:
			return err, true
		case <-time.After(each):
		}
	}
}

// look takes down the greatest memory that the process had, where the system says so.
func (c *child) look(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		return
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid))
	if err != nil {
		return // it is gone
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(kb), " kB"))
			require.NoError(t, err)
			c.peak = n << 10
		}
	}
}

// A run that is killed at any moment is resumed, pays nobody twice, and takes no more
// memory the more rows there are. A million rows, for some minutes:
//
//	go test ./cmd/payout -run ALargeRegistry -rows 1000000 -pay-for 5m -timeout 1h -v
func TestALargeRegistry(t *testing.T) {
	t.Parallel()
	const kills = 6
	b := newBench(t)
	l := &large{bench: b, path: filepath.Join(b.folder, "payouts.csv"), rows: *largeRows}
	l.write(t)
	require.NoError(t, b.Inject(simulate.Fault{Name: "lost", Times: 3}))
	random := rand.New(rand.NewPCG(1, 2)) // #nosec G404 -- when to kill
	each := max(time.Millisecond, time.Duration(l.rows)*500*time.Nanosecond)
	first := []string{"run", l.path, "--confirm", l.sums()}
	killed, peak := 0, 0
	kill := func(c *child, err error, over bool) {
		t.Helper()
		if !over {
			require.NoError(t, c.Process.Kill())
			err = <-c.ended
			killed++
		}
		t.Logf("killed with %d of %d rows paid (%v), %d MB", l.moved(t), l.rows, err, c.peak>>20)
		require.NotContains(t, c.out.String(), "panic")
		peak = max(peak, c.peak)
	}
	// While it checks the file, or writes down what was confirmed: then it is confirmed again.
	c := l.start(t, first...)
	moment := time.Now().Add(time.Duration(random.IntN(l.rows*20+200_000)) * time.Microsecond)
	err, over := c.until(t, time.Millisecond, func() bool { return time.Now().After(moment) })
	kill(c, err, over)
	// While it pays: once it has paid some more, however fast this machine is.
	for n := range kills {
		if n == 0 {
			c = l.start(t, first...)
		} else {
			c = l.start(t, "resume", l.path)
		}
		goal := l.moved(t) + min(l.rows/40, 500) + random.IntN(min(l.rows/10, 2000))
		err, over := c.until(t, each, func() bool { return l.moved(t) >= goal })
		kill(c, err, over)
	}
	require.Greater(t, killed, 3, "runs that were killed on the way")

	begin, before := time.Now(), l.moved(t)
	c = l.start(t, "resume", l.path)
	err, over = c.until(t, each, func() bool { return *largeTime > 0 && time.Since(begin) > *largeTime })
	if !over {
		require.NoError(t, c.Process.Signal(syscall.SIGINT))
		require.Equal(t, 1, ended(t, <-c.ended), c.out.String())
		require.Contains(t, c.out.String(), "go on with: payout batch resume "+l.path)
	} else {
		require.NoError(t, err, c.out.String())
		require.Contains(t, c.out.String(), " paid; the results are in ")
		require.Equal(t, l.rows, l.held(t))
		stdout, _, _ := runs(t, "list", "--config", b.config, "--count", "--json")
		require.JSONEq(t, fmt.Sprintf(`{"state":"paid","payouts":%d}`, l.rows), stdout)
	}
	peak = max(peak, c.peak)
	t.Logf("%d of %d rows paid, %.0f a second; %d MB at most", l.held(t), l.rows, float64(l.moved(t)-before)/time.Since(begin).Seconds(), peak>>20)
	if runtime.GOOS == "linux" {
		require.Positive(t, peak)
		require.Less(t, peak, 150<<20)
	}
}
