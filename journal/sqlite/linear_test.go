package sqlite_test

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/sqlite"
)

// swap is a compare-and-swap of a register, or with no new value a read of it.
type swap struct {
	reference    string
	read         bool
	version, put int64
}

type swapped struct {
	ok             bool
	version, value int64
}

// register is what one payout is to who commits: a version, and a value under it.
type register struct{ version, value int64 }

var registers = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		by := map[string][]porcupine.Operation{}
		for _, o := range history {
			in, _ := o.Input.(swap)
			by[in.reference] = append(by[in.reference], o)
		}
		var out [][]porcupine.Operation
		for _, part := range by {
			out = append(out, part)
		}
		return out
	},
	Init: func() any { return register{version: 1} },
	Step: func(state, input, output any) (bool, any) {
		r, _ := state.(register)
		in, _ := input.(swap)
		out, _ := output.(swapped)
		switch {
		case in.read:
			return out.version == r.version && out.value == r.value, r
		case out.ok:
			return in.version == r.version, register{r.version + 1, in.put}
		default:
			return in.version != r.version, r
		}
	},
}

// However many commit and load at once, it is as if one did after the other.
func TestLinearizable(t *testing.T) {
	const workers, rounds = 12, 150
	j, _ := created(t, sqlite.Config{})
	references := []string{"a", "b", "c"}
	for _, r := range references {
		_, _, err := j.Insert(t.Context(), planned(r))
		require.NoError(t, err)
	}
	var mu sync.Mutex
	var history []porcupine.Operation
	began := time.Now()
	var running sync.WaitGroup
	for worker := range workers {
		running.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(worker)))
			known := map[string]dispatch.Entry{}
			for i := range rounds {
				in := swap{reference: references[random.IntN(len(references))]}
				in.read = random.IntN(3) == 0 || known[in.reference].Version == 0
				in.put = int64(worker*rounds + i)
				var out swapped
				call := time.Since(began)
				if in.read {
					e, err := j.Load(t.Context(), in.reference)
					if err != nil {
						t.Error(err)
						return
					}
					known[in.reference] = e
					out = swapped{true, e.Version, int64(e.Deferred)}
				} else {
					e := known[in.reference]
					in.version = e.Version
					e.Deferred = int(in.put)
					err := j.Commit(t.Context(), dispatch.Change{Entry: e, Event: dispatch.Event{Kind: dispatch.EventHinted, At: begin}})
					if err != nil && !errors.Is(err, dispatch.ErrStale) {
						t.Error(err)
						return
					}
					if out.ok = err == nil; out.ok {
						e.Version++
						known[in.reference] = e
					}
				}
				done := time.Since(began)
				mu.Lock()
				history = append(history, porcupine.Operation{ClientId: worker, Input: in, Output: out, Call: int64(call), Return: int64(done)})
				mu.Unlock()
			}
		})
	}
	running.Wait()
	require.Len(t, history, workers*rounds)
	require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(registers, history, time.Minute))

	// The check finds what is wrong: a read of what was replaced long ago.
	for i := range history {
		if in, _ := history[i].Input.(swap); in.read && i > len(history)/2 {
			history[i].Output = swapped{true, 1, 0}
			break
		}
	}
	require.Equal(t, porcupine.Illegal, porcupine.CheckOperationsTimeout(registers, history, time.Minute))
}
