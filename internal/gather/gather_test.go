package gather_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout/internal/gather"
)

// TestMain fails where a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// made are the calls that were made, each group of them as one text.
type made struct {
	calls gather.Calls[string]

	mu     sync.Mutex
	takes  time.Duration
	groups []string
	ended  []error // of the contexts, when the call was made
}

// each group takes a second, or as long as somebody waits for it.
func newMade() *made {
	m := &made{takes: time.Second}
	m.calls.Key = func(s string) string { return s[:1] }
	m.calls.Make = func(ctx context.Context, calls []string) {
		m.mu.Lock()
		at, takes := len(m.groups), m.takes
		m.groups, m.ended = append(m.groups, strings.Join(calls, " ")), append(m.ended, nil)
		m.mu.Unlock()
		select {
		case <-time.After(takes):
		case <-ctx.Done():
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		m.ended[at] = ctx.Err()
	}
	return m
}

// made returns the groups, and how their contexts were.
func (m *made) made() ([]string, []error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.groups), slices.Clone(m.ended)
}

func (m *made) all() []string { groups, _ := m.made(); return groups }

func (m *made) contexts() []error { _, ended := m.made(); return ended }

// do begins a call, and returns where its outcome comes.
func (m *made) do(ctx context.Context, call string) chan outcome {
	done := make(chan outcome, 1)
	go func() {
		began, err := m.calls.Do(ctx, call)
		done <- outcome{began, err}
	}()
	synctest.Wait()
	return done
}

type outcome struct {
	began bool
	err   error
}

func letters(from byte, n int) []string {
	var out []string
	for i := range n {
		out = append(out, string([]byte{from + byte(i)}))
	}
	return out
}

func TestTheNextOnesAreOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMade()
		var all []chan outcome
		for _, call := range []string{"a", "b", "c", "b2", "d"} {
			all = append(all, m.do(t.Context(), call))
		}
		require.Equal(t, []string{"a"}, m.all(), "it waits for nobody")
		began := time.Now()
		for _, done := range all {
			require.Equal(t, outcome{true, nil}, <-done)
		}
		require.Equal(t, []string{"a", "b c d", "b2"}, m.all(), "two of one key are not made as one")
		require.Equal(t, 3*time.Second, time.Since(began))
	})
}

// A first one that hangs does not keep many from being made.
func TestASecondOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMade()
		var all []chan outcome
		for _, call := range letters('A', 40) {
			all = append(all, m.do(t.Context(), call))
		}
		require.Equal(t, []string{"A", strings.Join(letters('B', 16), " ")}, m.all(), "and a third one is not begun")
		for _, done := range all {
			require.Equal(t, outcome{true, nil}, <-done)
		}
		require.Equal(t, []string{"A", strings.Join(letters('B', 16), " "), strings.Join(letters('R', 23), " ")}, m.all())
	})
}

func TestMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMade()
		m.calls.Key = func(s string) string { return s }
		var all []chan outcome
		for n := range 200 {
			all = append(all, m.do(t.Context(), strings.Repeat("x", n+1)))
		}
		for _, done := range all {
			require.Equal(t, outcome{true, nil}, <-done)
		}
		groups := m.all()
		slices.SortFunc(groups, func(a, b string) int { return len(strings.Fields(a)) - len(strings.Fields(b)) })
		require.Len(t, groups, 4)
		require.Len(t, strings.Fields(groups[3]), 128)
	})
}

func TestWhoLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMade()
		ended, end := context.WithCancel(t.Context())
		end()
		require.Equal(t, outcome{false, context.Canceled}, <-m.do(ended, "none"))
		require.Empty(t, m.all())

		ctx, cancel := context.WithCancel(t.Context())
		first := m.do(t.Context(), "a")
		goes, stays := m.do(ctx, "b"), m.do(t.Context(), "c")
		cancel()
		require.Equal(t, outcome{false, context.Canceled}, <-goes, "it had not begun, and is not made")
		require.Equal(t, outcome{true, nil}, <-first)
		require.Equal(t, outcome{true, nil}, <-stays)
		require.Equal(t, []string{"a", "c"}, m.all())
	})
}

// What has begun is brought to its end; but nobody waits for ever for a call that hangs.
func TestWhoLeavesAfterTheBegin(t *testing.T) {
	for _, takes := range []time.Duration{time.Second, time.Hour} {
		t.Run(takes.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMade()
				head := m.do(t.Context(), "a")
				one, cancelOne := context.WithCancel(t.Context())
				other, cancelOther := context.WithCancel(t.Context())
				first, second := m.do(one, "b"), m.do(other, "c")
				m.mu.Lock()
				m.takes = takes
				m.mu.Unlock()
				<-head
				synctest.Wait()
				began := time.Now()
				cancelOne()
				if takes == time.Second {
					require.Equal(t, outcome{true, nil}, <-first)
					require.Equal(t, outcome{true, nil}, <-second)
					require.Equal(t, time.Second, time.Since(began))
					cancelOther()
					return
				}
				require.Equal(t, outcome{true, context.Canceled}, <-first)
				require.Equal(t, 5*time.Second, time.Since(began))
				require.Equal(t, []error{nil, nil}, m.contexts(), "somebody still waits for it")
				cancelOther()
				require.Equal(t, outcome{true, context.Canceled}, <-second)
				require.Equal(t, 10*time.Second, time.Since(began))
				require.Equal(t, []error{nil, context.Canceled}, m.contexts(), "nobody does any more")
			})
		})
	}
}

// A call that hangs is not waited for by those that come after it, and ends some time.
func TestSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMade()
		m.takes = time.Hour
		began := time.Now()
		var hangs []chan outcome
		for _, call := range letters('A', 9) { // one after the other; nine are all that may
			hangs = append(hangs, m.do(t.Context(), call))
			time.Sleep(slow)
			synctest.Wait()
			require.Len(t, m.all(), len(hangs))
		}
		last := m.do(t.Context(), "Z")
		time.Sleep(slow)
		synctest.Wait()
		require.Len(t, m.all(), 9)
		for i, done := range hangs {
			require.Equal(t, outcome{true, nil}, <-done)
			require.Equal(t, time.Duration(i)*slow+30*time.Second, time.Since(began), "it is broken off")
		}
		require.Equal(t, outcome{true, nil}, <-last)
		for _, err := range m.contexts() {
			require.ErrorIs(t, err, context.DeadlineExceeded)
		}
	})
}

const slow = time.Second
