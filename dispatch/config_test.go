package dispatch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func TestNewRefuses(t *testing.T) {
	good := func() dispatch.Config {
		return dispatch.Config{
			Journal: dispatch.NewMemory(), Keys: testKeys,
			Providers: []*payout.Client{payout.NewClient(bank("a")), payout.NewClient(bank("b"))},
			Routes:    []dispatch.Route{{Provider: "a"}, {Provider: "b"}},
		}
	}
	_, err := dispatch.New(good())
	require.NoError(t, err)
	limit := dispatch.Limit{Name: "night", Count: 3}
	client := func(change func(*payout.Info)) *payout.Client {
		b := bank("c")
		change(&b.info)
		return payout.NewClient(b)
	}
	for _, row := range []struct {
		name, field string
		change      func(*dispatch.Config)
	}{
		{"no journal", "journal", func(c *dispatch.Config) { c.Journal = nil }},
		{"no keys", "keys.current", func(c *dispatch.Config) { c.Keys = dispatch.Keys{} }},
		{"a current key that is not there", "keys.current", func(c *dispatch.Config) { c.Keys.Current = 9 }},
		{"a key that is too short", "keys.versions.2", func(c *dispatch.Config) {
			c.Keys = dispatch.Keys{Current: 2, Versions: map[uint32]payout.Secret{2: payout.NewSecret("31 bytes are one too few of it.")}}
		}},
		{"a provider that is nil", "providers.1", func(c *dispatch.Config) { c.Providers[1], c.Routes = nil, c.Routes[:1] }},
		{"two providers of one name", "providers.2", func(c *dispatch.Config) {
			c.Providers = append(c.Providers, client(func(i *payout.Info) { i.Name = "a" }))
		}},
		{"two providers of one account", "providers.2", func(c *dispatch.Config) {
			c.Providers = append(c.Providers, client(func(i *payout.Info) { i.Account = "account-of-a" }))
		}},
		{"references that are too short for derived ones", "providers.2", func(c *dispatch.Config) {
			c.Providers = append(c.Providers, client(func(i *payout.Info) { i.Reference.Max = 23 }))
		}},
		{"an alphabet that derived references do not fit in", "providers.2", func(c *dispatch.Config) {
			c.Providers = append(c.Providers, client(func(i *payout.Info) { i.Reference.Alphabet = "0123456789" }))
		}},
		{"no routes", "routes", func(c *dispatch.Config) { c.Routes = nil }},
		{"a route to nobody", "routes.1.provider", func(c *dispatch.Config) { c.Routes[1].Provider = "z" }},
		{"two routes of one name", "routes.1.name", func(c *dispatch.Config) { c.Routes[1].Name = "a" }},
		{"two routes to one provider, both without a name", "routes.2.name", func(c *dispatch.Config) { c.Routes = append(c.Routes, dispatch.Route{Provider: "b"}) }},
		{"a weight below zero", "routes.0.weight", func(c *dispatch.Config) { c.Routes[0].Weight = -1 }},
		{"a limit without a name", "routes.0.limits.0.name", func(c *dispatch.Config) { c.Routes[0].Limits = []dispatch.Limit{{Count: 1}} }},
		{"a limit of nothing", "routes.0.limits.1", func(c *dispatch.Config) { c.Routes[0].Limits = []dispatch.Limit{limit, {Name: "day"}} }},
		{"a limit below zero", "routes.0.limits.0", func(c *dispatch.Config) {
			c.Routes[0].Limits = []dispatch.Limit{{Name: "day", Count: 1, Amount: payout.MustMoney("-1.00 EUR")}}
		}},
		{"two limits of one name that say different things", "routes.1.limits.0", func(c *dispatch.Config) {
			c.Routes[0].Limits, c.Routes[1].Limits = []dispatch.Limit{limit}, []dispatch.Limit{{Name: "night", Count: 4}}
		}},
		{"one limit in two zones", "routes.1.limits.0", func(c *dispatch.Config) {
			there := limit
			there.Zone = time.FixedZone("Almaty", 5*60*60)
			c.Routes[0].Limits, c.Routes[1].Limits = []dispatch.Limit{limit}, []dispatch.Limit{there}
		}},
		{"one limit in two zones of one name", "routes.1.limits.0", func(c *dispatch.Config) {
			here, there := limit, limit
			here.Zone, there.Zone = time.FixedZone("bank", 5*60*60), time.FixedZone("bank", 6*60*60)
			c.Routes[0].Limits, c.Routes[1].Limits = []dispatch.Limit{here}, []dispatch.Limit{there}
		}},
		{"a limit in a currency that the provider does not pay in", "routes.0.limits.0.amount", func(c *dispatch.Config) {
			c.Routes[0].Limits = []dispatch.Limit{{Name: "day", Amount: payout.MustMoney("5.00 USD"), Count: 1}}
		}},
		{"a limit in a currency that the route does not match", "routes.2.limits.0.amount", func(c *dispatch.Config) {
			c.Providers = append(c.Providers, client(withDollars))
			c.Routes = append(c.Routes, dispatch.Route{
				Provider: "c", Match: dispatch.Match{Currencies: []payout.Currency{payout.EUR}}, Limits: dollars(),
			})
		}},
		{"a limit in another currency than the greatest amount", "routes.2.limits.0.amount", func(c *dispatch.Config) {
			c.Providers = append(c.Providers, client(withDollars))
			c.Routes = append(c.Routes, dispatch.Route{
				Provider: "c", Match: dispatch.Match{Max: payout.MustMoney("5.00 EUR")}, Limits: dollars(),
			})
		}},
		{"a time below zero", "times.send_window", func(c *dispatch.Config) { c.Times.SendWindow = -1 }},
		{"rates of a provider that is not there", "limits.z", func(c *dispatch.Config) { c.Limits = map[string]dispatch.Rates{"z": {}} }},
		{"a schedule of a provider that is not there", "times.polling.z", func(c *dispatch.Config) { c.Times.Polling = map[string]payout.Polling{"z": nil} }},
		{"a rate below zero", "rates", func(c *dispatch.Config) { c.Rates.SendsPerSecond = -1 }},
		{"a provider's rate below zero", "limits.a", func(c *dispatch.Config) { c.Limits = map[string]dispatch.Rates{"a": {Unknowns: -1}} }},
		{"no workers", "workers", func(c *dispatch.Config) { c.Workers = -1 }},
		{"no attempts", "max_attempts", func(c *dispatch.Config) { c.MaxAttempts = -1 }},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := good()
			row.change(&c)
			_, err := dispatch.New(c)
			require.ErrorIs(t, err, payout.ErrInvalid)
			var e *payout.Error
			require.ErrorAs(t, err, &e)
			require.Len(t, e.Violations, 1)
			assert.Equal(t, row.field, e.Violations[0].Field)
		})
	}
	t.Run("everything that is wrong, always in the same order", func(t *testing.T) {
		var texts []string
		for range 20 {
			_, err := dispatch.New(dispatch.Config{Times: dispatch.Times{SendWindow: -1, CallTimeout: -1, SendFor: -1, Apart: -1, Check: -1}})
			texts = append(texts, err.Error())
		}
		for _, text := range texts {
			assert.Equal(t, texts[0], text)
		}
	})
}

func withDollars(i *payout.Info) {
	i.Amounts = append(i.Amounts, payout.AmountRange{Min: payout.MustMoney("0.01 USD"), Max: payout.MustMoney("9999.99 USD")})
}

func dollars() []dispatch.Limit {
	return []dispatch.Limit{{Name: "dollars", Amount: payout.MustMoney("5.00 USD"), Count: 1}}
}

func TestNewTakes(t *testing.T) {
	moscow := func() *time.Location {
		l, err := time.LoadLocation("Europe/Moscow")
		require.NoError(t, err)
		return l
	}
	limit := func() dispatch.Limit {
		return dispatch.Limit{Name: "day", Count: 3, Period: dispatch.Daily, Zone: moscow()}
	}
	a, b := bank("a"), bank("b")
	b.info.Reference.Max = 24
	withDollars(&b.info)
	c := dispatch.Config{
		Journal: dispatch.NewMemory(), Keys: testKeys,
		Providers: []*payout.Client{payout.NewClient(a), payout.NewClient(b)},
		Routes: []dispatch.Route{
			{Provider: "a", Limits: []dispatch.Limit{limit()}},
			{Provider: "a", Name: "a-by-night", Limits: []dispatch.Limit{limit()}}, // the zone is loaded anew
			{Provider: "b", Limits: append(dollars(), limit())},
			{Provider: "b", Name: "b-dollars", Match: dispatch.Match{Currencies: []payout.Currency{payout.USD}}, Limits: append(dollars(), limit())},
		},
	}
	_, err := dispatch.New(c)
	require.NoError(t, err, "a provider that no route names; a limit that two routes share; one of two currencies")
}
