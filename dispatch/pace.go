package dispatch

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Allotter hands out the calls that the [Rates] of a provider allow, when several
// processes share them: without one each process has the rates for itself. It is economy:
// what a payout is safe by is the journal.
type Allotter interface {
	// Allot takes calls and returns how long to wait before the first of them is made. If
	// that would be longer than Within it takes none, and reports false. It reads one clock
	// for all processes.
	Allot(ctx context.Context, a Allotment) (wait time.Duration, ok bool, err error)
}

// Allotment is what a process asks an [Allotter] for.
type Allotment struct {
	Provider  string
	Work      Work
	Calls     int
	PerSecond float64
	Within    time.Duration
}

// pace is the rate of one kind of calls to one provider.
type pace struct {
	*rate.Limiter
	work Work

	mu       sync.Mutex
	promised time.Time

	// What an Allotter gave, and is not used up: calls from a time on.
	allotting sync.Mutex
	allotted  int
	from      time.Time
}

const (
	// horizon is how far ahead anybody is told to come again.
	horizon = 5 * time.Second
	// allotFor is for how long calls are taken from an Allotter at once.
	allotFor = 100 * time.Millisecond
)

func newPace(w Work, perSecond float64) *pace {
	return &pace{Limiter: rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond))), work: w}
}

// turn takes one call. It waits for it, as long as Times.Turn says, or returns when to
// come again. waited reports that what was known before may not be so any more.
func (d *Dispatcher) turn(ctx context.Context, l *lane, p *pace) (again time.Time, waited, ok bool) {
	now := d.now()
	var wait time.Duration
	giveBack := func() {}
	if d.config.Allotter != nil {
		wait, again = p.allot(ctx, d.config.Allotter, l.info.Name, now, d.times.Turn)
	} else {
		wait, again, giveBack = p.reserve(now, d.times.Turn)
	}
	switch {
	case !again.IsZero():
		return again, false, false
	case wait <= 0:
		return time.Time{}, false, true
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return time.Time{}, true, true
	case <-ctx.Done():
		giveBack()
		return d.now(), true, false
	}
}

// reserve takes one call that may be made within a time, or returns when to come again.
// Those who have to are told different times, so that they don't all come for the next
// one.
func (p *pace) reserve(now time.Time, within time.Duration) (wait time.Duration, again time.Time, giveBack func()) {
	r := p.ReserveN(now, 1)
	d := r.DelayFrom(now)
	if d <= within {
		return d, time.Time{}, func() { r.CancelAt(now) }
	}
	r.CancelAt(now)
	return 0, p.promise(now, d), func() {}
}

// promise returns when somebody is to come again who would have to wait so long.
func (p *pace) promise(now time.Time, d time.Duration) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := now.Add(d)
	if p.promised.After(now) {
		at = later(at, p.promised.Add(time.Duration(float64(time.Second)/float64(p.Limit()))))
	}
	if last := now.Add(max(d, horizon)); at.After(last) {
		at = last
	}
	p.promised = at
	return at
}

// allot takes one of the calls that an Allotter gave this process, and asks it for more
// when they are used up.
func (p *pace) allot(ctx context.Context, a Allotter, provider string, now time.Time, within time.Duration) (wait time.Duration, again time.Time) {
	p.allotting.Lock()
	defer p.allotting.Unlock()
	if p.allotted == 0 {
		perSecond := float64(p.Limit())
		calls := max(1, int(perSecond*allotFor.Seconds()))
		wait, ok, err := a.Allot(ctx, Allotment{Provider: provider, Work: p.work, Calls: calls, PerSecond: perSecond, Within: within})
		switch {
		case err != nil: // without knowing the rate nothing is called
			return 0, p.promise(now, time.Second)
		case !ok:
			return 0, p.promise(now, max(within, allotFor))
		}
		p.allotted, p.from = calls, now.Add(wait)
	}
	p.allotted--
	return p.from.Sub(now), time.Time{}
}
