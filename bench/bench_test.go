package bench

import (
	"encoding/json"
	"testing"

	gomoney "github.com/Rhymond/go-money"
	"github.com/cockroachdb/apd/v3"
	govalues "github.com/govalues/decimal"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func Benchmark(b *testing.B) {
	for _, op := range operations {
		for _, c := range op.by {
			b.Run(op.name+"/"+c.library, func(b *testing.B) {
				b.ReportAllocs()
				c.run(b)
			})
		}
	}
}

// A ratio says something only if all do the same work.
func TestPeersAgree(t *testing.T) {
	for _, text := range amounts {
		m, err := payout.ParseMajor(text, payout.USD)
		require.NoError(t, err)

		d, err := decimal.NewFromString(text)
		require.NoError(t, err)
		assert.Equal(t, m.Major(), d.StringFixed(2))
		assert.Equal(t, m.Minor(), d.Shift(2).IntPart())

		g, err := govalues.Parse(text)
		require.NoError(t, err)
		assert.Equal(t, m.Major(), g.String())

		a, _, err := apd.NewFromString(text)
		require.NoError(t, err)
		assert.Equal(t, m.Major(), a.Text('f'))
	}

	parts, err := payout.FromMinor(10000, payout.USD).Split(3)
	require.NoError(t, err)
	theirs, err := gomoney.New(10000, "USD").Split(3)
	require.NoError(t, err)
	for i := range parts {
		assert.Equal(t, parts[i].Minor(), theirs[i].Amount())
	}
}

// The other goals are ratios of times, which a test can't hold to on a shared
// machine; this one is a count.
func TestJSONRoundTripAllocations(t *testing.T) {
	x := payout.FromMinor(150042, payout.USD)
	var read payout.Money
	allocations := testing.AllocsPerRun(100, func() {
		data, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &read); err != nil {
			t.Fatal(err)
		}
	})
	assert.LessOrEqual(t, allocations, 6.0)
	assert.Equal(t, x, read)
}
