package dispatch

import (
	"context"
	"errors"

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
	if err != nil && !errors.Is(err, ErrNoEntry) {
		return nil, err
	}
	now := d.now()
	var blocked map[string]bool
	for _, r := range d.routes {
		for _, u := range uses(r.Limits, req.Amount, now) {
			used, err := d.journal.Used(ctx, u.Bucket)
			if err != nil {
				return nil, err
			}
			if !used.Fits(u) {
				if blocked == nil {
					blocked = map[string]bool{}
				}
				blocked[r.Name] = true
			}
		}
	}
	return d.explain(&e, req, blocked), nil
}

func (d *Dispatcher) explain(e *Entry, req payout.Request, blocked map[string]bool) []Choice {
	now := d.now()
	best, _ := d.choose(e, req, now, blocked)
	out := make([]Choice, len(d.routes))
	for i := range d.routes {
		r := &d.routes[i]
		v := d.consider(r, e, req, now, blocked)
		out[i] = Choice{Route: r.Name, Provider: r.Provider, Taken: i == best, Why: v.why}
		switch {
		case i == best:
			out[i].Why = "first by priority and weight"
		case v == good && r.Priority == d.routes[best].Priority:
			out[i].Why = "another route has this payout by weight"
		case v == good:
			out[i].Why = "another route comes first by priority"
		}
	}
	return out
}
