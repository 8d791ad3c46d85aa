//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What reads a journal that was moved says that it is of the past: the payouts go on
// elsewhere, and what looks unpaid here may be paid there.
func TestMovedJournalSaysSo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, code := b.sending(t, nil)
	require.Zero(t, code)
	text, err := os.ReadFile(b.config)
	require.NoError(t, err)
	next := filepath.Join(b.folder, "next.yaml")
	require.NoError(t, os.WriteFile(next, []byte(strings.Replace(string(text), "sqlite: payouts.db", "sqlite: next.db", 1)), 0o600))
	_, failure, code := runs(t, "journal", "move", "--config", b.config, "--to", next, "--by", "A. Clerk", "--yes")
	require.Zero(t, code, failure)

	path, _ := b.registry(t, 2)
	statement := filepath.Join(b.folder, "statement.csv")
	require.NoError(t, os.WriteFile(statement, []byte("time,reference,amount,currency\n"), 0o600))
	for _, args := range [][]string{
		{"list"},
		{"list", "--count"},
		{"status", "order-1"},
		{"hold"},
		{"journal", "verify"},
		{"journal", "backup", filepath.Join(b.folder, "copy.db")},
		{"reconcile", statement, "--provider", "bereke", "--from", "2026-01-01", "--before", "2036-01-01"},
		{"batch", "check", path},
		{"batch", "report", path},
	} {
		_, failure, code := runs(t, append(args, "--config", b.config)...)
		require.Zero(t, code, "%v\n%s", args, failure)
		require.Regexp(t, `^payout: this journal was moved to sqlite:\S+next\.db on 20\S+Z: what it shows is as of then\n$`, failure, args)
		if args[1%len(args)] != "backup" {
			_, failure, _ = runs(t, append(args, "--config", next)...)
			require.Empty(t, failure, "one that was moved here is of today")
		}
	}
	out, _, code := runs(t, "doctor", "--config", b.config)
	require.Equal(t, 1, code)
	require.Regexp(t, `journal +can be read +wrong +this journal was moved to`, out)
}
