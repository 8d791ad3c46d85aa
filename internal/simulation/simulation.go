package simulation

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Options say which histories to live through.
type Options struct {
	// Histories is how many, each with a seed of its own; First is the first seed. 0: 1.
	Histories int
	First     uint64
	// Seed, if it is not 0, is that of the only history, whose story is told.
	Seed uint64
	// Shrink cuts a history that fails down to what it takes.
	Shrink bool
	// Open makes the journal of each history; nil: InMemory.
	Open func(testing.TB) *Place
}

// atOnce is how many histories are lived through at once.
const atOnce = 4

// Run lives through histories, each with a journal of its own, several at once. One that
// violates the promise fails the test, and is told.
func Run(t *testing.T, o Options) {
	t.Helper()
	if o.Seed != 0 {
		choices := choicesOf(o.Seed)
		s := o.Live(t, choices)
		t.Log(strings.Join(s.Trace, "\n"))
		if s.Broken != nil {
			t.Error(s.Broken)
			o.shrink(t, choices)
		}
		return
	}
	// The lowest seed that fails is told, whoever is faster: the same everywhere.
	first := max(o.First, 1)
	var next, lowest atomic.Uint64
	next.Store(first)
	lowest.Store(first + uint64(max(o.Histories, 1)))
	var broken sync.Map
	t.Run("histories", func(t *testing.T) {
		for i := range atOnce {
			t.Run(strconv.Itoa(i+1), func(t *testing.T) {
				t.Parallel()
				for seed := next.Add(1) - 1; seed < lowest.Load(); seed = next.Add(1) - 1 {
					choices := choicesOf(seed)
					s := o.live(t, choices, false)
					if s.Used > len(choices) {
						t.Fatalf("seed %d uses %d choices", seed, s.Used)
					}
					if s.Broken == nil {
						continue
					}
					broken.Store(seed, s.Broken)
					for have := lowest.Load(); seed < have && !lowest.CompareAndSwap(have, seed); have = lowest.Load() {
					}
				}
			})
		}
	})
	if err, ok := broken.Load(lowest.Load()); ok {
		t.Errorf("%v\nagain: the same test with -seed %d", err, lowest.Load())
		o.shrink(t, choicesOf(lowest.Load()))
	}
}

// Live lives through the history that is made of these choices, and tells it. What is
// missing is 0, which is always the tamest choice.
func (o Options) Live(t *testing.T, choices []byte) Story {
	t.Helper()
	return o.live(t, choices, true)
}

// Story is what happened in a history.
type Story struct {
	Trace  []string
	Used   int   // choices
	Broken error // what it violated
}

// historyChoices are more than any history uses.
const historyChoices = 4096

func choicesOf(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 0x7061796f7574)) // #nosec G404 -- histories that can be lived through again
	out := make([]byte, historyChoices)
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

// shrink makes a failing history as short and as tame as it stays failing, and tells it.
func (o Options) shrink(t *testing.T, choices []byte) {
	if !o.Shrink {
		return
	}
	fails := func(try []byte) bool { return o.live(t, try, false).Broken != nil }
	best := append([]byte(nil), choices...)
	best = best[:min(o.live(t, best, false).Used, len(best))]
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
	s := o.live(t, best, true)
	if len(s.Trace) > 120 {
		s.Trace = append(append(s.Trace[:90:90], "..."), s.Trace[len(s.Trace)-30:]...)
	}
	t.Errorf("shrunk to %d choices: %v\n%s", len(best), s.Broken, strings.Join(s.Trace, "\n"))
}
