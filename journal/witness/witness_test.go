package witness_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/journal/witness"
)

var mark = witness.Mark{Lineage: "ours", Epoch: 7, Nonce: "n7", Event: 100}

func TestCompare(t *testing.T) {
	epochs := func(_ context.Context, n int64) (string, bool, error) {
		nonces := map[int64]string{6: "n6", 7: "n7", 8: "n8"}
		nonce, ok := nonces[n]
		return nonce, ok, nil
	}
	for name, c := range map[string]struct {
		mark  witness.Mark
		event int64
		wrong string
	}{
		"where it was seen":  {mark, 100, ""},
		"further":            {mark, 101, ""},
		"in a later epoch":   {witness.Mark{Lineage: "ours", Epoch: 6, Nonce: "n6", Event: 90}, 100, ""},
		"behind":             {mark, 99, "its witness saw event 100, and it ends at 99"},
		"before the epoch":   {witness.Mark{Lineage: "ours", Epoch: 9, Nonce: "n9", Event: 90}, 100, "its witness saw epoch 9, which it does not have"},
		"beside another one": {witness.Mark{Lineage: "ours", Epoch: 8, Nonce: "other", Event: 90}, 100, "its epoch 8 is not the one that its witness saw: another copy has gone on"},
	} {
		t.Run(name, func(t *testing.T) {
			wrong, err := witness.Compare(t.Context(), c.mark, witness.Journal{Lineage: "ours", Event: c.event, Nonce: epochs})
			require.NoError(t, err)
			require.Equal(t, c.wrong, wrong)
		})
	}
	_, err := witness.Compare(t.Context(), mark, witness.Journal{Lineage: "theirs", Event: 100, Nonce: epochs})
	require.EqualError(t, err, `witness: it is of the journal "ours", and this one is "theirs"`)
	_, err = witness.Compare(t.Context(), mark, witness.Journal{Lineage: "ours", Nonce: func(context.Context, int64) (string, bool, error) {
		return "", false, errors.New("no disk")
	}})
	require.EqualError(t, err, "no disk")
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "witness")
	open := func() *witness.File {
		w, err := witness.Open(path)
		require.NoError(t, err)
		t.Cleanup(func() { _ = w.Close() })
		return w
	}
	read := func() (witness.Mark, bool) {
		m, ok, err := open().Read(t.Context())
		require.NoError(t, err)
		return m, ok
	}
	_, ok := read()
	require.False(t, ok, "nothing was written yet")
	w := open()
	for n := range int64(5) {
		m := mark
		m.Event += n
		require.NoError(t, w.Write(t.Context(), m))
		got, ok := read()
		require.True(t, ok)
		require.Equal(t, m, got)
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	// A write that was cut off leaves the one before it; the fifth is in the first slot.
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	damaged := append([]byte(nil), whole...)
	copy(damaged[30:], "cut off")
	require.NoError(t, os.WriteFile(path, damaged, 0o600))
	got, ok := read()
	require.True(t, ok)
	require.Equal(t, int64(103), got.Event)
	// And the next one goes where the damage is.
	require.NoError(t, open().Write(t.Context(), witness.Mark{Lineage: "ours", Event: 200}))
	got, _ = read()
	require.Equal(t, int64(200), got.Event)

	copy(damaged[512+30:], "as well")
	require.NoError(t, os.WriteFile(path, damaged, 0o600))
	_, err = witness.Open(path)
	require.ErrorContains(t, err, "neither of its slots is whole")
	require.NoError(t, os.WriteFile(path, whole[:700], 0o600))
	_, err = witness.Open(path)
	require.Error(t, err, "half a file")

	require.ErrorContains(t, w.Write(t.Context(), witness.Mark{Lineage: string(make([]byte, 600))}), "there is room for")
	require.NoError(t, w.Close())
	require.Error(t, w.Write(t.Context(), mark))
	require.NoError(t, w.Close())
}

// A mark that was changed after it was written is not read, also if it can be.
func TestFileChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "witness")
	w, err := witness.Open(path)
	require.NoError(t, err)
	older, newer := mark, mark
	newer.Event++
	require.NoError(t, w.Write(t.Context(), older))
	require.NoError(t, w.Write(t.Context(), newer))
	require.NoError(t, w.Close())
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	changed := bytes.Replace(text, []byte(`101}`), []byte(`901}`), 1)
	require.NotEqual(t, text, changed)
	require.NoError(t, os.WriteFile(path, changed, 0o600))
	w, err = witness.Open(path)
	require.NoError(t, err)
	got, ok, err := w.Read(t.Context())
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, older, got)
	require.NoError(t, w.Close())
}
