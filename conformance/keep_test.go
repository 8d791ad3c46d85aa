package conformance_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/conformance"
)

func TestKeepIn(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "verified")
	live, _ := toyLive(t, "127.0.0.1")
	live.Keep = conformance.KeepIn(folder)
	conformance.RunLive(t, live)
	kept, err := filepath.Glob(filepath.Join(folder, "toy-*"))
	require.NoError(t, err)
	require.Len(t, kept, 2)
	for _, name := range kept {
		raw, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Contains(t, string(raw), "paid and found")
		assert.Contains(t, string(raw), "127.0.0.1")
		assert.NotContains(t, string(raw), toyKey)
	}
}
