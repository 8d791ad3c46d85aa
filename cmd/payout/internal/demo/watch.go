package demo

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// watch is an observer that keeps the alarms, and passes everything on.
type watch struct {
	payout.Observer
	steps  *steps
	mu     sync.Mutex
	alarms []payout.Alarm
}

func newWatch(logger *slog.Logger) *watch {
	w := &watch{Observer: payout.NoObserver()}
	w.steps = &steps{Observer: dispatch.NoObserver(), watch: w, waiting: map[string]chan struct{}{}}
	if logger != nil {
		w.Observer, w.steps.Observer = payout.LogObserver(logger), dispatch.LogObserver(logger)
	}
	return w
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

// listen returns what is signalled when a payout has moved on.
func (w *watch) listen(reference string) <-chan struct{} {
	w.steps.mu.Lock()
	defer w.steps.mu.Unlock()
	c := make(chan struct{}, 1)
	w.steps.waiting[reference] = c
	return c
}

// steps observes the dispatcher.
type steps struct {
	dispatch.Observer
	watch   *watch
	mu      sync.Mutex
	waiting map[string]chan struct{}
}

// Moved implements [dispatch.Observer].
func (s *steps) Moved(ctx context.Context, m dispatch.Moved) {
	s.Observer.Moved(ctx, m)
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.waiting[m.Reference] <- struct{}{}:
	default:
	}
}

// Alarm implements [dispatch.Observer]. What a bank says of itself, that a person must
// look, is in the payout's status.
func (s *steps) Alarm(ctx context.Context, a dispatch.Alarm) {
	s.Observer.Alarm(ctx, a)
	switch a.Kind {
	case dispatch.AlarmDouble, dispatch.AlarmContradiction, dispatch.AlarmStranger, dispatch.AlarmPoison:
		s.watch.mu.Lock()
		defer s.watch.mu.Unlock()
		s.watch.alarms = append(s.watch.alarms, payout.Alarm{
			Kind: payout.AlarmKind(a.Kind), Provider: a.Provider, Reference: a.Reference,
		})
	}
}
