//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// No output flag overwrites the journal, a key, the configuration or what a command
// reads, by whatever path it is named; and nothing is sent before that is known.
func TestOutputsSpareEveryFileOfTheConfiguration(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	text, err := os.ReadFile(b.config)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(b.config, []byte(strings.Replace(string(text), "sqlite: payouts.db", "sqlite: payouts.db\n  witness: witness", 1)), 0o600))
	path, sums := b.registry(t, 2)
	statement := filepath.Join(b.folder, "statement.csv")
	require.NoError(t, os.WriteFile(statement, []byte("time,reference,amount,currency\n"), 0o600))
	at := func(name string) string { return filepath.Join(b.folder, name) }
	linked, hard := at("linked.csv"), at("hard.csv")
	require.NoError(t, os.Symlink(at("payouts.db"), linked))
	require.NoError(t, os.Link(at("fingerprint.key"), hard)) // of a journal none is taken at all
	folder := filepath.Join(t.TempDir(), "folder")
	require.NoError(t, os.Symlink(b.folder, folder))

	commands := map[string][]string{
		"--csv":     {"reconcile", statement, "--provider", "bereke", "--from", "2026-01-01", "--before", "2036-01-01"},
		"--csv ":    {"batch", "report", path},
		"--html":    {"batch", "report", path},
		"--results": {"batch", "run", path, "--confirm", sums},
		"FILE":      {"journal", "backup"},
	}
	for file, what := range map[string]string{
		at("payouts.db"): "the journal", at("payouts.db-wal"): "a part of the journal", at("payouts.db-shm"): "a part of the journal",
		at("payouts.db.lock"): "a part of the journal", at("witness"): "the journal's witness", at("batch.key"): "a key or another secret",
		at("bereke.pem"): "a certificate", b.config: "the configuration", linked: "the journal", hard: "a key or another secret",
		filepath.Join(folder, "payouts.db-wal"): "a part of the journal",
	} {
		before, wasThere := os.ReadFile(file)
		for flag, command := range commands {
			args := append(append([]string{}, command...), "--config", b.config, strings.TrimSpace(flag), file)
			if flag == "FILE" {
				args = append(args[:len(args)-2], file)
			}
			_, failure, code := runs(t, args...)
			require.Equal(t, 2, code, "%v\n%s", args, failure)
			require.Contains(t, failure, strings.TrimSpace(flag)+": "+file+" is "+what, args)
			after, isThere := os.ReadFile(file)
			require.Equal(t, wasThere == nil, isThere == nil, args)
			require.Equal(t, before, after, args)
		}
	}
	_, failure, code := runs(t, append(commands["--csv"], "--config", b.config, "--csv", statement)...)
	require.Equal(t, 2, code)
	require.Contains(t, failure, "is what this command reads")
	b.once(t, 0)
}
