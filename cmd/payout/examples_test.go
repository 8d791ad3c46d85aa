//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/cmd/payout/internal/simulate"
)

// examples are the commands in the order in which a person could type their examples,
// with what he would type before, and what an example that does not end with status 0
// says.
var examples = []struct{ command, before, fails string }{
	{command: "demo"},
	{command: "config init"},
	{command: "config check"},
	{command: "journal init"},
	{command: "doctor"},
	{command: "balance"},
	{command: "save-card"},
	{command: "conformance"},
	{command: "explain"},
	{command: "send"},
	{command: "status"},
	{command: "list"},
	{command: "hold"},
	{command: "cancel", before: `for p in all2pay reserve; do payout hold $p --config bench/payout.yaml --by me; done
		printf 'card.number=4111111111111111\nrecipient.name=IVAN PETROV\n' | payout send --config bench/payout.yaml --reference order-2 --amount 1500.00 --currency RUB --destination card --patience 100ms
		for p in all2pay reserve; do payout hold $p --config bench/payout.yaml --by me --release; done`},
	{command: "resolve", fails: "not in review"}, // nothing is: the simulated banks are well
	{command: "batch check", before: "rm -f payouts.csv.results.csv"},
	{command: "batch run"},
	{command: "batch resume"},
	{command: "batch report"},
	{command: "worker"},
	{command: "callbacks serve"},
	{command: "sandbox fault"},
	{command: "sandbox ledger"},
	{command: "sandbox statement"},
	{command: "reconcile"},
	{command: "journal trust", fails: "there is no doubt"},
	{command: "journal backup"},
	{command: "journal erase"},
	{command: "journal verify"},
	{command: "journal move", before: `sed 's/sqlite: payouts.db/sqlite: moved.db/' bench/payout.yaml > bench/new.yaml`},
	{command: "sandbox", before: "rm -r bench"},
}

// elsewhere are commands whose examples other tests run.
var elsewhere = map[string]string{"new-adapter": "TestNewAdapter"}

// Every command has an example, and each of them runs as it is printed.
func TestExamples(t *testing.T) {
	t.Parallel()
	all := map[string]string{}
	var gather func(c *cobra.Command, path string)
	gather = func(c *cobra.Command, path string) {
		for _, sub := range c.Commands() {
			if name := strings.TrimSpace(path + " " + sub.Name()); name != "help" && name != "completion" {
				if sub.Runnable() && !isGroup(sub) {
					require.NotEmpty(t, sub.Example, name)
					all[name] = sub.Example
				}
				gather(sub, name)
			}
		}
	}
	gather(newCommand(), "")

	folder := t.TempDir()
	banks, err := simulate.Start(t.Context(), 0)
	require.NoError(t, err)
	defer banks.Close()
	require.NoError(t, banks.Write(filepath.Join(folder, "bench")))
	control, err := banks.Control(t.Context(), filepath.Join(folder, "bench"))
	require.NoError(t, err)
	defer func() { _ = control.Close() }()
	registry := header + strings.ReplaceAll(row, "order-1", "pay-1") + strings.ReplaceAll(row, "order-1", "pay-2") + strings.ReplaceAll(row, "order-1", "pay-3")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "payouts.csv"), []byte(registry), 0o600))
	shell := func(script string) (string, int) {
		c := exec.CommandContext(t.Context(), "sh", "-c", script)
		c.Dir = folder
		c.Env = append(os.Environ(), "PATH="+filepath.Dir(binary)+":/usr/bin:/bin")
		out, err := c.CombinedOutput()
		return string(out), ended(t, err)
	}
	for _, e := range examples {
		text, ok := all[e.command]
		require.True(t, ok, e.command)
		delete(all, e.command)
		_, _ = shell(e.before)
		text = strings.ReplaceAll(text, ":8080", ":0")
		for script := range strings.SplitSeq(strings.ReplaceAll(text, "\\\n", " "), "\n") {
			script = strings.TrimSpace(script)
			switch e.command {
			case "worker", "callbacks serve", "sandbox": // they go on until they are interrupted
				script = "timeout --foreground --signal=INT --preserve-status 3 " + script
			}
			out, code := shell(script)
			if e.fails != "" {
				require.NotZero(t, code, script)
				require.Contains(t, out, e.fails, script)
				continue
			}
			require.Zero(t, code, "%s\n%s", script, out)
		}
	}
	for name := range elsewhere {
		delete(all, name)
	}
	require.Empty(t, all, "commands whose examples nobody runs")
}
