package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// section is a part of a document, by its heading, without the indentation of what is
// code; commands are those of this program.
func section(t *testing.T, file, heading string) (code string, commands [][]string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	_, part, found := strings.Cut(string(text), "\n"+heading+"\n")
	require.True(t, found, heading)
	part, _, _ = strings.Cut(part, "\n### ")
	for line := range strings.Lines(part) {
		if !strings.HasPrefix(line, "    ") {
			continue
		}
		code += line[4:]
		if rest, ok := strings.CutPrefix(line, "    payout "); ok {
			commands = append(commands, words(rest))
		}
	}
	return code, commands
}

// words are those of a command line; one in quotes is one.
func words(line string) (out []string) {
	for i, part := range strings.Split(strings.TrimSpace(line), `"`) {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}

// The page about moving to several machines, followed to the letter: a payout that was
// paid stays so, one that was not sent is, and nothing is paid twice.
func TestToSeveralMachines(t *testing.T) {
	folder := banksFolder(t)
	_, address := inPostgres(t, folder)
	t.Setenv("PAYOUT_DATABASE", address)
	code, commands := section(t, "../../docs/operations.md", "### To several machines")
	journal, _, found := strings.Cut(code, "payout journal move")
	require.True(t, found)
	text, err := os.ReadFile(filepath.Join(folder, "payout.yaml"))
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), "\njournal:\n")
	require.True(t, found)
	_, after, found := strings.Cut(rest, "\n\n") // the next part
	require.True(t, found)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "cluster.yaml"), []byte(before+"\n"+journal+"\n"+after), 0o600))

	in := func(args []string) []string {
		out := append([]string(nil), args...)
		for i, a := range out {
			if strings.HasSuffix(a, ".yaml") {
				out[i] = filepath.Join(folder, a)
			}
		}
		return out
	}
	payout, cluster := filepath.Join(folder, "payout.yaml"), filepath.Join(folder, "cluster.yaml")
	_, said, exit := runs(t, "journal", "init", "--config", payout)
	require.Zero(t, exit, said)
	out, exit := sends(t, payout, "order-1")
	require.Zero(t, exit, out)
	hold := func(config string, more ...string) {
		for _, provider := range []string{"all2pay", "reserve"} {
			_, said, exit := runs(t, append([]string{"hold", provider, "--config", config, "--by", "A. Clerk"}, more...)...)
			require.Zero(t, exit, said)
		}
	}
	hold(payout, "--note", "moving")
	again := func(reference, config string) *exec.Cmd {
		c := command(t, "send", "--config", config, "--reference", reference, "--amount", "20.00", "--currency", "RUB", "--destination", "card", "--patience", "100ms")
		c.Stdin = strings.NewReader("card.number=4111111111111111\nrecipient.name=IVAN PETROV\n")
		return c
	}
	held, err := again("order-3", payout).CombinedOutput()
	require.Equal(t, 1, ended(t, err), "%s", held)

	var names []string
	for _, args := range commands {
		names = append(names, args[0])
		switch args[0] {
		case "worker":
			for range 2 { // machines
				w := command(t, in(args)...)
				require.NoError(t, w.Start())
				t.Cleanup(func() {
					_ = w.Process.Signal(os.Interrupt)
					_ = w.Wait()
				})
			}
			out, err := again("order-3", cluster).CombinedOutput() // it was not sealed
			require.Contains(t, []int{0, 1}, ended(t, err), "%s", out)
			hold(cluster, "--release")
		case "send":
			c := command(t, in(args)...)
			c.Stdin = strings.NewReader("card.number=4111111111111111\nrecipient.name=IVAN PETROV\n")
			out, err := c.CombinedOutput()
			require.Zero(t, ended(t, err), "%s", out)
		case "list":
			require.Eventually(t, func() bool {
				out, said, exit := runs(t, in(args)...)
				require.Zero(t, exit, said)
				return strings.Join(strings.Fields(out), " ") == "STATE PAYOUTS paid 3"
			}, time.Minute, 100*time.Millisecond)
		default:
			_, said, exit := runs(t, in(args)...)
			require.Zero(t, exit, said)
		}
	}
	require.Equal(t, []string{"journal", "doctor", "worker", "send", "list"}, names)
	for _, reference := range []string{"order-1", "order-2", "order-3"} { // once more, and nothing more is paid
		c := command(t, "status", reference, "--config", cluster)
		out, err := c.CombinedOutput()
		require.Zero(t, ended(t, err), "%s", out)
	}
	out, said, exit = runs(t, "sandbox", "ledger", "--dir", folder)
	require.Zero(t, exit, said)
	require.Contains(t, out, "3020.00 RUB  -", "three payouts, none twice")
}
