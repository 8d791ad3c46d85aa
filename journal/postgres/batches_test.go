package postgres_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/postgres"
)

// What was taken is known by what it pays to whom, once however often it was kept.
func TestBatchRows(t *testing.T) {
	j, _ := fresh(t, postgres.Config{})
	key := func(n byte) [32]byte { return [32]byte{n, 31: 255 - n} }
	known, err := j.EarlierRows(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, known)
	rows := []journal.BatchRow{{Key: key(1), Reference: "b"}, {Key: key(2), Reference: "c"}, {Key: key(1), Reference: "a"}}
	for range 2 {
		require.NoError(t, j.KeepRows(t.Context(), rows))
	}
	known, err = j.EarlierRows(t.Context(), [][32]byte{key(1), key(3), key(1), key(2)})
	require.NoError(t, err)
	require.Equal(t, map[[32]byte][]string{key(1): {"a", "b"}, key(2): {"c"}}, known)
}

// Of several payouts those are returned that are there.
func TestStanding(t *testing.T) {
	j, _ := fresh(t, postgres.Config{})
	var asked []string
	for i := range 300 {
		e := planned(fmt.Sprintf("p-%d", i))
		if asked = append(asked, e.Reference); i%100 == 7 {
			_, _, err := j.Insert(t.Context(), e)
			require.NoError(t, err)
		}
	}
	found, err := j.Standing(t.Context(), asked)
	require.NoError(t, err)
	var references []string
	for _, e := range found {
		references = append(references, e.Reference)
	}
	require.ElementsMatch(t, []string{"p-7", "p-107", "p-207"}, references)
	one, err := j.Load(t.Context(), "p-107")
	require.NoError(t, err)
	require.Contains(t, found, one)
	found, err = j.Standing(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, found)
}
