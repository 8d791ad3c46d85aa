package config

import (
	"errors"
	"fmt"
	"maps"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// Dispatch returns what a dispatcher is made of, but for its journal, providers, sealer
// and observer.
func (f *File) Dispatch(s Sources) (dispatch.Config, error) {
	c := dispatch.Config{
		MaxAttempts: f.MaxAttempts, Workers: f.Workers, Times: f.Times.times(), Rates: f.Rates.rates(),
		Keys: dispatch.Keys{Current: f.Keys.Current, Versions: map[uint32]payout.Secret{}},
	}
	var errs []error
	for version, from := range maps.All(f.Keys.Versions) {
		key, err := s.secret(fmt.Sprintf("keys.versions.%d", version), &from)
		c.Keys.Versions[version] = key
		errs = append(errs, err)
	}
	for _, r := range f.NextRoute {
		c.NextRoute = append(c.NextRoute, r.Reason)
	}
	if len(f.Limits) > 0 {
		c.Limits = map[string]dispatch.Rates{}
	}
	for name, r := range f.Limits {
		c.Limits[name] = r.rates()
	}
	for _, r := range f.Routes {
		c.Routes = append(c.Routes, r.route())
	}
	return c, errors.Join(errs...)
}

func (r Route) route() dispatch.Route {
	out := dispatch.Route{
		Name: r.Name, Provider: r.Provider, Priority: r.Priority, Weight: r.Weight,
		Match: dispatch.Match{
			Destinations: r.Match.Destinations, Min: r.Match.Min.Money, Max: r.Match.Max.Money,
			Banks: r.Match.Banks, Metadata: r.Match.Metadata,
		},
	}
	for _, c := range r.Match.Currencies {
		out.Match.Currencies = append(out.Match.Currencies, c.Currency)
	}
	for _, l := range r.Limits {
		out.Limits = append(out.Limits, dispatch.Limit{
			Name: l.Name, Amount: l.Amount.Money, Count: l.Count, Period: l.Period.Period, Zone: l.Zone.Location,
		})
	}
	return out
}

func (t Times) times() dispatch.Times {
	out := dispatch.Times{
		SendWindow: t.SendWindow, CallTimeout: t.CallTimeout, SendFor: t.SendFor, ReviewAfter: t.ReviewAfter,
		ReviewEvery: t.ReviewEvery, RetryEvery: t.RetryEvery, Apart: t.Apart, Patrol: t.Patrol, Check: t.Check,
	}
	if len(t.Polling) > 0 {
		out.Polling = map[string]payout.Polling{}
	}
	for name, p := range t.Polling {
		out.Polling[name] = p.schedule()
	}
	return out
}

func (r Rates) rates() dispatch.Rates {
	return dispatch.Rates{
		SendsPerSecond: r.SendsPerSecond, AsksPerSecond: r.AsksPerSecond, Unknowns: r.Unknowns,
		Breaks: r.Breaks, BreakFor: r.BreakFor, Backlog: r.Backlog,
	}
}
