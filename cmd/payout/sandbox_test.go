//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A second sandbox leaves a folder alone where the banks of another one run, or where
// somebody has a configuration of his own.
func TestSandboxTakesNoFolder(t *testing.T) {
	t.Parallel()
	config := simulatedBanks(t)
	folder := filepath.Dir(config)
	before, err := os.ReadFile(config)
	require.NoError(t, err)
	_, failure, code := runs(t, "sandbox", "--dir", folder)
	require.Equal(t, 2, code, failure)
	require.Regexp(t, `banks are running there, in process \d+ at http://127\.0\.0\.1:\d+`, failure)
	after, err := os.ReadFile(config)
	require.NoError(t, err)
	require.Equal(t, before, after)
	_, failure, code = runs(t, "sandbox", "ledger", "--dir", folder)
	require.Zero(t, code, failure)

	own := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(own, "payout.yaml"), []byte("journal: {sqlite: payouts.db}\n"), 0o600))
	_, failure, code = runs(t, "sandbox", "--dir", own)
	require.Equal(t, 2, code)
	require.Contains(t, failure, "was not written by payout sandbox")
}

// An init that fails leaves no journal behind that nobody can open.
func TestJournalInitThatFails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	text, err := os.ReadFile(b.config)
	require.NoError(t, err)
	with := func(file string) string {
		at := filepath.Join(b.folder, file+".yaml")
		changed := strings.Replace(string(text), "sqlite: payouts.db", "sqlite: "+file+".db\n  witness: witness", 1)
		require.NoError(t, os.WriteFile(at, []byte(changed), 0o600))
		return at
	}
	_, failure, code := runs(t, "journal", "init", "--config", with("one"))
	require.Zero(t, code, failure)
	_, failure, code = runs(t, "journal", "init", "--config", with("two"))
	require.Equal(t, 2, code)
	require.Contains(t, failure, "witness: it is of the journal")
	left, err := filepath.Glob(filepath.Join(b.folder, "two.db*"))
	require.NoError(t, err)
	require.Empty(t, left)
}
