package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/cmd/payout/internal/app"
)

// loaded is a configuration in a folder of its own.
func loaded(t *testing.T, text string, files ...string) *app.App {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "payout.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	for _, name := range files {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(strings.Repeat("no journal ", 1000)), 0o600))
	}
	a, err := app.Load(app.Options{Config: path, Lookup: func(string) (string, bool) { return "postgres://nobody@127.0.0.1:1/none", true }})
	require.NoError(t, err)
	t.Cleanup(a.Close)
	return a
}

// A journal is created where there never was one, and is no answer to anything else.
func TestOnlyAMissingJournalIsToBeCreated(t *testing.T) {
	for name, c := range map[string]struct{ text, helps string }{
		"missing":          {"journal: {sqlite: missing.db}\n", "if there never was one, create it once with payout journal init"},
		"damaged":          {"journal: {sqlite: damaged.db}\n", "if it is damaged restore it"},
		"both":             {"journal: {sqlite: damaged.db, postgres: {url: {env: URL}}}\n", "mend the configuration"},
		"none":             {"workers: 1\n", "mend the configuration"},
		"no such database": {"journal: {postgres: {url: {env: URL}}}\n", "what the role may do"},
	} {
		t.Run(name, func(t *testing.T) {
			found := loaded(t, c.text, "damaged.db").CheckJournal(t.Context())
			require.Len(t, found, 1)
			require.Equal(t, app.Bad, found[0].State)
			require.Contains(t, found[0].Do, c.helps, found[0].Says)
			require.Equal(t, name == "missing", strings.Contains(found[0].Do, "create"))
		})
	}
}

// A new keyset opens nothing that the lost one sealed, and a new key takes what was
// submitted before for something else.
func TestLostKeysAreRestored(t *testing.T) {
	a := loaded(t, "journal: {sqlite: a.db, keyset: keyset.json}\nbatch: {key: {file: batch.key}}\nkeys: {current: 1, versions: {1: {file: fingerprint.key}}}\n")
	found := a.CheckFiles()
	require.Len(t, found, 3)
	for _, f := range found {
		require.Equal(t, app.Bad, f.State)
		require.True(t, strings.HasPrefix(f.Do, "restore it from the backup: "), f.Do)
		require.Contains(t, f.Do, "create one only if the journal is new")
	}
	a = loaded(t, "journal: {postgres: {url: {file: address}}}\n")
	require.NotContains(t, a.CheckFiles()[0].Do, "create")
}
