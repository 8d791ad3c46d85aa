package dispatch

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/payoutkit/payout"
)

// lane is one provider as the dispatcher uses it.
type lane struct {
	client *payout.Client
	info   payout.Info
	rates  Rates
	sends  *pace
	asks   *pace

	mu       sync.Mutex
	refused  int       // connections in a row that came to nothing
	broken   time.Time // until when other routes are better
	unknowns int       // in a row
}

func newLane(c *payout.Client, r Rates) *lane {
	r = r.withDefaults()
	return &lane{
		client: c, info: c.Info(), rates: r,
		sends: newPace(r.SendsPerSecond), asks: newPace(r.AsksPerSecond),
	}
}

// pace is the rate of one kind of calls.
type pace struct {
	*rate.Limiter

	mu       sync.Mutex
	promised time.Time
}

// horizon is how far ahead anybody is told to come again.
const horizon = 5 * time.Second

func newPace(perSecond float64) *pace {
	return &pace{Limiter: rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond)))}
}

// allowed takes one, or returns when to come again. Those who have to are told different
// times, so that they don't all come for the next one.
func (p *pace) allowed(now time.Time) (wait time.Time, ok bool) {
	r := p.ReserveN(now, 1)
	d := r.DelayFrom(now)
	if d <= 0 {
		return time.Time{}, true
	}
	r.CancelAt(now)
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
	return at, false
}

// healthy reports whether the lane's circuit is closed, or may be tried again.
func (l *lane) healthy(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !now.Before(l.broken)
}

// sent notes how a sending ended, and reports whether too many in a row are unknown.
func (l *lane) sent(o Outcome, now time.Time) (tooMany bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case !o.Answered && (o.Kind == payout.ErrNotSent || o.Kind == payout.ErrRateLimited):
		l.refused++
		if l.refused >= l.rates.Breaks {
			l.broken = now.Add(l.rates.BreakFor)
		}
	case !o.Answered && o.Kind == payout.ErrOutcomeUnknown:
		l.refused = 0
		l.unknowns++
	default:
		l.refused, l.unknowns = 0, 0
	}
	return l.unknowns >= l.rates.Unknowns
}

// forgive starts counting unknowns anew.
func (l *lane) forgive() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unknowns = 0
}
