package killtest_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/seal"
)

// perLife is how many payouts come to the list for each life.
const perLife = 6

// play kills a process many times, lets it finish, and returns what is wrong then.
func play(t *testing.T, name string, sealed bool, times int) (wrong []string, err error) {
	t.Helper()
	var (
		random  = rand.New(rand.NewPCG(*seed, uint64(len(t.Name()))))
		b       = openBanks(t)
		journal = kindOf(name)
		k       = task{Journal: name, Where: journal.create(t), Banks: b.links(t)}
		h       = &heard{acked: map[string]bool{}, moved: map[string]int{}}
		count   map[dispatch.State]int
		caught  int64 // payouts of which nobody knew what had been sent
	)
	if sealed {
		k.Keyset = newKeyset(t)
	}
	// look opens the journal between two lives.
	look := func(settled bool) error {
		j, closeJournal, err := journal.open(t.Context(), k.Where)
		if err != nil {
			return err
		}
		of := h.news
		if settled { // all of it, once more
			of = h.acked
		}
		more, err := h.lost(t.Context(), j, of)
		wrong = append(wrong, more...)
		if err == nil && !settled {
			var by map[dispatch.State]int64
			by, err = j.Count(t.Context(), dispatch.Filter{})
			caught += by[dispatch.StateSending]
		}
		if err == nil && settled {
			providers, failed := clients(k.Banks)
			require.NoError(t, failed)
			more, count, err = b.judge(t.Context(), j, providers)
			wrong = append(wrong, more...)
		}
		return errors.Join(err, closeJournal())
	}
	for life := range times {
		for i := life * perLife; i < (life+1)*perLife; i++ {
			b.misbehave(random, i)
		}
		k.Submit = (life + 1) * perLife
		if life > 0 && random.IntN(5) == 0 {
			k.Submit = 0 // nobody submits anything: what is not sealed waits
		}
		if err := h.live(t, k, end{lines: 1 + random.IntN(10*perLife), after: 700 * time.Millisecond}); err != nil {
			return wrong, err
		}
		b.openGates()
		if err := look(false); err != nil || wrong != nil {
			return wrong, err
		}
	}
	// Without the list, what was sent comes to its end, and what was not waits for its
	// request, unless it is sealed. With the list everything does.
	k.Settle, k.Submit = true, 0
	for _, k.Submit = range []int{0, times * perLife} {
		if err := h.live(t, k, end{}); err != nil {
			return wrong, err
		}
		if err := look(true); err != nil {
			return wrong, err
		}
		t.Logf("%s, submitting %d: %v, orders at the banks: %d, kills: %d, payouts caught being sent: %d", name, k.Submit, count, b.orders(), times, caught)
		if k.Submit == 0 {
			if waits := count[dispatch.StateAwaiting]; k.Keyset != "" && waits > 0 {
				wrong = append(wrong, fmt.Sprintf("%d sealed payouts wait for their requests", waits))
			}
			continue
		}
		all := 0
		for state, n := range count {
			if all += n; !state.Final() && state != dispatch.StateReview {
				wrong = append(wrong, fmt.Sprintf("%d payouts are %s at the end", n, state))
			}
		}
		if caught == 0 {
			wrong = append(wrong, "no kill has caught anything being sent: this proves nothing")
		}
		if all != k.Submit || count[dispatch.StatePaid] < all/2 || len(h.acked) < all/2 {
			wrong = append(wrong, fmt.Sprintf("of %d payouts the journal has %d, %d were acknowledged: %v", k.Submit, all, len(h.acked), count))
		}
	}
	return wrong, nil
}

func newKeyset(t *testing.T) string {
	t.Helper()
	handle, err := seal.NewKeyset()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "keyset.json")
	require.NoError(t, seal.CreateFile(path, handle))
	return path
}

// TestKill: killed wherever it is, a process loses nothing that it has acknowledged, and
// pays nobody twice.
func TestKill(t *testing.T) {
	for name := range journals {
		for variant, sealed := range map[string]bool{"unsealed": false, "with a key for each": true} {
			t.Run(name+"/"+variant, func(t *testing.T) {
				t.Parallel() // they wait, mostly
				wrong, err := play(t, name, sealed, (*kills+1)/2)
				require.NoError(t, err)
				require.Empty(t, wrong)
			})
		}
	}
}

// TestItWouldBeSeen: a journal that acknowledges before it has committed does not stand it.
func TestItWouldBeSeen(t *testing.T) {
	wrong, err := play(t, "forgetful", false, 12)
	require.NoError(t, err)
	require.NotEmpty(t, wrong)
	t.Log(wrong[0])
}
