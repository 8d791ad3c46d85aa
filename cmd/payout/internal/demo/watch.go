package demo

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"github.com/payoutkit/payout"
)

// watch is an observer that keeps the alarms, and passes everything on.
type watch struct {
	payout.Observer
	mu     sync.Mutex
	alarms []payout.Alarm
}

func newWatch(logger *slog.Logger) *watch {
	if logger == nil {
		return &watch{Observer: payout.NoObserver()}
	}
	return &watch{Observer: payout.LogObserver(logger)}
}

// Alarm implements [payout.Observer].
func (w *watch) Alarm(ctx context.Context, a payout.Alarm) {
	w.mu.Lock()
	w.alarms = append(w.alarms, a)
	w.mu.Unlock()
	w.Observer.Alarm(ctx, a)
}

func (w *watch) heard() []payout.Alarm {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.alarms)
}
