package sqlite_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/journal/internal/keystest"
	"github.com/payoutkit/payout/journal/seal"
	"github.com/payoutkit/payout/journal/sqlite"
)

func TestKeyStore(t *testing.T) {
	j, err := sqlite.Create(t.Context(), filepath.Join(t.TempDir(), "keys.db"), sqlite.Config{})
	require.NoError(t, err)
	defer j.Close()
	keystest.Run(t, j)
}

// A second file keeps the keys: no backup of the first gives a request back, once the
// key is gone there.
func TestKeysOfTheirOwnFile(t *testing.T) {
	ctx, folder := t.Context(), t.TempDir()
	keys, err := sqlite.Create(ctx, filepath.Join(folder, "keys.db"), sqlite.Config{})
	require.NoError(t, err)
	defer keys.Close()
	handle, err := seal.NewKeyset()
	require.NoError(t, err)
	master, err := seal.New(handle)
	require.NoError(t, err)
	each := seal.Each(master, keys, nil)
	box, err := each.Seal(ctx, []byte("a request"), "order-1")
	require.NoError(t, err)
	kept, err := keys.Key(ctx, "order-1")
	require.NoError(t, err)
	require.True(t, inFiles(t, folder, kept))
	require.NoError(t, each.Erase(ctx, "order-1"))
	require.False(t, inFiles(t, folder, kept), "not in the log either, nor in a page that is free")
	_, err = each.Open(ctx, box, "order-1")
	require.Error(t, err)
}

// inFiles reports whether any file in a folder has some bytes.
func inFiles(t *testing.T, folder string, text []byte) bool {
	t.Helper()
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, f := range files {
		all, err := os.ReadFile(filepath.Join(folder, f.Name()))
		require.NoError(t, err)
		if bytes.Contains(all, text) {
			return true
		}
	}
	return false
}
