package postgres

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/journal/witness"
)

// slow is a witness whose writes wait until they are let go.
type slow struct {
	asked, free chan struct{}
	mark        witness.Mark
}

func (w *slow) Read(context.Context) (witness.Mark, bool, error) { return w.mark, true, nil }

func (w *slow) Write(_ context.Context, m witness.Mark) error {
	w.asked <- struct{}{}
	<-w.free
	w.mark = m
	return nil
}

// Commits come to the witness in any order: one that is late takes nothing back from one
// that waits.
func TestReachLate(t *testing.T) {
	w := &slow{asked: make(chan struct{}, 2), free: make(chan struct{})}
	m := newMarks(w, "ours")
	first, second := make(chan error, 1), make(chan error, 1)
	go func() { first <- m.reach(context.Background(), 5) }()
	<-w.asked
	go func() { second <- m.reach(context.Background(), 6) }()
	require.Eventually(t, func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.known.Event == 6
	}, 10*time.Second, time.Millisecond)
	ended, cancel := context.WithCancel(t.Context())
	cancel() // so that it does not wait for its turn
	require.ErrorIs(t, m.reach(ended, 5), context.Canceled)
	close(w.free)
	require.NoError(t, <-first)
	require.NoError(t, <-second)
	require.Equal(t, witness.Mark{Lineage: "ours", Event: 6}, w.mark)
}
