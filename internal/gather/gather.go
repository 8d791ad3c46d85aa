// Package gather makes calls that come at the time as one call: a transaction that writes
// fifty things costs a database hardly more than one that writes a single thing.
//
// No call waits for others to come. While one is under way those that come meanwhile
// gather, and are the next one.
package gather

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	// most is how many calls are made as one.
	most = 128
	// atOnce is how many are under way at a time. The second one begins when so many wait
	// as it takes to be worth it.
	atOnce, worth = 2, 16
	// slow is how long a call takes that the next one no longer waits for: its connection
	// may be dead. There are at most so many of them.
	slow, atMostSlow = time.Second, 8
	// longest is when a call is broken off.
	longest = 30 * time.Second
	// grace is how long the outcome of a call is waited for that has begun, after its
	// context has ended: to know it is worth more than to be gone.
	grace = 5 * time.Second
)

// Calls gathers calls. It has no goroutine but while somebody waits for one. It is safe
// for concurrent use.
type Calls[T any] struct {
	// Make makes calls as one, and writes down in each what became of it. Its context ends
	// when nobody waits for any of them any more, or after half a minute.
	Make func(ctx context.Context, calls []T)
	// Key is what no two calls have in common that are made as one: the later one waits.
	Key func(T) string

	mu      sync.Mutex
	queue   []*waiting[T]
	running int // without those that are slow
	slow    int
}

// waiting is a call for which somebody waits.
type waiting[T any] struct {
	call T
	with *group // nil: it has not begun
	done chan struct{}
}

// group are calls that are made as one.
type group struct {
	ctx     context.Context //nolint:containedctx // of all who wait, until the last one goes
	cancel  context.CancelFunc
	waiting int
	slow    bool
	ended   bool
}

// Do has a call made, and returns when it was. Its error is that of the context, and
// then the call was made, or will be, or not: began says whether it may have been. One that
// has begun is brought to its end within seconds, also if its context ends.
func (c *Calls[T]) Do(ctx context.Context, call T) (began bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	w := &waiting[T]{call: call, done: make(chan struct{})}
	c.mu.Lock()
	c.queue = append(c.queue, w)
	c.begin()
	c.mu.Unlock()
	select {
	case <-w.done:
		return true, nil
	case <-ctx.Done():
	}
	if c.withdrawn(w) {
		return false, ctx.Err()
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-w.done:
		return true, nil
	case <-timer.C:
		c.leave(w)
		return true, ctx.Err()
	}
}

// withdrawn takes a call back that has not begun, and reports whether it had not.
func (c *Calls[T]) withdrawn(w *waiting[T]) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w.with != nil {
		return false
	}
	c.queue = slices.DeleteFunc(c.queue, func(other *waiting[T]) bool { return other == w })
	return true
}

// leave is what somebody does who no longer waits. The last one ends the call.
func (c *Calls[T]) leave(w *waiting[T]) {
	c.mu.Lock()
	w.with.waiting--
	last := w.with.waiting == 0
	c.mu.Unlock()
	if last {
		w.with.cancel()
		<-w.done
	}
}

// begin makes what waits, as far as there is room.
func (c *Calls[T]) begin() {
	for len(c.queue) > 0 && (c.running == 0 || c.running < atOnce && len(c.queue) >= worth) {
		var now, later []*waiting[T]
		keys := map[string]bool{}
		for _, w := range c.queue {
			if key := c.Key(w.call); len(now) == most || keys[key] {
				later = append(later, w)
			} else {
				keys[key] = true
				now = append(now, w)
			}
		}
		g := &group{waiting: len(now)}
		g.ctx, g.cancel = context.WithTimeout(context.Background(), longest)
		for _, w := range now {
			w.with = g
		}
		c.queue = later
		c.running++
		go c.make(g, now)
	}
}

func (c *Calls[T]) make(g *group, all []*waiting[T]) {
	calls := make([]T, len(all))
	for i, w := range all {
		calls[i] = w.call
	}
	tarries := time.AfterFunc(slow, func() { c.passOver(g) })
	c.Make(g.ctx, calls)
	tarries.Stop()
	g.cancel()
	for _, w := range all {
		close(w.done)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if g.ended = true; g.slow {
		c.slow--
	} else {
		c.running--
	}
	c.begin()
}

// passOver has others no longer wait for a group.
func (c *Calls[T]) passOver(g *group) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if g.ended || c.slow == atMostSlow {
		return
	}
	g.slow = true
	c.running--
	c.slow++
	c.begin()
}

// Waiting returns how many calls wait for others to end.
func (c *Calls[T]) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.queue)
}

// Running returns how many calls are under way, each of them for many.
func (c *Calls[T]) Running() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.running + c.slow
}
