package sqlite_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/sqlite"
	"github.com/payoutkit/payout/journal/witness"
)

func check(key string) dispatch.KeyCheck { return dispatch.CheckOf(payout.NewSecret(key)) }

// A journal knows the keys that it is used with, and shows nothing of them.
func TestCheckKeys(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	one := map[string]dispatch.KeyCheck{"batch": check("one"), "fingerprint 0": check("zero")}
	require.NoError(t, j.CheckKeys(t.Context(), nil))
	require.NoError(t, j.CheckKeys(t.Context(), one))
	require.NoError(t, j.CheckKeys(t.Context(), one))
	require.NoError(t, j.CheckKeys(t.Context(), map[string]dispatch.KeyCheck{"batch": check("one")}), "some of them")
	err := j.CheckKeys(t.Context(), map[string]dispatch.KeyCheck{"batch": check("two"), "fingerprint 1": check("one")})
	require.ErrorIs(t, err, dispatch.ErrOtherKey)
	require.ErrorContains(t, err, `"batch"`)
	require.NoError(t, j.CheckKeys(t.Context(), map[string]dispatch.KeyCheck{"fingerprint 1": check("two")}), "what failed has kept nothing")

	r, err := sqlite.Read(t.Context(), path)
	require.NoError(t, err)
	require.NoError(t, r.CheckKeys(t.Context(), one))
	require.NoError(t, r.CheckKeys(t.Context(), map[string]dispatch.KeyCheck{"new": check("one")}))
	require.NoError(t, r.CheckKeys(t.Context(), map[string]dispatch.KeyCheck{"new": check("two")}), "it keeps none")
	require.ErrorIs(t, r.CheckKeys(t.Context(), map[string]dispatch.KeyCheck{"batch": check("two")}), dispatch.ErrOtherKey)
	require.NoError(t, r.Close())

	require.NoError(t, j.Close())
	j, err = sqlite.Open(t.Context(), path, sqlite.Config{})
	require.NoError(t, err)
	require.ErrorIs(t, j.CheckKeys(t.Context(), map[string]dispatch.KeyCheck{"fingerprint 1": check("one")}), dispatch.ErrOtherKey)
	require.NoError(t, j.Close())
}

// A witness that is gone has nothing to compare with: the journal is in doubt, and not
// taken for one that has its first witness.
func TestWitnessIsLost(t *testing.T) {
	file := t.TempDir() + "/witness"
	config := func() sqlite.Config {
		w, err := witness.Open(file)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, w.Close()) })
		return sqlite.Config{Witness: w}
	}
	j, path := created(t, sqlite.Config{})
	doubt := func(c sqlite.Config) dispatch.Doubt {
		require.NoError(t, j.Close())
		var err error
		j, err = sqlite.Open(t.Context(), path, c)
		require.NoError(t, err)
		d, err := j.Doubt(t.Context())
		require.NoError(t, err)
		return d
	}
	require.Zero(t, doubt(config()), "its first one")
	require.Zero(t, doubt(config()))
	require.NoError(t, os.Truncate(file, 0))
	require.Contains(t, doubt(config()).Why, "its witness has seen nothing")
	require.NoError(t, j.Trust(t.Context(), "Änne", "the statement"))
	require.Zero(t, doubt(config()), "it sees again")
	require.Zero(t, doubt(sqlite.Config{}))
	require.NoError(t, os.Remove(file))
	require.Equal(t, int64(2), doubt(config()).Number, "also if it was used without one meanwhile")
	require.NoError(t, j.Close())
}
