package payout_test

import (
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// hidden is the text that the tests of Secret look for, in every output.
const hidden = "canary-4111111111111111-канарейка"

// made returns hidden in memory of its own, so that nothing but a Secret keeps it.
func made() string { return strings.Clone(hidden) }

func TestSecretRevealsWhatItHides(t *testing.T) {
	for _, text := range []string{hidden, "", "\x00\xff", payout.Redacted, strings.Repeat("long", 1<<16)} {
		s := payout.NewSecret(text)
		require.Equal(t, text, s.Reveal())
		require.Equal(t, text == "", s.IsZero())
	}
}

func TestSecretZeroPrintsAsNothing(t *testing.T) {
	require.Empty(t, payout.Secret{}.String())
	require.Equal(t, payout.Secret{}, payout.NewSecret(""))
	require.Equal(t, payout.Redacted, payout.NewSecret("x").String())
}

func TestSecretComparesTexts(t *testing.T) {
	type card struct{ Number, Holder payout.Secret }
	a, b := payout.NewSecret(made()), payout.NewSecret(made())
	require.True(t, a == b)
	require.True(t, card{Number: a} == card{Number: b})
	require.False(t, a == payout.NewSecret(made()+" "))
	require.False(t, a == payout.Secret{})
	require.Equal(t, 1, map[payout.Secret]int{a: 1}[b])
}

// The text must live as long as a Secret and no longer: its memory is reached
// through an unsafe.Pointer alone.
func TestSecretOutlivesGarbageCollection(t *testing.T) {
	const n = 1000
	secrets := make([]payout.Secret, n)
	for i := range secrets {
		secrets[i] = payout.NewSecret(made() + strings.Repeat("!", i))
	}
	for range 5 {
		runtime.GC()
		for i := range n { // to be put where a text was freed too early
			payout.NewSecret(strings.Repeat("?", i+1))
		}
	}
	for i, s := range secrets {
		require.Equal(t, hidden+strings.Repeat("!", i), s.Reveal())
		require.True(t, s == payout.NewSecret(made()+strings.Repeat("!", i)), "a text has a second copy after garbage collection")
	}
}

func heap() uint64 {
	for range 3 { // the second frees what the clean-ups of the first let go
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestSecretGivesItsMemoryBack(t *testing.T) {
	before := heap()
	for i := range 64 {
		payout.NewSecret(strings.Repeat("x", 1<<20+i))
	}
	for range 100 { // clean-ups run in a goroutine of their own
		if heap() < before+16<<20 {
			return
		}
		runtime.Gosched()
	}
	t.Error("64 MiB of texts that no Secret holds stay in memory")
}

func TestSecretKeepsItsTextOnly(t *testing.T) {
	before := heap()
	var kept []payout.Secret
	for i := range 64 {
		file := strings.Repeat("x", 1<<20+i)
		kept = append(kept, payout.NewSecret(file[:20+i]))
	}
	if now := heap(); now > before+16<<20 {
		t.Errorf("64 short secrets keep %d bytes of the files that they were cut from", now-before)
	}
	runtime.KeepAlive(kept)
}

func TestSecretIsSafeForConcurrentUse(t *testing.T) {
	var wg sync.WaitGroup
	results := make([]payout.Secret, 8)
	for i := range results {
		wg.Go(func() {
			for j := range 2000 {
				s := payout.NewSecret(made() + string(rune('a'+j%20)))
				if s != payout.NewSecret(s.Reveal()) || s.String() != payout.Redacted {
					t.Error("a Secret is not itself")
				}
				if i == 0 && j%200 == 0 {
					runtime.GC()
				}
			}
			results[i] = payout.NewSecret(made())
		})
	}
	wg.Wait()
	for _, s := range results {
		require.True(t, s == results[0])
	}
}
