package dispatch

import (
	"sync"
	"time"

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
		sends: newPace(Send, r.SendsPerSecond), asks: newPace(Ask, r.AsksPerSecond),
	}
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
