package conformance

import (
	"reflect"

	"github.com/payoutkit/payout"
)

func infoCases() []Case {
	return []Case{
		{
			Name: "info constant", Rule: "Info always returns the same, does no I/O, and holds what a payout is identified by.",
			Cost: "A payout is asked about under another account than it was sent from.", Money: true, run: infoConstant,
		},
		{
			Name: "destinations described", Rule: "Every kind of destination comes apart into its fields and back together, and a payout to it is carried.",
			Cost: "A payout that is stored and built again goes to somebody else.", Money: true, run: destinationsDescribed,
		},
	}
}

func infoConstant(t *T) {
	w := t.world()
	info := w.provider.Info()
	w.pay(w.request())
	requests := w.net.count()
	again := w.provider.Info()
	if w.net.count() != requests {
		t.Errorf("Info sent a request")
	}
	// Kinds hold functions, which are never deeply equal.
	a, b := info, again
	a.Destinations, b.Destinations, a.Options, b.Options = nil, nil, nil, nil
	if !reflect.DeepEqual(a, b) || len(info.Destinations) != len(again.Destinations) {
		t.Errorf("Info changed after a payout")
	}
	other := t.provider(w.net).Info()
	if other.Account != info.Account {
		t.Errorf("two providers of one configuration name two accounts, %q and %q", info.Account, other.Account)
	}
	for name, text := range map[string]string{"Adapter": info.Adapter, "Name": info.Name, "Account": info.Account} {
		if text == "" {
			t.Errorf("Info.%s is empty", name)
		}
	}
	if len(info.Amounts) == 0 {
		t.Errorf("Info.Amounts names no currency")
	}
	for _, r := range info.Amounts {
		if r.Min.Currency() != r.Max.Currency() || r.Min.Sign() <= 0 || r.Max.Minor() < r.Min.Minor() {
			t.Errorf("Info.Amounts has a range from %s to %s", r.Min, r.Max)
		}
	}
	if info.Absence.Proves && (info.Absence.Evidence == "" || info.Absence.After <= 0) {
		t.Errorf("Info.Absence proves without evidence or without a delay")
	}
}

func destinationsDescribed(t *T) {
	w := t.world()
	if missing := w.missingKinds(); len(missing) > 0 {
		t.Errorf("Harness.Requests has no payout to %v, which Info lists", missing)
	}
	for _, template := range t.h.Requests {
		req := w.as(template)
		kind, listed := w.client.Info().DestinationKind(req.Destination.Kind().Name())
		if !listed {
			t.Errorf("Harness.Requests has a payout to %s, which Info does not list", req.Destination.Kind())
			continue
		}
		texts := map[string]payout.Secret{}
		for _, v := range kind.Values(req.Destination) {
			texts[v.Name] = v.Text
		}
		built, ok := kind.Build(func(field string) string { return texts[field].Reveal() }).(payout.Destination)
		if !ok || built != req.Destination {
			t.Errorf("a %s that was taken apart and built again is another", kind)
			continue
		}
		req.Destination = built
		w.pay(req)
	}
}
