package dispatch

import (
	"hash/fnv"
	"math"
	"slices"
	"time"

	"github.com/payoutkit/payout"
)

// verdict is why a route is not taken, or that it may be.
type verdict struct {
	why  string
	wait bool // it may be taken later
}

var (
	good    = verdict{}
	limited = verdict{why: "a limit has not enough left", wait: true}
	foreign = verdict{why: "its reference is taken at this account"} // and stays so
)

// consider judges one route for a payout. blocked are routes that the journal has
// just turned down. It allocates nothing.
func (d *Dispatcher) consider(r *route, e *Entry, req payout.Request, now time.Time, blocked map[string]verdict) verdict {
	l := r.lane
	if why := r.Match.misses(req); why != "" {
		return verdict{why: why}
	}
	if bounds, ok := l.info.Range(req.Amount.Currency()); !ok {
		return verdict{why: "the provider does not pay in this currency"}
	} else if req.Amount.Minor() < bounds.Min.Minor() || req.Amount.Minor() > bounds.Max.Minor() {
		return verdict{why: "outside the provider's amounts"}
	}
	if !carries(l.info, req) {
		return verdict{why: "the provider does not pay to this kind of destination"}
	}
	if why := d.tried(r, e); why != "" {
		return verdict{why: why}
	}
	if h, held := d.held(l.info.Name); held {
		return verdict{why: "the provider is held: " + string(h.Reason), wait: true}
	}
	if !l.healthy(now) {
		return verdict{why: "the provider can't be reached", wait: true}
	}
	return blocked[r.Name]
}

func carries(info payout.Info, req payout.Request) bool {
	kind := req.Destination.Kind()
	for i := range info.Destinations {
		if info.Destinations[i].Is(kind) {
			return req.Source.SavedCard == "" || info.SourceCards
		}
	}
	return false
}

// tried returns why a payout's earlier attempts rule a route out. One that stands
// planned keeps its account: another one is for it only if its own can't be reached
// and nobody has tried the other yet.
func (d *Dispatcher) tried(r *route, e *Entry) string {
	account := r.lane.info.Account
	var planned *Attempt
	if n := e.current(); n >= 0 && e.Attempts[n].State == StatePlanned {
		planned = &e.Attempts[n]
	}
	switch {
	case planned != nil && planned.Account == account:
		return ""
	case planned != nil && planned.Transmissions > 0:
		return "it is being sent again elsewhere"
	}
	for i := range e.Attempts {
		a := &e.Attempts[i]
		switch {
		case a.Account != account:
		case a.Transmissions > 0:
			return "was tried"
		case a.Refused:
			return "does not take this request"
		case planned != nil:
			return "could not be reached"
		}
	}
	return ""
}

// choose returns the route for a payout: the lowest priority number, and within it
// by weight. Without one it says whether one may be free later. In told, if it is
// there, it leaves why each route is not taken, or nothing.
func (d *Dispatcher) choose(e *Entry, req payout.Request, now time.Time, blocked map[string]verdict, told []Choice) (best int, wait bool) {
	best = -1
	var highest float64
	for i := range d.routes {
		r := &d.routes[i]
		late := best >= 0 && r.Priority != d.routes[best].Priority
		if late && told == nil {
			break
		}
		v := d.consider(r, e, req, now, blocked)
		if told != nil {
			told[i] = Choice{Route: r.Name, Provider: r.Provider, Why: v.why}
		}
		if v != good || late {
			wait = wait || v.wait
			continue
		}
		if score := share(e.Reference, r.Name, r.Weight); best < 0 || score > highest {
			best, highest = i, score
		}
	}
	return best, wait
}

// share is a weighted draw that is always the same for a reference and a route: of
// all routes the greatest wins, each as often as its weight says (rendezvous
// hashing).
func share(reference, name string, weight int) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(reference))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(name))
	x := h.Sum64()
	x ^= x >> 33 // FNV's high bits hardly depend on the last bytes
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	x ^= x >> 33
	uniform := (float64(x>>11) + 0.5) / (1 << 53)
	return -float64(weight) / math.Log(uniform)
}

// mayGoOn reports whether a payout may be sent, after what its last attempt came to.
// One that is sent again to its bank is no further attempt.
func (d *Dispatcher) mayGoOn(e Entry) bool {
	n := e.current()
	switch {
	case e.Stopped:
		return false
	case n >= 0 && e.Attempts[n].State == StatePlanned && e.Attempts[n].Transmissions > 0:
		return true
	case e.sent() >= d.config.MaxAttempts:
		return false
	default:
		return n < 0 || e.Attempts[n].State == StateUnsent || e.Attempts[n].State == StatePlanned ||
			slices.Contains(d.config.NextRoute, e.Attempts[n].Failure.Reason)
	}
}
