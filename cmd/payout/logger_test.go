//go:build unix

package main

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/cmd/payout/internal/simulate"
	"github.com/payoutkit/payout/dispatch"
)

// What goes wrong is said at once, and then once a minute, each kind for itself.
func TestTroubleIsSaidOnceAMinute(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	l := &loud{inner: slog.NewTextHandler(&out, nil), said: &said{now: func() time.Time { return now }, kinds: map[string]*kind{}}}
	o := dispatch.LogObserver(slog.New(l))
	lines := func() int { return strings.Count(out.String(), "\n") }
	fails := func(why, reference string) {
		_, end := o.Step(t.Context(), reference)
		end(dispatch.Stepped{Err: errors.New(why)})
	}
	o.Moved(t.Context(), dispatch.Moved{Reference: "a", From: dispatch.StateSending, To: dispatch.StatePaid})
	require.Zero(t, lines())
	for range 100 {
		fails("the disk is full", "a")
		fails("the bank is gone", "b")
		o.Alarm(t.Context(), dispatch.Alarm{Kind: dispatch.AlarmDouble, Reference: "c"})
	}
	require.Equal(t, 3, lines(), out.String())
	now = now.Add(time.Minute)
	fails("the disk is full", "d")
	require.Equal(t, 4, lines())
	require.Contains(t, out.String(), `reference=d error="the disk is full" not_shown=99`)
	l.everyAlarm = true
	for range 10 {
		o.Alarm(t.Context(), dispatch.Alarm{Kind: dispatch.AlarmDouble, Reference: "c"})
	}
	require.Equal(t, 14, lines())
	for n := range 10 * maxKinds {
		fails(strings.Repeat("x", n), "e")
	}
	require.LessOrEqual(t, lines(), 14+maxKinds+1)
}

// saying collects what a process says on standard error.
func saying(t *testing.T, stderr interface{ Read([]byte) (int, error) }) *screen {
	t.Helper()
	s := &screen{news: make(chan struct{}, 1)}
	read := make(chan struct{})
	go func() {
		defer close(read)
		s.read(stderr)
	}()
	t.Cleanup(func() { <-read })
	return s
}

// A worker says its alarms though nobody asked for a log.
func TestWorkerSaysAlarms(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	require.NoError(t, b.Inject(simulate.Fault{Bank: "all2pay", Name: "returned"}))
	_, code := b.sending(t, nil)
	require.Zero(t, code)
	c := command(t, "worker", "--config", b.config)
	stderr, err := c.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	saying(t, stderr).shows(t, `level=ERROR msg="payout alarm" alarm=`)
	require.NoError(t, c.Process.Signal(os.Interrupt))
	require.Zero(t, ended(t, c.Wait()))
}

// A run whose journal can't be written says so, and not only how far it is.
func TestBatchSaysThatTheJournalFails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path, sums := b.registry(t, 4)
	require.NoError(t, b.Inject(simulate.Fault{Bank: "bereke", Name: "pending", Times: 2}))
	c := command(t, "batch", "run", path, "--config", b.config, "--confirm", sums)
	stderr, err := c.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	for moved := 0; moved == 0; time.Sleep(10 * time.Millisecond) {
		all, err := b.Ledgers()
		require.NoError(t, err)
		moved = len(all)
	}
	require.NoError(t, os.Remove(filepath.Join(b.folder, "payouts.db")))
	s := saying(t, stderr)
	s.shows(t, "level=WARN")
	s.shows(t, "was removed or replaced while the journal was open")
	require.NoError(t, c.Process.Signal(syscall.SIGINT))
	require.Equal(t, 1, ended(t, c.Wait()))
}
