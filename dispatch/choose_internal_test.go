package dispatch

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// facts is a provider that is never called.
type facts struct {
	payout.Provider
	info payout.Info
}

func (f facts) Info() payout.Info { return f.info }

// twenty is a dispatcher with twenty routes of one priority, all of which a request
// matches: the most that there is to choose among.
func twenty(t testing.TB, limits ...Limit) *Dispatcher {
	t.Helper()
	c := Config{
		Journal: NewMemory(), Now: func() time.Time { return time.Unix(0, 0) },
		Keys: Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of the tests, of thirty-two bytes")}},
	}
	for i := range 20 {
		name := fmt.Sprint("bank-", i)
		c.Providers = append(c.Providers, payout.NewClient(facts{info: payout.Info{
			Name: name, Account: name, Destinations: payout.Kinds(),
			Amounts: []payout.AmountRange{{Min: payout.MustMoney("0.01 EUR"), Max: payout.MustMoney("9999.99 EUR")}},
		}}))
		c.Routes = append(c.Routes, Route{Provider: name, Weight: i, Limits: limits, Match: Match{
			Currencies: []payout.Currency{payout.EUR}, Destinations: []string{"card"},
			Min: payout.MustMoney("1.00 EUR"), Max: payout.MustMoney("5000.00 EUR"), Metadata: map[string]string{"tier": "gold"},
		}})
	}
	d, err := New(c)
	require.NoError(t, err)
	return d
}

func golden() payout.Request {
	return payout.Request{
		Reference: "payout-1", Amount: payout.MustMoney("10.00 EUR"), Metadata: map[string]string{"tier": "gold"},
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
	}
}

func TestChoosingAllocates(t *testing.T) {
	d, req := twenty(t), golden()
	e := &Entry{Reference: req.Reference, State: StatePlanned}
	now := d.now()
	best, _ := d.choose(e, req, now, nil, nil)
	require.GreaterOrEqual(t, best, 0)
	allocations := testing.AllocsPerRun(100, func() { _, _ = d.choose(e, req, now, nil, nil) })
	assert.LessOrEqual(t, allocations, 2.0)
}

func BenchmarkChoose(b *testing.B) {
	d, req := twenty(b), golden()
	e := &Entry{Reference: req.Reference, State: StatePlanned}
	now := d.now()
	b.ReportAllocs()
	for b.Loop() {
		_, _ = d.choose(e, req, now, nil, nil)
	}
}

// BenchmarkExplain also reports how many times as long it takes as choosing does: a
// hundred of each in turn, and the shortest of each counts.
func BenchmarkExplain(b *testing.B) {
	d, req := twenty(b), golden()
	e := &Entry{Reference: req.Reference, State: StatePlanned}
	now := d.now()
	choosing, explaining := time.Hour, time.Hour
	for b.Loop() {
		at := time.Now()
		for range 100 {
			_, _ = d.choose(e, req, now, nil, nil)
		}
		chosen := time.Now()
		for range 100 {
			_ = d.explain(e, req, now, nil)
		}
		choosing, explaining = min(choosing, chosen.Sub(at)), min(explaining, time.Since(chosen))
	}
	b.ReportMetric(float64(explaining)/float64(choosing), "times-choosing")
}

// BenchmarkExplainWithJournal is the whole call: it also reads the payout, and the
// limits of each route.
func BenchmarkExplainWithJournal(b *testing.B) {
	d, req := twenty(b, Limit{Name: "day", Count: 1e6, Period: Daily}), golden()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Explain(context.Background(), req); err != nil {
			b.Fatal(err)
		}
	}
}
