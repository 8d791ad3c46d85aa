// Package keystest is what every [seal.KeyStore] must do.
package keystest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/seal"
)

// Run holds an empty KeyStore against the contract.
func Run(t *testing.T, s seal.KeyStore) {
	t.Helper()
	ctx := t.Context()
	_, err := s.Key(ctx, "order-1")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)
	none, err := s.Keys(ctx, "", 10)
	require.NoError(t, err)
	require.Empty(t, none)

	have, err := s.PutKey(ctx, "order-1", []byte("one\x00\xff"))
	require.NoError(t, err)
	require.Equal(t, "one\x00\xff", string(have))
	have, err = s.PutKey(ctx, "order-1", []byte("two"))
	require.NoError(t, err)
	require.Equal(t, "one\x00\xff", string(have), "the first one stays")
	have, err = s.Key(ctx, "order-1")
	require.NoError(t, err)
	require.Equal(t, "one\x00\xff", string(have))
	_, err = s.Key(ctx, "ORDER-1")
	require.ErrorIs(t, err, dispatch.ErrNoEntry, "payouts' references have a case")

	require.NoError(t, s.ReplaceKey(ctx, "order-1", []byte("two"), []byte("three")))
	have, err = s.Key(ctx, "order-1")
	require.NoError(t, err)
	require.Equal(t, "one\x00\xff", string(have), "it was another by then")
	require.NoError(t, s.ReplaceKey(ctx, "order-1", []byte("one\x00\xff"), []byte("three")))
	have, err = s.Key(ctx, "order-1")
	require.NoError(t, err)
	require.Equal(t, "three", string(have))

	for _, reference := range []string{"order-3", "order-2", "Order-4", "örder-5"} {
		_, err = s.PutKey(ctx, reference, []byte(reference))
		require.NoError(t, err)
	}
	first, err := s.Keys(ctx, "", 3)
	require.NoError(t, err)
	require.Equal(t, []seal.KeptKey{
		{Reference: "Order-4", Key: []byte("Order-4")}, {Reference: "order-1", Key: []byte("three")}, {Reference: "order-2", Key: []byte("order-2")},
	}, first, "in the order of their bytes")
	rest, err := s.Keys(ctx, "order-2", 3)
	require.NoError(t, err)
	require.Equal(t, []seal.KeptKey{{Reference: "order-3", Key: []byte("order-3")}, {Reference: "örder-5", Key: []byte("örder-5")}}, rest)

	require.NoError(t, s.EraseKey(ctx, "order-1", "order-3", "order-9"))
	require.NoError(t, s.EraseKey(ctx, "order-1"), "again")
	require.NoError(t, s.EraseKey(ctx))
	_, err = s.Key(ctx, "order-1")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)
	require.NoError(t, s.ReplaceKey(ctx, "order-1", []byte("three"), []byte("four")))
	_, err = s.Key(ctx, "order-1")
	require.ErrorIs(t, err, dispatch.ErrNoEntry, "what is erased does not come back")
	left, err := s.Keys(ctx, "", 10)
	require.NoError(t, err)
	require.Len(t, left, 3)
}
