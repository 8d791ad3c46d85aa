package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A journal is moved from a file to a database and back to another file; each time
// payouts go on, and nothing is paid again.
func TestJournalMove(t *testing.T) {
	folder := banksFolder(t)
	first := filepath.Join(folder, "payout.yaml")
	second, _ := inPostgres(t, folder)
	third := filepath.Join(folder, "third.yaml")
	text, err := os.ReadFile(first)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(third, []byte(strings.Replace(string(text), "sqlite: payouts.db", "sqlite: third.db", 1)), 0o600))

	_, text1, code := runs(t, "journal", "init", "--config", first)
	require.Zero(t, code, text1)
	out, code := sends(t, first, "order-1")
	require.Zero(t, code, out)

	args := []string{"journal", "move", "--config", first, "--to", second, "--by", "A. Clerk"}
	_, said, code := runs(t, args...)
	require.Equal(t, 2, code)
	require.Contains(t, said, "nothing was moved: say --yes")
	require.Equal(t, "STATE PAYOUTS paid 1", counts(t, first))

	out, said, code = runs(t, append(args, "--yes")...)
	require.Zero(t, code, said)
	require.Contains(t, strings.Join(strings.Fields(out), " "), "payouts 1 attempts 1 events 2")
	require.Contains(t, out, "0 payouts were being sent")
	require.Contains(t, out, "From now on: --config "+second)
	out, _, code = runs(t, append(args, "--yes")...)
	require.Zero(t, code)
	require.Contains(t, out, "It was moved already")

	out, code = sends(t, first, "order-2")
	require.Equal(t, 2, code, out)
	require.Contains(t, out, "it was moved, and goes on elsewhere")
	require.Contains(t, out, "postgres:cluster ")
	_, said, code = runs(t, "journal", "move", "--config", first, "--to", third, "--by", "A. Clerk", "--yes")
	require.Equal(t, 2, code)
	require.Contains(t, said, "it was moved, and goes on elsewhere")

	for _, reference := range []string{"order-1", "order-2"} {
		out, code = sends(t, second, reference)
		require.Zero(t, code, out)
	}
	out, said, code = runs(t, "journal", "move", "--config", second, "--to", third, "--by", "A. Clerk", "--yes", "--json")
	require.Zero(t, code, said)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	last := members(t, lines[len(lines)-1])
	require.Equal(t, []any{"moved", float64(0), false}, []any{last["type"], last["in_flight"], last["already"]})
	for _, reference := range []string{"order-1", "order-2", "order-3"} {
		out, code = sends(t, third, reference)
		require.Zero(t, code, out)
	}
	require.Equal(t, "STATE PAYOUTS paid 3", counts(t, third))
	out, said, code = runs(t, "journal", "verify", "--config", third)
	require.Zero(t, code, said)
	require.Equal(t, "the journal is sound\n", out)
	out, said, code = runs(t, "sandbox", "ledger", "--dir", folder)
	require.Zero(t, code, out+said)
}
