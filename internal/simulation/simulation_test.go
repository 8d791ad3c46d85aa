package simulation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/simulation"
)

// Power cuts are for journals on disk; here one in memory outlives them.
func TestPowerCuts(t *testing.T) {
	cuts := 0
	open := func(t testing.TB) *simulation.Place {
		p := simulation.InMemory(t)
		p.Reopen = func() dispatch.Journal {
			cuts++
			return p.Journal
		}
		return p
	}
	o := simulation.Options{Open: open}
	for n := range byte(100) {
		choices := make([]byte, 400)
		for i := range choices {
			choices[i] = byte(i*i*7) + n*byte(i)
		}
		require.NoError(t, o.Live(t, choices).Broken)
	}
	require.Positive(t, cuts)
}

// A history is the same whenever it is lived through.
func TestTheSameHistoryAgain(t *testing.T) {
	choices := []byte("a string of choices, whatever it says: it is 85 of them, and after that all is tame.")
	first := simulation.Options{}.Live(t, choices)
	require.NoError(t, first.Broken)
	require.NotEmpty(t, first.Trace)
	require.Equal(t, first, simulation.Options{}.Live(t, choices))
}
