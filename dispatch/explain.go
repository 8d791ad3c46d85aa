package dispatch

import (
	"context"
	"errors"
	"time"

	"github.com/payoutkit/payout"
)

// Choice is a route and why it is taken or not.
type Choice struct {
	Route, Provider string
	Taken           bool
	Why             string
}

// Explain says where a request would go, and why not elsewhere. It sends nothing and
// writes nothing. For a reference that is in the journal it says where it would go
// next.
func (d *Dispatcher) Explain(ctx context.Context, req payout.Request) ([]Choice, error) {
	e, err := d.journal.Load(ctx, req.Reference)
	switch {
	case errors.Is(err, ErrNoEntry):
		e = Entry{Reference: req.Reference, State: StatePlanned}
	case err != nil:
		return nil, err
	}
	if _, err := d.doubted(ctx); err != nil {
		return nil, err
	}
	now := d.now()
	if err := d.knowHolds(ctx, now); err != nil {
		return nil, err
	}
	var blocked map[string]verdict
	for i := range d.routes {
		r := &d.routes[i]
		if _, holds := e.holding(r.lane.info.Account); holds {
			continue
		}
		for _, u := range uses(r.Limits, req.Amount, now) {
			used, err := d.journal.Used(ctx, u.Bucket)
			if err != nil {
				return nil, err
			}
			if !used.Fits(u) {
				if blocked == nil {
					blocked = map[string]verdict{}
				}
				blocked[r.Name] = limited
			}
		}
	}
	return d.explain(&e, req, now, blocked), nil
}

// Provider returns the provider that a request would be sent to first if there were no
// limits: what an engine that queues by provider goes by. It does no I/O and promises
// nothing. It returns "" if no route could carry the request.
func (d *Dispatcher) Provider(req payout.Request) string {
	e := Entry{Reference: req.Reference, State: StatePlanned}
	if best, _ := d.choose(&e, req, d.now(), nil, nil); best >= 0 {
		return d.routes[best].Provider
	}
	for i := range d.routes {
		if r := &d.routes[i]; r.Match.misses(req) == "" && carries(r.lane.info, req) {
			return r.Provider
		}
	}
	return ""
}

func (d *Dispatcher) explain(e *Entry, req payout.Request, now time.Time, blocked map[string]verdict) []Choice {
	out := make([]Choice, len(d.routes))
	if why := d.stays(e, now); why != "" {
		for i := range d.routes {
			out[i] = Choice{Route: d.routes[i].Name, Provider: d.routes[i].Provider, Why: why}
		}
		return out
	}
	best, _ := d.choose(e, req, now, blocked, out)
	for i := range out {
		switch {
		case i == best:
			out[i].Taken, out[i].Why = true, "first by priority and weight"
		case out[i].Why != "":
		case d.routes[i].Priority == d.routes[best].Priority:
			out[i].Why = "another route has this payout by weight"
		default:
			out[i].Why = "another route comes first by priority"
		}
	}
	return out
}

// stays returns why a payout goes nowhere, whatever the routes are.
func (d *Dispatcher) stays(e *Entry, now time.Time) string {
	switch {
	case e.State != StatePlanned && e.State != StateAwaiting:
		return "the payout is " + e.State.String()
	case d.inDoubt(*e, d.known()):
		return "the journal is in doubt: the banks are asked first"
	case !e.SendUntil.IsZero() && !now.Before(e.SendUntil):
		return "the time to send it has passed"
	case !d.mayGoOn(*e):
		return "no further bank is tried"
	default:
		return ""
	}
}
