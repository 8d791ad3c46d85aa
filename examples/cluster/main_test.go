package main

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout/internal/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The program does what it says, from its first line to the bank's ledger.
func TestCluster(t *testing.T) {
	if pgtest.Binaries() == "" {
		t.Skip("SKIP POSTGRES: there are no binaries in /usr/lib/postgresql")
	}
	program := filepath.Join(t.TempDir(), "cluster")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	out, err = exec.CommandContext(t.Context(), program, "-rows", "80").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "80 payouts are in the journal, each with its job")
	require.Contains(t, string(out), "was killed")
	require.Contains(t, string(out), "by the bank's ledger 80 payouts were paid, each once")
}
