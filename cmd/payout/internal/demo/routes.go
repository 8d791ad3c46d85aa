package demo

import (
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// routes say which payouts go where. Roubles go to the first account at all2pay; one
// that it can't pay for lack of funds goes to the reserve, which is kept for that: so
// much in one payout, and so much in a day of the bank's.
func routes() []dispatch.Route {
	moscow := time.FixedZone("MSK", 3*60*60)
	return []dispatch.Route{
		{Provider: "all2pay", Priority: 1, Match: dispatch.Match{Currencies: []payout.Currency{payout.RUB}}},
		{
			Provider: "reserve", Priority: 2,
			Match:  dispatch.Match{Currencies: []payout.Currency{payout.RUB}, Max: payout.MustMoney("30000000.00 RUB")},
			Limits: []dispatch.Limit{{Name: "reserve", Amount: payout.MustMoney("60000000.00 RUB"), Period: dispatch.Daily, Zone: moscow}},
		},
		{Provider: "bereke", Priority: 1, Match: dispatch.Match{Currencies: []payout.Currency{payout.KZT}}},
		{Provider: "connpay", Priority: 1, Match: dispatch.Match{Currencies: []payout.Currency{payout.USD, payout.EUR, payout.JPY}}},
	}
}

// times are impatient: these banks live in the same process.
func times(providers []*payout.Client) dispatch.Times {
	t := dispatch.Times{
		CallTimeout: 5 * time.Second, // also how long an interrupt waits for what is being sent
		RetryEvery:  100 * time.Millisecond,
		Check:       200 * time.Millisecond,
		Polling:     map[string]payout.Polling{},
	}
	for _, p := range providers {
		t.Polling[p.Name()] = payout.Polling{{Every: 20 * time.Millisecond, For: time.Second}, {Every: 200 * time.Millisecond}}
	}
	return t
}

// rates are those of banks that nobody else uses.
func rates() dispatch.Rates {
	return dispatch.Rates{SendsPerSecond: 1000, AsksPerSecond: 1000, Breaks: 2, BreakFor: time.Second}
}
