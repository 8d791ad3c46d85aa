package dispatch

import (
	"context"
	"sync"
	"time"
)

const (
	// idle is how long Run waits at most before it looks for work that others made.
	idle = time.Second
	// fresh is how old a look may be while there is still something of it to do.
	fresh = 100 * time.Millisecond
)

// Run drives payouts until ctx ends: the embedded loop. Several may run on one
// journal. It returns when its last step has ended; a payout that is being sent then
// is sent to its end and written down. A journal that can't be read any more does not
// end it: that is an [AlarmJournal], and is tried again.
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
			loop.heard(ctx, err)
			tend = next
		}
		next := loop.start(ctx, now)
		loop.recovered(ctx)
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

// awake has the loop look for work of a kind now.
func (d *Dispatcher) awake(w Work) {
	d.news[w].Store(true)
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

	// looks are by Work, and of Run's own goroutine.
	looks   [2]look
	behind  bool // more questions are due than the banks can be asked
	counted time.Time
	outage  outage

	mu      sync.Mutex
	busy    map[string]bool
	waiting map[string]wait // steps that said when to call them again
}

// look is what was due when the journal was last asked, less what was begun since.
type look struct {
	at   time.Time
	due  []Due
	more bool // there was more
}

// wait is until when a step is not to be called again, unless its entry becomes due at
// another time than it was: then something has happened to it.
type wait struct{ until, due time.Time }

// start begins the steps that are due, asking before sending, and returns when to
// look again.
func (l *loop) start(ctx context.Context, now time.Time) time.Time {
	next := l.rested(now)
	l.startSome(ctx, Ask, now)
	if !l.behind { // else nothing new is added to it
		l.startSome(ctx, Send, now)
	}
	return next
}

// rested forgets waits that are over, and returns when the next one is.
func (l *loop) rested(now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	next, over := now.Add(idle), false
	for reference, w := range l.waiting {
		switch {
		case !w.until.After(now):
			delete(l.waiting, reference)
			over = true
		case w.until.Before(next):
			next = w.until
		}
	}
	if over {
		l.looks = [2]look{}
	}
	return next
}

// startSome begins steps of one kind while there are workers free.
func (l *loop) startSome(ctx context.Context, w Work, now time.Time) {
	look := &l.looks[w]
	for {
		l.mu.Lock()
		begun, full := len(l.busy), len(l.busy) >= l.d.config.Workers
		passed := begun + len(l.waiting)
		l.mu.Unlock()
		if full {
			return
		}
		if len(look.due) == 0 || now.Sub(look.at) >= fresh {
			if !l.refresh(ctx, w, now, passed) {
				return
			}
		}
		item := look.due[0]
		look.due = look.due[1:]
		if l.begin(item, now) {
			l.steps.Go(func() { l.step(ctx, item) })
		}
	}
}

// refresh looks what is due, unless all of it was begun and nothing has happened since,
// and reports whether there is anything. passed is how much of it may have to be passed
// over.
func (l *loop) refresh(ctx context.Context, w Work, now time.Time, passed int) bool {
	look := &l.looks[w]
	if news := l.d.news[w].Swap(false); !news && len(look.due) == 0 && !look.more && now.Sub(look.at) < idle {
		return false
	}
	limit := passed + 4*l.d.config.Workers
	due, err := l.d.journal.Due(ctx, w, now, limit)
	l.heard(ctx, err)
	look.at, look.due, look.more = now, due, len(due) == limit
	if w == Ask && now.Sub(l.counted) >= fresh {
		n, err := l.d.journal.Waiting(ctx, Ask, now, l.d.backlog)
		l.heard(ctx, err)
		l.behind, l.counted = n >= l.d.backlog || err != nil, now
	}
	return err == nil && len(due) > 0
}

// begin reports whether a step is to be called now.
func (l *loop) begin(item Due, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	w, ok := l.waiting[item.Reference]
	if l.busy[item.Reference] || ok && w.until.After(now) && w.due.Equal(item.At) {
		return false
	}
	l.busy[item.Reference] = true
	delete(l.waiting, item.Reference)
	return true
}

func (l *loop) step(ctx context.Context, item Due) {
	next, s, err := l.d.observed(ctx, item.Reference)
	now := l.d.now()
	l.mu.Lock()
	delete(l.busy, item.Reference)
	switch {
	case !next.After(now) && !next.IsZero(): // there is more to do for it
		l.d.news[Ask].Store(true)
		l.d.news[Send].Store(true)
	case next.After(now) && next.Before(now.Add(idle)): // sooner than anybody looks
		l.waiting[item.Reference] = wait{until: next, due: next}
	case s.Idle || err != nil: // the journal may list it all the same
		l.waiting[item.Reference] = wait{until: next, due: item.At}
	}
	l.mu.Unlock()
	select {
	case l.free <- struct{}{}:
	default:
	}
}
