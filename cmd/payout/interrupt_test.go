//go:build unix

package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// process is the demo at work on a file that is still being written.
type process struct {
	*exec.Cmd
	file        io.WriteCloser
	out, report *bufio.Scanner // its output and its messages
}

// interrupted starts the demo, has it pay a row and interrupts it while it waits for
// the next. It returns when the process has said that it heard.
func interrupted(t *testing.T, signal os.Signal) process {
	t.Helper()
	p := process{Cmd: command(t, "demo", "--json", "/dev/stdin")}
	var err error
	p.file, err = p.StdinPipe()
	require.NoError(t, err)
	out, err := p.StdoutPipe()
	require.NoError(t, err)
	report, err := p.StderrPipe()
	require.NoError(t, err)
	p.out, p.report = bufio.NewScanner(out), bufio.NewScanner(report)
	require.NoError(t, p.Start())
	_, err = io.WriteString(p.file, header+row)
	require.NoError(t, err)
	require.True(t, p.out.Scan())
	require.Equal(t, "start", members(t, p.out.Text())["type"])
	require.True(t, p.out.Scan())
	require.Equal(t, "paid", members(t, p.out.Text())["status"])
	require.NoError(t, p.Process.Signal(signal))
	require.True(t, p.report.Scan())
	require.Equal(t, "payout: interrupted: nothing more is sent; interrupt again to leave at once", p.report.Text())
	return p
}

// One signal: the rest of the file is reported as not sent, and the ledgers are held
// against what was paid.
func TestOneInterrupt(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		p := interrupted(t, signal)
		_, err := io.WriteString(p.file, strings.ReplaceAll(row, "order-1", "order-2"))
		require.NoError(t, err)
		require.NoError(t, p.file.Close())
		var last map[string]any
		for p.out.Scan() {
			last = members(t, p.out.Text())
			if last["type"] == "payout" {
				require.Equal(t, "not_sent", last["status"])
				require.Equal(t, "interrupted", last["reason"])
			}
		}
		require.Equal(t, "summary", last["type"])
		require.Equal(t, 2.0, last["rows"])
		require.True(t, p.report.Scan())
		require.Contains(t, p.report.Text(), "something is lost")
		require.Equal(t, exitFindings, ended(t, p.Wait()))
	}
}

// A second signal ends a process that waits for its file.
func TestTwoInterrupts(t *testing.T) {
	t.Parallel()
	p := interrupted(t, os.Interrupt)
	require.NoError(t, p.Process.Signal(os.Interrupt))
	err := p.Wait()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, syscall.SIGINT, exit.Sys().(syscall.WaitStatus).Signal())
}

// A report that can't be written is no success.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full here")
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer full.Close()
	c := command(t, "demo")
	c.Stdout = full
	require.Equal(t, exitFindings, ended(t, c.Run()))
}
