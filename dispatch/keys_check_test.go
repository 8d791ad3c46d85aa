package dispatch_test

import (
	"context"
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// keeper is a journal that knows the keys it is used with.
type keeper struct {
	dispatch.Journal
	known  map[string]dispatch.KeyCheck
	err    error
	looked int
}

func (k *keeper) CheckKeys(_ context.Context, keys map[string]dispatch.KeyCheck) error {
	k.looked++
	if k.err != nil {
		return k.err
	}
	for name, check := range keys {
		if before, ok := k.known[name]; ok && before != check {
			return dispatch.ErrOtherKey
		}
	}
	maps.Copy(k.known, keys)
	return nil
}

func versions(keys ...string) dispatch.Keys {
	k := dispatch.Keys{Versions: map[uint32]payout.Secret{}}
	for n, key := range keys {
		k.Versions[uint32(n)], k.Current = payout.NewSecret(key+" of thirty-two bytes or more, for tests"), uint32(n)
	}
	return k
}

// With another key under the name of one that was used, nothing is taken on or sent: what
// was paid would not be known again.
func TestOtherKey(t *testing.T) {
	j := &keeper{Journal: dispatch.NewMemory(), known: map[string]dispatch.KeyCheck{}}
	first := opened(t, dispatch.Config{Journal: j, Keys: versions("one")}, bank("a"))
	first.take(order("p-1"))
	require.Len(t, j.known, 1)
	first.take(order("p-2"))
	require.Equal(t, 1, j.looked, "once")

	other := opened(t, dispatch.Config{Journal: j, Keys: versions("another")}, bank("a"))
	_, err := other.Submit(t.Context(), order("p-3"))
	require.ErrorIs(t, err, dispatch.ErrOtherKey)
	_, err = j.Load(t.Context(), "p-3")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)
	_, err = other.Start(t.Context())
	require.ErrorIs(t, err, dispatch.ErrOtherKey)
	require.ErrorIs(t, other.CheckKeys(t.Context()), dispatch.ErrOtherKey)

	// A new version beside the old one is how keys are changed.
	next := opened(t, dispatch.Config{Journal: j, Keys: versions("one", "two")}, bank("a"))
	next.take(order("p-4"))
	require.Len(t, j.known, 2)
	require.NotEqual(t, j.known["fingerprint 0"], j.known["fingerprint 1"])

	// What can't be known is looked at again.
	j.err = errJournal
	again := opened(t, dispatch.Config{Journal: j, Keys: versions("one")}, bank("a"))
	_, err = again.Submit(t.Context(), order("p-5"))
	require.ErrorIs(t, err, errJournal)
	j.err = nil
	again.take(order("p-5"))
}
