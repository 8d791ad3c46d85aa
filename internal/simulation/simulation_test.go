package simulation_test

import (
	"flag"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/simulation"
)

var (
	histories = flag.Int("histories", 100, "how many histories to live through")
	firstSeed = flag.Uint64("first", 1, "the first seed")
)

// TestHistories is TestSimulation of package dispatch, in a package that is built in half
// the time, for those who build it again and again.
func TestHistories(t *testing.T) {
	simulation.Run(t, simulation.Options{Histories: *histories, First: *firstSeed})
}

// Power cuts are for journals on disk; here one in memory outlives them.
func TestPowerCuts(t *testing.T) {
	var cuts atomic.Int64
	open := func(t testing.TB) *simulation.Place {
		p := simulation.InMemory(t)
		p.Reopen = func() dispatch.Journal {
			cuts.Add(1)
			return p.Journal
		}
		return p
	}
	t.Run("histories", func(t *testing.T) { simulation.Run(t, simulation.Options{Histories: 100, Open: open}) })
	require.Positive(t, cuts.Load())
}

// A history is the same whenever it is lived through.
func TestTheSameHistoryAgain(t *testing.T) {
	choices := []byte("a string of choices, whatever it says: it is 85 of them, and after that all is tame.")
	first := simulation.Options{}.Live(t, choices)
	require.NoError(t, first.Broken)
	require.NotEmpty(t, first.Trace)
	require.Equal(t, first, simulation.Options{}.Live(t, choices))
}
