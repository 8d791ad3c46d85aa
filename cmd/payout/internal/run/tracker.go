package run

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/payoutkit/payout/dispatch"
)

// Counts are how many payouts stand how.
type Counts struct {
	Paid, Failed, Review, Returned, Cancelled int
	Refused                                   int // the dispatcher did not take them
	Open                                      int // sent, and not settled
	Waiting                                   int // not sent yet
}

// Settled is how many have come to an end, or to a person.
func (c Counts) Settled() int {
	return c.Paid + c.Failed + c.Review + c.Returned + c.Cancelled + c.Refused
}

func (c *Counts) add(d Counts) {
	c.Paid += d.Paid
	c.Failed += d.Failed
	c.Review += d.Review
	c.Returned += d.Returned
	c.Cancelled += d.Cancelled
	c.Refused += d.Refused
	c.Open += d.Open
	c.Waiting += d.Waiting
}

func (c *Counts) of(s dispatch.State) *int {
	switch s {
	case dispatch.StatePaid:
		return &c.Paid
	case dispatch.StateFailed:
		return &c.Failed
	case dispatch.StateReview:
		return &c.Review
	case dispatch.StateReturned:
		return &c.Returned
	case dispatch.StateCancelled:
		return &c.Cancelled
	case dispatch.StatePlanned, dispatch.StateAwaiting:
		return &c.Waiting
	default:
		return &c.Open
	}
}

// Tracker follows the payouts of one run, as an observer of the dispatcher. It holds
// those that are not settled, and no others. It is safe for concurrent use.
type Tracker struct {
	mu       sync.Mutex
	open     map[string]place
	counts   map[string]*Counts // by provider; "" before there is one
	alarms   map[dispatch.AlarmKind]int
	settled  chan struct{} // has a token when some payout was settled
	inFlight chan struct{}
}

// place is where a payout was last counted.
type place struct {
	provider string
	state    dispatch.State
}

// NewTracker follows at most so many payouts at once.
func NewTracker(ahead int) *Tracker {
	return &Tracker{
		open: map[string]place{}, counts: map[string]*Counts{}, alarms: map[dispatch.AlarmKind]int{},
		settled: make(chan struct{}, 1), inFlight: make(chan struct{}, ahead),
	}
}

// Begin follows a payout that is about to be submitted. It waits while too many are not
// settled, and reports false if the context ended first.
func (t *Tracker) Begin(ctx context.Context, reference string) bool {
	select {
	case t.inFlight <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open[reference] = place{state: dispatch.StatePlanned}
	t.at("").Waiting++
	return true
}

// Stands says how a payout stands, as Submit has it: it may be settled long since.
func (t *Tracker) Stands(e dispatch.Entry) {
	t.mu.Lock()
	heard := t.open[e.Reference] != place{state: dispatch.StatePlanned}
	t.mu.Unlock()
	if heard { // since Submit read it
		return
	}
	provider := ""
	if n := len(e.Attempts); n > 0 {
		provider = e.Attempts[n-1].Provider
	}
	t.moved(e.Reference, provider, e.State)
}

// Refused says that the dispatcher did not take a payout, and will not.
func (t *Tracker) Refused(reference string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.back(reference) {
		t.at("").Refused++
	}
}

// left says that a payout was not taken, and is left for another run.
func (t *Tracker) left(reference string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.back(reference)
}

func (t *Tracker) back(reference string) bool {
	was, ok := t.open[reference]
	if ok {
		*t.at(was.provider).of(was.state)--
		t.forget(reference)
	}
	return ok
}

func (t *Tracker) moved(reference, provider string, to dispatch.State) {
	t.mu.Lock()
	defer t.mu.Unlock()
	was, ok := t.open[reference]
	if !ok {
		return
	}
	*t.at(was.provider).of(was.state)--
	if provider == "" {
		provider = was.provider
	}
	*t.at(provider).of(to)++
	if Settled(to) {
		t.forget(reference)
		return
	}
	t.open[reference] = place{provider, to}
}

func (t *Tracker) forget(reference string) {
	delete(t.open, reference)
	<-t.inFlight
	select {
	case t.settled <- struct{}{}:
	default:
	}
}

func (t *Tracker) at(provider string) *Counts {
	if t.counts[provider] == nil {
		t.counts[provider] = &Counts{}
	}
	return t.counts[provider]
}

// Snapshot returns the counts by provider, the providers in order, and their sum.
func (t *Tracker) Snapshot() (providers []string, by map[string]Counts, all Counts) {
	t.mu.Lock()
	defer t.mu.Unlock()
	by = map[string]Counts{}
	for _, provider := range slices.Sorted(maps.Keys(t.counts)) {
		c := *t.counts[provider]
		if c == (Counts{}) {
			continue
		}
		providers = append(providers, provider)
		by[provider] = c
		all.add(c)
	}
	return providers, by, all
}

// Alarms returns how many there were of each kind.
func (t *Tracker) Alarms() map[dispatch.AlarmKind]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.alarms)
}

// drained waits until every payout that was begun is settled, and reports false if the
// context ended first.
func (t *Tracker) drained(ctx context.Context) bool {
	for {
		t.mu.Lock()
		left := len(t.open)
		t.mu.Unlock()
		if left == 0 {
			return true
		}
		select {
		case <-t.settled:
		case <-ctx.Done():
			return false
		}
	}
}

// Step implements [dispatch.Observer].
func (t *Tracker) Step(ctx context.Context, _ string) (context.Context, func(dispatch.Stepped)) {
	return ctx, nil
}

// Moved implements [dispatch.Observer].
func (t *Tracker) Moved(_ context.Context, m dispatch.Moved) { t.moved(m.Reference, m.Provider, m.To) }

// Alarm implements [dispatch.Observer].
func (t *Tracker) Alarm(_ context.Context, a dispatch.Alarm) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.alarms[a.Kind]++
}
