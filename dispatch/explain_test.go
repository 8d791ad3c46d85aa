package dispatch_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// why returns what Explain says of each route.
func (d *desk) why(req payout.Request) map[string]string {
	d.t.Helper()
	choices, err := d.Explain(d.t.Context(), req)
	require.NoError(d.t, err)
	out := map[string]string{}
	for _, c := range choices {
		if c.Taken {
			c.Why = "TAKEN: " + c.Why
		}
		out[c.Route] = c.Why
	}
	return out
}

func TestExplain(t *testing.T) {
	const (
		taken    = "TAKEN: first by priority and weight"
		priority = "another route comes first by priority"
		weight   = "another route has this payout by weight"
	)
	short := bank("short").does(says(payout.StatusFailed)).tells(says(payout.StatusFailed))
	tests := []struct {
		name  string
		banks []*teller
		c     dispatch.Config
		setup func(d *desk)
		want  map[string]string
	}{
		{"by priority", []*teller{bank("a"), bank("b")}, dispatch.Config{}, nil, map[string]string{"a": taken, "b": priority}},
		{"by weight", []*teller{bank("a"), bank("b")}, dispatch.Config{Routes: []dispatch.Route{{Provider: "a"}, {Provider: "b", Weight: 1e6}}}, nil, map[string]string{"a": weight, "b": taken}},
		{"currency", []*teller{func() *teller {
			b := bank("a")
			b.info.Amounts = []payout.AmountRange{{Min: payout.MustMoney("1.00 USD"), Max: payout.MustMoney("9.00 USD")}}
			return b
		}(), bank("b")}, dispatch.Config{}, nil, map[string]string{"a": "the provider does not pay in this currency", "b": taken}},
		{"less than the provider pays", []*teller{func() *teller {
			b := bank("a")
			b.info.Amounts[0].Min = payout.MustMoney("10.01 EUR")
			return b
		}(), bank("b")}, dispatch.Config{}, nil, map[string]string{"a": "outside the provider's amounts", "b": taken}},
		{"more than the provider pays", []*teller{func() *teller {
			b := bank("a")
			b.info.Amounts[0].Max = payout.MustMoney("9.99 EUR")
			return b
		}(), bank("b")}, dispatch.Config{}, nil, map[string]string{"a": "outside the provider's amounts", "b": taken}},
		{"kind of destination", []*teller{func() *teller {
			b := bank("a")
			b.info.Destinations = []payout.Kind{payout.HostedPage{}.Kind()}
			return b
		}(), bank("b")}, dispatch.Config{}, nil, map[string]string{"a": "the provider does not pay to this kind of destination", "b": taken}},
		{"held by a person", []*teller{bank("a"), bank("b")}, dispatch.Config{}, func(d *desk) {
			require.NoError(d.t, d.Hold(d.t.Context(), "a", "Ann", ""))
		}, map[string]string{"a": "the provider is held: person", "b": taken}},
		{"can't be reached", []*teller{bank("a").does(fails(payout.ErrNotSent)), bank("b").does(fails(payout.ErrNotSent))}, dispatch.Config{Rates: dispatch.Rates{Breaks: 1}, Routes: []dispatch.Route{{Provider: "a"}, {Provider: "b", Priority: 1}}}, func(d *desk) {
			d.take(order("other"))
			d.step("other")
		}, map[string]string{"a": "the provider can't be reached", "b": taken}},
		{"a limit", []*teller{bank("a"), bank("b")}, dispatch.Config{Routes: []dispatch.Route{{Provider: "a", Limits: []dispatch.Limit{{Name: "one", Count: 1}}}}}, func(d *desk) {
			d.take(order("other"))
			d.step("other")
		}, map[string]string{"a": "a limit has not enough left", "b": taken}},
		{"was tried", []*teller{short, bank("b")}, dispatch.Config{}, func(d *desk) {
			d.take(order("p-1"))
			d.step("p-1")
			d.step("p-1")
		}, map[string]string{"short": "was tried", "b": taken}},
		{"does not take it", []*teller{bank("a").does(fails(payout.ErrInvalid)), bank("b")}, dispatch.Config{}, func(d *desk) {
			d.take(order("p-1"))
			d.step("p-1")
		}, map[string]string{"a": "does not take this request", "b": taken}},
		{"planned at a bank", []*teller{bank("a").does(fails(payout.ErrNotSent)), bank("b")}, dispatch.Config{}, func(d *desk) {
			d.take(order("p-1"))
			d.step("p-1")
		}, map[string]string{"a": taken, "b": priority}},
		{"went on from a bank that could not be reached", []*teller{bank("a").does(fails(payout.ErrNotSent)), bank("b").does(fails(payout.ErrNotSent))}, dispatch.Config{Rates: dispatch.Rates{Breaks: 1}}, func(d *desk) {
			d.take(order("p-1"))
			d.step("p-1")
			d.step("p-1")
			d.pass(time.Hour)
		}, map[string]string{"a": "could not be reached", "b": taken}},
		{"paid", []*teller{bank("a"), bank("b")}, dispatch.Config{}, func(d *desk) {
			d.take(order("p-1"))
			d.until("p-1", dispatch.StatePaid)
		}, map[string]string{"a": "the payout is paid", "b": "the payout is paid"}},
		{"unknown", []*teller{bank("a").does(fails(payout.ErrOutcomeUnknown)), bank("b")}, dispatch.Config{}, func(d *desk) {
			d.take(order("p-1"))
			d.step("p-1")
		}, map[string]string{"a": "the payout is unknown", "b": "the payout is unknown"}},
		{"too late", []*teller{bank("a")}, dispatch.Config{}, func(d *desk) {
			d.take(order("p-1"))
			d.pass(24 * time.Hour)
		}, map[string]string{"a": "the time to send it has passed"}},
		{"no further bank", []*teller{short, bank("b")}, dispatch.Config{MaxAttempts: 1}, func(d *desk) {
			d.take(order("p-1"))
			d.step("p-1")
			d.step("p-1")
		}, map[string]string{"short": "no further bank is tried", "b": "no further bank is tried"}},
		{"no further bank for this reason", []*teller{short, bank("b")}, dispatch.Config{NextRoute: []payout.Reason{payout.ReasonDeclined}}, func(d *desk) {
			d.take(order("p-1"))
			d.step("p-1")
			d.step("p-1")
		}, map[string]string{"short": "no further bank is tried", "b": "no further bank is tried"}},
	}
	for _, row := range tests {
		t.Run(row.name, func(t *testing.T) {
			d := opened(t, row.c, row.banks...)
			if row.setup != nil {
				row.setup(d)
			}
			sent := 0
			for _, b := range d.banks {
				sent += b.times() + b.questions()
			}
			entries, err := d.List(t.Context(), dispatch.Filter{})
			require.NoError(t, err)
			assert.Equal(t, row.want, d.why(order("p-1")))
			for _, b := range d.banks {
				sent -= b.times() + b.questions()
			}
			assert.Zero(t, sent, "it sends nothing")
			after, err := d.List(t.Context(), dispatch.Filter{})
			require.NoError(t, err)
			assert.Equal(t, entries, after, "and writes nothing")
		})
	}
	t.Run("the routes in order of priority, with their providers", func(t *testing.T) {
		d := opened(t, dispatch.Config{Routes: []dispatch.Route{{Provider: "b", Name: "z", Priority: 3}, {Provider: "a", Priority: 1}}}, bank("a"), bank("b"))
		choices, err := d.Explain(t.Context(), order("p-1"))
		require.NoError(t, err)
		assert.Equal(t, []dispatch.Choice{
			{Route: "a", Provider: "a", Taken: true, Why: "first by priority and weight"},
			{Route: "z", Provider: "b", Why: "another route comes first by priority"},
		}, choices)
	})
	t.Run("a journal that fails", func(t *testing.T) {
		for _, call := range []string{"load", "used"} {
			j := &flaky{Journal: dispatch.NewMemory()}
			d := opened(t, dispatch.Config{Journal: j, Routes: []dispatch.Route{{Provider: "a", Limits: []dispatch.Limit{{Name: "one", Count: 1}}}}}, bank("a"))
			j.set(never(call), nil)
			_, err := d.Explain(t.Context(), order("p-1"))
			require.ErrorIs(t, err, errJournal)
		}
	})
}

// Whatever the configuration: what Explain says is what Step does.
func TestExplainByRapid(t *testing.T) {
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		var banks []*teller
		for i := range rapid.IntRange(1, 4).Draw(t, "banks") {
			b := bank(fmt.Sprint("bank", i))
			b.create = []reply{rapid.SampledFrom([]reply{
				says(payout.StatusPaid), says(payout.StatusPending), says(payout.StatusFailed),
				fails(payout.ErrNotSent), fails(payout.ErrInvalid), fails(payout.ErrOutcomeUnknown), fails(payout.ErrUnauthorized),
			}).Draw(t, "does")}
			b.find = []reply{says(payout.StatusFailed)}
			if rapid.IntRange(0, 3).Draw(t, "dollars") == 0 {
				b.info.Amounts = append(b.info.Amounts, payout.AmountRange{Min: payout.MustMoney("1.00 USD"), Max: payout.MustMoney("50.00 USD")})
			}
			if rapid.IntRange(0, 3).Draw(t, "cards only") == 0 {
				b.info.Destinations = []payout.Kind{payout.Card{}.Kind()}
			}
			banks = append(banks, b)
		}
		c := dispatch.Config{MaxAttempts: rapid.IntRange(1, 3).Draw(t, "attempts"), Rates: dispatch.Rates{Breaks: rapid.IntRange(1, 3).Draw(t, "breaks")}}
		for i := range rapid.IntRange(len(banks), 7).Draw(t, "routes") {
			r := dispatch.Route{
				Name: fmt.Sprint("route", i), Provider: rapid.SampledFrom(banks).Draw(t, "provider").info.Name,
				Priority: rapid.IntRange(0, 2).Draw(t, "priority"), Weight: rapid.IntRange(0, 3).Draw(t, "weight"),
			}
			switch rapid.IntRange(0, 5).Draw(t, "match") {
			case 0:
				r.Match.Currencies = []payout.Currency{payout.USD}
			case 1:
				r.Match.Max = payout.MustMoney("15.00 EUR")
			case 2:
				r.Match.Destinations = []string{"card"}
			}
			if rapid.Bool().Draw(t, "limited") {
				r.Limits = []dispatch.Limit{{Name: "shared", Count: 3}}
				if r.Match.Currencies == nil { // one in EUR would bound nothing there
					r.Limits = append(r.Limits, dispatch.Limit{Name: fmt.Sprint("own", i), Amount: payout.MustMoney("35.00 EUR"), Period: dispatch.Hourly})
				}
			}
			c.Routes = append(c.Routes, r)
		}
		d := opened(outer, c, banks...)
		if rapid.Bool().Draw(t, "held") {
			require.NoError(t, d.Hold(outer.Context(), banks[0].info.Name, "Ann", ""))
		}
		for i := range 8 {
			req := order(fmt.Sprint("p-", i))
			if rapid.IntRange(0, 3).Draw(t, "in dollars") == 0 {
				req.Amount = payout.MustMoney("20.00 USD")
			}
			if rapid.IntRange(0, 3).Draw(t, "saved") == 0 {
				req.Destination = payout.SavedCard{ID: "s-1"}
			}
			if _, err := d.Submit(outer.Context(), req); err != nil {
				continue
			}
			for range rapid.IntRange(1, 6).Draw(t, "steps") {
				before := d.load(req.Reference)
				if before.Due.IsZero() {
					break
				}
				d.clock.set(before.Due)
				choices, err := d.Explain(outer.Context(), req)
				require.NoError(t, err)
				said := ""
				for _, choice := range choices {
					if choice.Taken {
						require.Empty(t, said, "two routes are taken")
						said = choice.Route
					}
				}
				_, _, err = d.Step(outer.Context(), req.Reference)
				require.NoError(t, err)
				did := ""
				history, err := d.History(outer.Context(), req.Reference)
				require.NoError(t, err)
				for _, ev := range history[min(len(history), int(before.Version)-1):] {
					if ev.Kind == dispatch.EventIntended {
						require.Empty(t, did, "it was sent twice in one step")
						did = ev.Planned.Route
					}
				}
				require.Equal(t, did, said, "%v\n%v", choices, d.happened(req.Reference))
			}
		}
	})
}
