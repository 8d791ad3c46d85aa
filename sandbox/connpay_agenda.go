package sandbox

import (
	"context"
	"slices"
	"sync"
	"time"
)

// agenda is what a bank does by itself, one thing after another, each when it is due by
// the bank's clock.
type agenda struct {
	now  func() time.Time
	busy chan struct{} // full while something is being done
	wake chan struct{} // full when something was added

	mu    sync.Mutex
	items []item // in the order in which they are due
}

type item struct {
	due time.Time
	do  func(context.Context)
}

func newAgenda(now func() time.Time) *agenda {
	return &agenda{now: now, busy: make(chan struct{}, 1), wake: make(chan struct{}, 1)}
}

// add puts something behind all that is due before it or at the same time.
func (a *agenda) add(due time.Time, do func(context.Context)) {
	a.mu.Lock()
	i := len(a.items)
	for i > 0 && a.items[i-1].due.After(due) {
		i--
	}
	a.items = slices.Insert(a.items, i, item{due, do})
	a.mu.Unlock()
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// work does what is due, and returns how much that was. When it returns, nothing that
// was due is left or still being done, unless the context ended.
func (a *agenda) work(ctx context.Context) (done int) {
	for ctx.Err() == nil {
		select {
		case a.busy <- struct{}{}:
		case <-ctx.Done():
			return done
		}
		do := a.take()
		if do != nil {
			do(ctx)
			done++
		}
		<-a.busy
		if do == nil {
			return done
		}
	}
	return done
}

// take removes the first thing that is due, and returns nil if there is none.
func (a *agenda) take() func(context.Context) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.items) == 0 || a.items[0].due.After(a.now()) {
		return nil
	}
	first := a.items[0]
	a.items = slices.Delete(a.items, 0, 1)
	return first.do
}

// run works until the context ends.
func (a *agenda) run(ctx context.Context) {
	for {
		a.work(ctx)
		var due <-chan time.Time
		stop := func() bool { return true }
		a.mu.Lock()
		if len(a.items) > 0 {
			timer := time.NewTimer(a.items[0].due.Sub(a.now()))
			due, stop = timer.C, timer.Stop
		}
		a.mu.Unlock()
		select {
		case <-due:
		case <-a.wake:
		case <-ctx.Done():
		}
		stop()
		if ctx.Err() != nil {
			return
		}
	}
}
