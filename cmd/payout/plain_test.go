//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Commands that never send do not say that nothing was sent: it would be read as the
// fate of the payout that they are about.
func TestErrorsOfCommandsThatNeverSend(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, code := b.sending(t, nil)
	require.Zero(t, code)
	statement := filepath.Join(b.folder, "statement.csv")
	require.NoError(t, os.WriteFile(statement, []byte("time,reference,amount,currency\n"), 0o600))
	reconcile := []string{"reconcile", statement, "--provider", "bereke", "--from", "2026-01-01"}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"cancel", "order-1", "--by", "me"}, "payout: nothing has changed: reference: is a payout that is paid"},
		{[]string{"resolve", "order-1", "--outcome", "paid", "--evidence", "e", "--by", "me"}, "payout: nothing has changed: reference: is a payout that is paid, not in review"},
		{[]string{"resolve", "order-1", "--outcome", "lost", "--evidence", "e", "--by", "me"}, "--outcome: must be paid, failed or returned; after a restore also planned"},
		{[]string{"hold", "nobody", "--by", "me"}, "must be a provider's name"},
		{append(reconcile, "--before", "2025-01-01"), "must be earlier than before"},
		{append(reconcile, "--before", "2027-01-01", "--margin", "-1h"), "--margin: must not be negative"},
	} {
		_, failure, code := runs(t, append(c.args, "--config", b.config)...)
		require.Equal(t, 2, code, c.args)
		require.Contains(t, failure, c.want)
		require.NotContains(t, failure, "nothing was sent")
	}
	says, code := b.sending(t, nil, "--reference", "order-2", "--currency", "GBP")
	require.Equal(t, 2, code)
	require.Contains(t, says, "nothing was sent")
}

// A journal that can't even be read is not sound, and that is found.
func TestVerifyOfAMalformedJournal(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := filepath.Join(b.folder, "payouts.db")
	good, err := os.ReadFile(path)
	require.NoError(t, err)
	bad := append([]byte{}, good...)
	for i := range 3000 {
		bad[4096+i] ^= 0x5a
	}
	for name, content := range map[string][]byte{
		"malformed": bad, "cut off": good[:len(good)/3], "no database": []byte("good morning, this is not a database of any kind, but is long enough to be taken for a header by some"), "empty": {},
	} {
		require.NoError(t, os.WriteFile(path, content, 0o600))
		out, failure, code := runs(t, "journal", "verify", "--config", b.config)
		require.Equal(t, 1, code, "%s\n%s", name, failure)
		require.Contains(t, out, "file", name)
		require.Contains(t, failure, "1 things are wrong with the journal", name)
	}
	require.NoError(t, os.Remove(path))
	_, _, code := runs(t, "journal", "verify", "--config", b.config)
	require.Equal(t, 2, code, "what is not there can't be verified")
}
