package dispatch_test

import (
	"flag"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/payoutkit/payout/internal/simulation"
)

var (
	histories = flag.Int("histories", 1000, "how many histories to simulate")
	seed      = flag.Uint64("seed", 0, "simulate this one history, and tell its story")
	shrink    = flag.Bool("shrink", true, "cut a failing history down")
	firstSeed = flag.Uint64("first", 1, "the first seed")
)

// TestSimulation lives through histories. One that violates the promise is cut down
// to what it takes, and told.
func TestSimulation(t *testing.T) {
	simulation.Run(t, simulation.Options{Histories: *histories, First: *firstSeed, Seed: *seed, Shrink: *shrink})
}

// The same world with choices from rapid, which looks for other histories and shrinks
// in its own way.
func TestSimulationByRapid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		choices := rapid.SliceOfN(rapid.Byte(), 0, 600).Draw(rt, "choices")
		if s := (simulation.Options{}).Live(t, choices); s.Broken != nil {
			rt.Fatalf("%v\n%s", s.Broken, strings.Join(s.Trace, "\n"))
		}
	})
}
