package dispatch

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/payoutkit/payout"
)

// check returns what is wrong with a configuration.
func (c Config) check() error {
	var v broken
	if c.Journal == nil {
		v.add("journal", "is required")
	}
	v.list = append(v.list, c.Keys.check()...)
	names := v.providers(c.Providers)
	v.routes(c.Routes, names)
	v.times(c.Times, names)
	v.rates("rates", c.Rates)
	for _, name := range slices.Sorted(maps.Keys(c.Limits)) {
		v.rates("limits."+name, c.Limits[name])
		v.known("limits."+name, name, names)
	}
	v.positive("workers", c.Workers > 0)
	v.positive("max_attempts", c.MaxAttempts > 0)
	if len(v.list) == 0 {
		return nil
	}
	return &payout.Error{Kind: payout.ErrInvalid, Violations: v.list}
}

// broken collects the rules that a configuration breaks.
type broken struct{ list []payout.Violation }

func (v *broken) add(field, rule string) {
	v.list = append(v.list, payout.Violation{Field: field, Rule: rule})
}

func (v *broken) positive(field string, is bool) {
	if !is {
		v.add(field, "must be positive")
	}
}

func (v *broken) known(field, name string, names map[string]bool) {
	if !names[name] {
		v.add(field, "is not among the providers")
	}
}

// providers returns their names.
func (v *broken) providers(all []*payout.Client) map[string]bool {
	names, accounts := map[string]bool{}, map[string]bool{}
	for i, p := range all {
		field := fmt.Sprintf("providers.%d", i)
		if p == nil {
			v.add(field, "is nil")
			continue
		}
		info := p.Info()
		if names[info.Name] {
			v.add(field, "has the name of another provider")
		}
		if accounts[info.Account] {
			v.add(field, "has the account of another provider")
		}
		if rule := info.Reference.Check(strings.Repeat("0123456789abcdef", 2)[:derivedLength]); rule != "" {
			v.add(field, "has no place for the references of second attempts: one "+rule)
		}
		names[info.Name], accounts[info.Account] = true, true
	}
	return names
}

func (v *broken) routes(all []Route, names map[string]bool) {
	if len(all) == 0 {
		v.add("routes", "must name at least one")
	}
	routes, limits := map[string]bool{}, map[string]Limit{}
	for i, r := range all {
		field := fmt.Sprintf("routes.%d", i)
		name := cmp.Or(r.Name, r.Provider)
		v.known(field+".provider", r.Provider, names)
		if routes[name] {
			v.add(field+".name", "stands twice")
		}
		if r.Weight < 0 {
			v.add(field+".weight", "must not be negative")
		}
		routes[name] = true
		for j, l := range r.Limits {
			v.limit(fmt.Sprintf("%s.limits.%d", field, j), l, limits)
		}
	}
}

func (v *broken) limit(field string, l Limit, all map[string]Limit) {
	have, shared := all[l.Name]
	switch {
	case l.Name == "":
		v.add(field+".name", "is required")
	case l.Count < 0 || l.Amount.Sign() < 0:
		v.add(field, "must not be negative")
	case l.Count == 0 && l.Amount.Sign() == 0:
		v.add(field, "must bound the amount or the count")
	case shared && !have.same(l):
		v.add(field, "has the name of another limit that says something else")
	}
	all[l.Name] = l
}

// same reports whether two limits say the same. A zone may have been loaded twice.
func (l Limit) same(other Limit) bool {
	at := time.Unix(0, 0)
	_, offset := at.In(l.zone()).Zone()
	_, others := at.In(other.zone()).Zone()
	zones := offset == others && l.zone().String() == other.zone().String()
	l.Zone, other.Zone = nil, nil
	return l == other && zones
}

func (v *broken) times(t Times, names map[string]bool) {
	for _, d := range []struct {
		field string
		time  time.Duration
	}{
		{"send_window", t.SendWindow}, {"call_timeout", t.CallTimeout}, {"send_for", t.SendFor},
		{"review_after", t.ReviewAfter}, {"review_every", t.ReviewEvery}, {"retry_every", t.RetryEvery},
		{"apart", t.Apart}, {"check", t.Check},
	} {
		v.positive("times."+d.field, d.time > 0)
	}
	if t.Turn < 0 {
		v.add("times.turn", "must not be negative")
	}
	for _, name := range slices.Sorted(maps.Keys(t.Polling)) {
		v.known("times.polling."+name, name, names)
	}
}

func (v *broken) rates(field string, r Rates) {
	if min(r.SendsPerSecond, r.AsksPerSecond) < 0 || min(r.Unknowns, r.Breaks, r.Backlog) < 0 || r.BreakFor < 0 {
		v.add(field, "must not be negative")
	}
}
