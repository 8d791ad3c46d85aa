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

// A journal does not go on with other keys, and nothing is moved or paid with them.
func TestOtherKeys(t *testing.T) {
	folder := banksFolder(t)
	first, next := filepath.Join(folder, "payout.yaml"), filepath.Join(folder, "next.yaml")
	_, said, code := runs(t, "journal", "init", "--config", first)
	require.Zero(t, code, said)
	out, code := sends(t, first, "order-1")
	require.Zero(t, code, out)
	text, err := os.ReadFile(first)
	require.NoError(t, err)
	write := func(path, old, replaced string) {
		require.Contains(t, string(text), old)
		require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(text), old, replaced, 1)), 0o600))
	}
	other := strings.Repeat("another key ", 4)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "other.key"), []byte(other), 0o600))

	for file, name := range map[string]string{"batch.key": "batch", "fingerprint.key": "fingerprint 1"} {
		write(next, file, "other.key")
		_, said, code = runs(t, "journal", "move", "--config", first, "--to", next, "--by", "A. Clerk", "--yes")
		require.Equal(t, 2, code, said)
		require.Contains(t, said, `the new configuration has another key "`+name+`"`)
	}
	require.Equal(t, "STATE PAYOUTS paid 1", counts(t, first), "it is still here")

	registry := filepath.Join(folder, "rows.csv")
	require.NoError(t, os.WriteFile(registry, []byte("amount,currency,destination,card.number,recipient.name\n11.00,RUB,card,4111111111111111,IVAN PETROV\n"), 0o600))
	pays := func(config string) (string, int) {
		_, said, code := runs(t, "batch", "run", registry, "--batch", "b-1", "--config", config, "--confirm", "11.00 RUB")
		return said, code
	}
	said, code = pays(first)
	require.Zero(t, code, said)
	for file, name := range map[string]string{"batch.key": "batch", "fingerprint.key": "fingerprint 1"} {
		write(next, file, "other.key")
		said, code = pays(next)
		require.Equal(t, 2, code, said)
		require.Contains(t, said, `key "`+name+`"`)
		out, _, _ = runs(t, "doctor", "--config", next)
		require.Contains(t, out, "is not the one that this journal's payouts were made with")
	}
	_, said, code = runs(t, "batch", "check", registry, "--batch", "b-1", "--config", next)
	require.Equal(t, 2, code, said)
	require.Equal(t, "STATE PAYOUTS paid 2", counts(t, first))

	// Nor without its keyset or its witness.
	write(first, "sqlite: payouts.db", "sqlite: payouts.db\n  witness: witness")
	write(next, "sqlite: payouts.db", "sqlite: next.db")
	_, said, code = runs(t, "journal", "move", "--config", first, "--to", next, "--by", "A. Clerk", "--yes")
	require.Equal(t, 2, code, said)
	require.Contains(t, said, "journal.witness: the new configuration has none")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "keys.json"), []byte("{}"), 0o600))
	write(first, "sqlite: payouts.db", "sqlite: payouts.db\n  keyset: keys.json")
	_, said, code = runs(t, "journal", "move", "--config", first, "--to", next, "--by", "A. Clerk", "--yes")
	require.Equal(t, 2, code, said)
	require.Contains(t, said, "journal.keyset: the new configuration has another one, or none")
}

// A keyset that was lost is not made anew beside its journal.
func TestInitBesideAJournal(t *testing.T) {
	folder := banksFolder(t)
	config, keyset := filepath.Join(folder, "payout.yaml"), filepath.Join(folder, "keyset.json")
	text, err := os.ReadFile(config)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(config, []byte(strings.Replace(string(text), "sqlite: payouts.db", "sqlite: payouts.db\n  keyset: keyset.json", 1)), 0o600))
	_, said, code := runs(t, "journal", "init", "--config", config)
	require.Zero(t, code, said)
	require.FileExists(t, keyset)
	require.NoError(t, os.Remove(keyset))
	_, said, code = runs(t, "journal", "init", "--config", config)
	require.Equal(t, 2, code, said)
	require.NoFileExists(t, keyset)
}
