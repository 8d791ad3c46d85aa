package dispatch_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"
)

var (
	histories = flag.Int("histories", 1000, "how many histories to simulate")
	seed      = flag.Uint64("seed", 0, "simulate this one history, and tell its story")
	shrink    = flag.Bool("shrink", true, "cut a failing history down")
	firstSeed = flag.Uint64("first", 1, "the first seed")
)

// historyBytes are more than any history uses.
const historyBytes = 4096

func bytesOf(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 0x7061796f7574))
	out := make([]byte, historyBytes)
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

// TestSimulation lives through histories. One that violates the promise is cut down
// to what it takes, and told.
func TestSimulation(t *testing.T) {
	if *seed != 0 {
		bytes := bytesOf(*seed)
		trace, _, broken := history(t, bytes, true)
		t.Log(strings.Join(trace, "\n"))
		if broken != nil {
			t.Error(broken)
			shrunk(t, bytes)
		}
		return
	}
	const shards = 4
	var found atomic.Bool
	for shard := range uint64(shards) {
		t.Run(fmt.Sprintf("shard %d", shard+1), func(t *testing.T) {
			t.Parallel()
			for s := *firstSeed + shard; s < *firstSeed+uint64(*histories) && !found.Load(); s += shards {
				bytes := bytesOf(s)
				_, used, broken := history(t, bytes, false)
				if used > historyBytes {
					t.Fatalf("seed %d uses %d bytes", s, used)
				}
				if broken != nil && !found.Swap(true) {
					t.Errorf("%v\nagain: go test -run 'TestSimulation$' ./dispatch -seed %d", broken, s)
					shrunk(t, bytes)
					return
				}
			}
		})
	}
}

// shrunk makes a failing history as short and as tame as it stays failing, and tells
// it.
func shrunk(t *testing.T, bytes []byte) {
	if !*shrink {
		return
	}
	best := append([]byte(nil), bytes...)
	fails := func(try []byte) bool {
		_, _, broken := history(t, try, false)
		return broken != nil
	}
	_, used, _ := history(t, best, false)
	best = best[:min(used, len(best))]
	for size := len(best) / 2; size > 0; size /= 2 {
		for from := 0; from < len(best); from += size {
			end := min(from+size, len(best))
			if try := append(append([]byte(nil), best[:from]...), best[end:]...); fails(try) {
				best = try
				from -= size
				continue
			}
			try := append([]byte(nil), best...)
			clear(try[from:end])
			if string(try) != string(best) && fails(try) {
				best = try
			}
		}
	}
	trace, _, broken := history(t, best, true)
	if len(trace) > 120 {
		trace = append(append(trace[:90:90], "..."), trace[len(trace)-30:]...)
	}
	t.Errorf("shrunk to %d choices: %v\n%s", len(best), broken, strings.Join(trace, "\n"))
}

// The same world with choices from rapid, which looks for other histories and shrinks
// in its own way.
func TestSimulationByRapid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		bytes := rapid.SliceOfN(rapid.Byte(), 0, 600).Draw(rt, "choices")
		if trace, _, broken := history(t, bytes, true); broken != nil {
			rt.Fatalf("%v\n%s", broken, strings.Join(trace, "\n"))
		}
	})
}
