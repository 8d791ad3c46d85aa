package dispatch

import (
	"context"
	"sync"
	"time"
)

// idle is how long Run waits at most before it looks for work that others made.
const idle = time.Second

// Run drives payouts until ctx ends: the embedded loop. Several may run on one
// journal. It returns when its last step has ended; a payout that is being sent then
// is sent to its end and written down.
func (d *Dispatcher) Run(ctx context.Context) error {
	if _, err := d.Start(ctx); err != nil {
		return err
	}
	loop := &loop{d: d, busy: map[string]bool{}, waiting: map[string]wait{}, free: make(chan struct{}, 1)}
	defer loop.steps.Wait()
	tend := time.Time{}
	for ctx.Err() == nil {
		now := d.now()
		if !now.Before(tend) {
			next, err := d.Tend(ctx)
			if err != nil && ctx.Err() != nil {
				break
			}
			tend = next
		}
		next := loop.start(ctx, now)
		if tend.Before(next) {
			next = tend
		}
		timer := time.NewTimer(max(next.Sub(d.now()), time.Millisecond))
		select {
		case <-ctx.Done():
		case <-d.wake:
		case <-loop.free:
		case <-timer.C:
		}
		timer.Stop()
	}
	return context.Cause(ctx)
}

// awake has the loop look for work now.
func (d *Dispatcher) awake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// loop is a running Run.
type loop struct {
	d     *Dispatcher
	steps sync.WaitGroup
	free  chan struct{} // a step has ended

	mu      sync.Mutex
	busy    map[string]bool
	waiting map[string]wait // steps that said when to call them again
}

// wait is until when a step is not to be called again, unless its entry becomes due at
// another time than it was: then something has happened to it.
type wait struct{ until, due time.Time }

// start begins the steps that are due, asking before sending, and returns when to
// look again.
func (l *loop) start(ctx context.Context, now time.Time) time.Time {
	asked := l.startSome(ctx, Ask, now, l.d.config.Workers)
	backlog := 0
	for _, lane := range l.d.lanes {
		backlog = max(backlog, lane.rates.Backlog)
	}
	// While more questions are due than the banks can be asked, nothing new is added.
	if asked < backlog {
		l.startSome(ctx, Send, now, l.d.config.Workers)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	next := now.Add(idle)
	for reference, w := range l.waiting {
		switch {
		case !w.until.After(now):
			delete(l.waiting, reference)
		case w.until.Before(next):
			next = w.until
		}
	}
	return next
}

// startSome returns how much is due.
func (l *loop) startSome(ctx context.Context, w Work, now time.Time, workers int) int {
	due, err := l.d.journal.Due(ctx, w, now, 4*workers+l.d.maxBacklog())
	if err != nil {
		return 0
	}
	for _, item := range due {
		l.mu.Lock()
		full := len(l.busy) >= workers
		w, ok := l.waiting[item.Reference]
		skip := l.busy[item.Reference] || ok && w.until.After(now) && w.due.Equal(item.At)
		if !full && !skip {
			l.busy[item.Reference] = true
			delete(l.waiting, item.Reference)
		}
		l.mu.Unlock()
		if full {
			break
		}
		if !skip {
			l.steps.Go(func() { l.step(ctx, item) })
		}
	}
	return len(due)
}

func (l *loop) step(ctx context.Context, item Due) {
	next, _, _ := l.d.Step(ctx, item.Reference)
	l.mu.Lock()
	delete(l.busy, item.Reference)
	if next.After(l.d.now()) {
		l.waiting[item.Reference] = wait{until: next, due: item.At}
	}
	l.mu.Unlock()
	select {
	case l.free <- struct{}{}:
	default:
	}
}

func (d *Dispatcher) maxBacklog() (n int) {
	for _, l := range d.lanes {
		n = max(n, l.rates.Backlog)
	}
	return n
}
