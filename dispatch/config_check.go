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
	infos := v.providers(c.Providers)
	v.routes(c.Routes, infos)
	v.times(c.Times, infos)
	v.rates("rates", c.Rates)
	for _, name := range slices.Sorted(maps.Keys(c.Limits)) {
		v.rates("limits."+name, c.Limits[name])
		v.known("limits."+name, name, infos)
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

func (v *broken) known(field, name string, all map[string]payout.Info) {
	if _, ok := all[name]; !ok {
		v.add(field, "is not among the providers")
	}
}

// providers returns what they are, by name.
func (v *broken) providers(all []*payout.Client) map[string]payout.Info {
	infos, accounts := map[string]payout.Info{}, map[string]bool{}
	for i, p := range all {
		field := fmt.Sprintf("providers.%d", i)
		if p == nil {
			v.add(field, "is nil")
			continue
		}
		info := p.Info()
		if _, ok := infos[info.Name]; ok {
			v.add(field, "has the name of another provider")
		}
		if accounts[info.Account] {
			v.add(field, "has the account of another provider")
		}
		if rule := info.Reference.Check(strings.Repeat("0123456789abcdef", 2)[:derivedLength]); rule != "" {
			v.add(field, "has no place for the references of second attempts: one "+rule)
		}
		infos[info.Name], accounts[info.Account] = info, true
	}
	return infos
}

func (v *broken) routes(all []Route, infos map[string]payout.Info) {
	if len(all) == 0 {
		v.add("routes", "must name at least one")
	}
	routes, limits := map[string]bool{}, map[string]Limit{}
	for i, r := range all {
		field := fmt.Sprintf("routes.%d", i)
		name := cmp.Or(r.Name, r.Provider)
		v.known(field+".provider", r.Provider, infos)
		if routes[name] {
			v.add(field+".name", "stands twice")
		}
		if r.Weight < 0 {
			v.add(field+".weight", "must not be negative")
		}
		routes[name] = true
		for j, l := range r.Limits {
			at := fmt.Sprintf("%s.limits.%d", field, j)
			v.limit(at, l, limits)
			if info, ok := infos[r.Provider]; ok && !l.bounds(r.Match, info) {
				v.add(at+".amount", "is in "+l.Amount.Currency().Code()+", which this way carries nothing in")
			}
		}
	}
}

// bounds reports whether a payout that goes this way can be counted by a limit. One in
// another currency would be passed over, with its count.
func (l Limit) bounds(m Match, info payout.Info) bool {
	if l.Amount == (payout.Money{}) {
		return true // payouts are counted, whatever their currency
	}
	c := l.Amount.Currency()
	for _, only := range []payout.Money{m.Min, m.Max} {
		if only != (payout.Money{}) && only.Currency() != c {
			return false
		}
	}
	_, ok := info.Range(c)
	return ok && (len(m.Currencies) == 0 || slices.Contains(m.Currencies, c))
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

func (v *broken) times(t Times, infos map[string]payout.Info) {
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
		v.known("times.polling."+name, name, infos)
	}
}

func (v *broken) rates(field string, r Rates) {
	if min(r.SendsPerSecond, r.AsksPerSecond) < 0 || min(r.Unknowns, r.Breaks, r.Backlog) < 0 || r.BreakFor < 0 {
		v.add(field, "must not be negative")
	}
}
