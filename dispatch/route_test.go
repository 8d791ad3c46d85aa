package dispatch_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// went returns the route that a payout takes, by sending it, or "".
func (d *desk) went(req payout.Request) string {
	d.t.Helper()
	d.take(req)
	_, _, err := d.Step(d.t.Context(), req.Reference)
	require.NoError(d.t, err)
	e := d.load(req.Reference)
	if n := len(e.Attempts); n > 0 && e.Attempts[n-1].State != dispatch.StateUnsent {
		return e.Attempts[n-1].Route
	}
	return ""
}

func TestMatch(t *testing.T) {
	b := bank("a")
	b.info.Amounts = append(b.info.Amounts, payout.AmountRange{Min: payout.MustMoney("0.01 USD"), Max: payout.MustMoney("9999.99 USD")})
	account := payout.BankAccount{Number: payout.NewSecret("DE89370400440532013000"), BIC: "COBADEFF", BankCode: "37040044", BankName: "100000000111"}
	phone := payout.SBP{Phone: payout.NewSecret("+79261214249"), BankID: "100000000111", LastName: payout.NewSecret("Библброкс"), FirstName: payout.NewSecret("Зафод")}
	for _, row := range []struct {
		name    string
		match   dispatch.Match
		takes   bool
		because string
		change  func(*payout.Request)
	}{
		{"all", dispatch.Match{}, true, "", nil},
		{"currency", dispatch.Match{Currencies: []payout.Currency{payout.USD, payout.EUR}}, true, "", nil},
		{"another currency", dispatch.Match{Currencies: []payout.Currency{payout.USD}}, false, "another currency", nil},
		{"the least amount", dispatch.Match{Min: payout.MustMoney("10.00 EUR")}, true, "", nil},
		{"below the least amount", dispatch.Match{Min: payout.MustMoney("10.01 EUR")}, false, "below the least amount", nil},
		{"a least amount of another currency", dispatch.Match{Min: payout.MustMoney("1.00 USD")}, false, "below the least amount", nil},
		{"the greatest amount", dispatch.Match{Max: payout.MustMoney("10.00 EUR")}, true, "", nil},
		{"above the greatest amount", dispatch.Match{Max: payout.MustMoney("9.99 EUR")}, false, "above the greatest amount", nil},
		{"a greatest amount of another currency", dispatch.Match{Max: payout.MustMoney("99.00 USD")}, false, "above the greatest amount", nil},
		{"destination", dispatch.Match{Destinations: []string{"sbp", "card"}}, true, "", nil},
		{"another destination", dispatch.Match{Destinations: []string{"sbp"}}, false, "another kind of destination", nil},
		{"recipient's bank, where the destination names none", dispatch.Match{Banks: []string{"COBADEFF"}}, false, "another bank of the recipient", nil},
		{"recipient's bank by BIC", dispatch.Match{Banks: []string{"X", "COBADEFF"}}, true, "", func(r *payout.Request) { r.Destination = account }},
		{"recipient's bank by code", dispatch.Match{Banks: []string{"37040044"}}, true, "", func(r *payout.Request) { r.Destination = account }},
		{"another bank of the recipient", dispatch.Match{Banks: []string{"DEUTDEFF"}}, false, "another bank of the recipient", func(r *payout.Request) { r.Destination = account }},
		{"not by a field that names no bank", dispatch.Match{Banks: []string{"100000000111"}}, false, "another bank of the recipient", func(r *payout.Request) { r.Destination = account }},
		{"recipient's bank in SBP", dispatch.Match{Banks: []string{"100000000111"}}, true, "", func(r *payout.Request) { r.Destination = phone }},
		{"metadata", dispatch.Match{Metadata: map[string]string{"tier": "gold"}}, true, "", func(r *payout.Request) { r.Metadata = map[string]string{"tier": "gold", "x": "y"} }},
		{"other metadata", dispatch.Match{Metadata: map[string]string{"tier": "gold"}}, false, "other metadata", func(r *payout.Request) { r.Metadata = map[string]string{"tier": "tin"} }},
		{"no metadata", dispatch.Match{Metadata: map[string]string{"tier": ""}}, false, "other metadata", nil},
		{"all of it has to hold", dispatch.Match{Currencies: []payout.Currency{payout.EUR}, Metadata: map[string]string{"tier": "gold"}}, false, "other metadata", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := opened(t, dispatch.Config{Routes: []dispatch.Route{{Provider: "a", Match: row.match}}}, b)
			req := order("p-1")
			if row.change != nil {
				row.change(&req)
			}
			choices, err := d.Explain(t.Context(), req)
			require.NoError(t, err)
			assert.Equal(t, row.takes, choices[0].Taken)
			if row.takes {
				assert.Equal(t, "a", d.went(req))
				return
			}
			assert.Equal(t, row.because, choices[0].Why)
			_, err = d.Submit(t.Context(), req)
			require.ErrorIs(t, err, payout.ErrUnsupported)
		})
	}
}

func TestPriority(t *testing.T) {
	a, b := bank("a"), bank("b")
	d := opened(t, dispatch.Config{Routes: []dispatch.Route{{Provider: "a", Priority: 2, Weight: 1000}, {Provider: "b", Priority: -1}}}, a, b)
	for i := range 20 {
		assert.Equal(t, "b", d.went(order(fmt.Sprint("p-", i))))
	}
}

// Each route gets its share, and the same payout always goes the same way.
func TestWeight(t *testing.T) {
	const payouts = 4000
	routes := []dispatch.Route{{Provider: "a", Weight: 5}, {Provider: "b", Weight: 3}, {Provider: "c"}, {Provider: "c", Name: "c-2", Weight: 1}}
	d := opened(t, dispatch.Config{Routes: routes}, bank("a"), bank("b"), bank("c"))
	taken := func(d *desk, reference string) string {
		choices, err := d.Explain(t.Context(), order(reference))
		require.NoError(t, err)
		for _, c := range choices {
			if c.Taken {
				return c.Route
			}
		}
		return ""
	}
	got := map[string]int{}
	for i := range payouts {
		got[taken(d, fmt.Sprint("payout-", i))]++
	}
	for route, share := range map[string]float64{"a": 0.5, "b": 0.3, "c": 0.1, "c-2": 0.1} {
		assert.InDelta(t, share, float64(got[route])/payouts, 0.03, route)
	}
	// Without c the others keep what they had, and share what was c's.
	smaller := opened(t, dispatch.Config{Routes: routes[:2]}, bank("a"), bank("b"))
	moved := 0
	for i := range 500 {
		reference := fmt.Sprint("payout-", i)
		before, now := taken(d, reference), taken(smaller, reference)
		assert.Equal(t, before, taken(d.another(), reference), "the same in every process")
		if before != now {
			moved++
			assert.Contains(t, []string{"c", "c-2"}, before)
		}
	}
	assert.InDelta(t, 100, moved, 30)
}

// Which failures lead to the next route, and how many banks are tried.
func TestNextRoute(t *testing.T) {
	all := []payout.Reason{
		payout.ReasonUnknown, payout.ReasonInsufficientFunds, payout.ReasonLimitExceeded, payout.ReasonDestinationInvalid,
		payout.ReasonDestinationRestricted, payout.ReasonDeclined, payout.ReasonFraudControl, payout.ReasonExpired, payout.ReasonCancelled,
	}
	for _, row := range []struct {
		name string
		next []payout.Reason
		goes map[payout.Reason]bool
	}{
		{"by default", nil, map[payout.Reason]bool{payout.ReasonInsufficientFunds: true, payout.ReasonLimitExceeded: true, payout.ReasonDestinationInvalid: true}},
		{"as configured", []payout.Reason{payout.ReasonDeclined}, map[payout.Reason]bool{payout.ReasonDeclined: true}},
		{"none", []payout.Reason{}, nil},
	} {
		for _, reason := range all {
			t.Run(row.name+": "+reason.String(), func(t *testing.T) {
				a, b := bank("a").does(failed(reason)).tells(failed(reason)), bank("b")
				d := opened(t, dispatch.Config{NextRoute: row.next}, a, b)
				d.take(order("p-1"))
				if row.goes[reason] {
					e := d.until("p-1", dispatch.StatePaid)
					assert.Equal(t, []string{"intended", "created", "found", "intended", "created"}, d.happened("p-1"))
					assert.Equal(t, "b", e.Attempts[1].Provider)
					return
				}
				e := d.until("p-1", dispatch.StateFailed)
				assert.Equal(t, reason, e.Failure.Reason)
				assert.Zero(t, b.times())
			})
		}
	}
	short := func(names ...string) (banks []*teller) {
		for _, name := range names {
			banks = append(banks, bank(name).does(says(payout.StatusFailed)).tells(says(payout.StatusFailed)))
		}
		return banks
	}
	for most, want := range map[int]int{0: 3, 1: 1, 2: 2, 4: 4, 9: 5} {
		t.Run(fmt.Sprintf("%d banks at most", most), func(t *testing.T) {
			d := opened(t, dispatch.Config{MaxAttempts: most}, short("a", "b", "c", "d", "e")...)
			d.take(order("p-1"))
			e := d.until("p-1", dispatch.StateFailed)
			assert.Len(t, e.Attempts, want)
			assert.Equal(t, payout.ReasonInsufficientFunds, e.Failure.Reason)
			for _, b := range d.banks {
				assert.LessOrEqual(t, b.times(), 1)
			}
		})
	}
	t.Run("what never left does not count", func(t *testing.T) {
		banks := short("a", "b", "c")
		banks[0].does(fails(payout.ErrInvalid))
		banks[1].does(fails(payout.ErrUnsupported))
		banks[2].does(says(payout.StatusPaid))
		d := opened(t, dispatch.Config{MaxAttempts: 1}, banks...)
		d.take(order("p-1"))
		e := d.until("p-1", dispatch.StatePaid)
		assert.Len(t, e.Attempts, 3)
	})
	t.Run("two routes to one account are one bank", func(t *testing.T) {
		banks := short("a")
		d := opened(t, dispatch.Config{Routes: []dispatch.Route{{Provider: "a"}, {Provider: "a", Name: "a-2"}}}, banks...)
		d.take(order("p-1"))
		assert.Len(t, d.until("p-1", dispatch.StateFailed).Attempts, 1)
	})
	t.Run("none takes it by its own rules: failed, never sent", func(t *testing.T) {
		a, b := bank("a").does(fails(payout.ErrInvalid)), bank("b").does(fails(payout.ErrInvalid))
		d := opened(t, dispatch.Config{}, a, b)
		d.take(order("p-1"))
		e := d.until("p-1", dispatch.StateFailed)
		assert.Equal(t, []int{0, 0}, []int{e.Attempts[0].Transmissions, e.Attempts[1].Transmissions})
		assert.Equal(t, 2, a.times()+b.times())
	})
}

// The next route waits for the question that has to agree.
func TestNextRouteWaitsForAgreement(t *testing.T) {
	a, b := bank("a").does(says(payout.StatusFailed)).tells(fails(payout.ErrOutcomeUnknown), says(payout.StatusPending), says(payout.StatusPaid)), bank("b")
	d := opened(t, dispatch.Config{}, a, b)
	d.take(order("p-1"))
	assert.Equal(t, "closed", d.step("p-1").State.String())
	assert.Equal(t, "closed", d.step("p-1").State.String(), "no answer is not agreement")
	assert.Equal(t, "open", d.step("p-1").State.String(), "nor is this")
	assert.Equal(t, "paid", d.step("p-1").State.String())
	assert.Zero(t, b.times())
}

// What is proved absent is sent again to the same bank, whatever the number of banks
// that may be tried, and whichever route comes first.
func TestSentAgain(t *testing.T) {
	for _, most := range []int{1, 2, 3} {
		a, b := bank("a"), bank("b")
		b.info.Absence = payout.Absence{Proves: true, Times: 2}
		b.info.Dedup = payout.DedupRefuses
		a.does(fails(payout.ErrInvalid))
		b.does(fails(payout.ErrOutcomeUnknown), says(payout.StatusPaid), says(payout.StatusPaid))
		b.tells(func(ctx context.Context, asked payout.Ref) (payout.Payout, error) {
			if asked.Reference == "p-2" {
				return says(payout.StatusPaid)(ctx, asked)
			}
			return fails(payout.ErrNotFound)(ctx, asked)
		})
		d := opened(t, dispatch.Config{MaxAttempts: most, Routes: []dispatch.Route{
			{Provider: "b", Limits: []dispatch.Limit{{Name: "one", Count: 2}}}, {Provider: "a", Priority: 1},
		}}, a, b)
		d.take(order("p-1"))
		d.step("p-1")
		d.pass(time.Second)
		d.take(order("p-2")) // a later order, which the bank shows
		d.clock.set(d.load("p-2").Due)
		_, _, err := d.Step(t.Context(), "p-2")
		require.NoError(t, err)
		for range 100 {
			if e := d.load("p-1"); e.State == dispatch.StatePlanned || e.State.Final() {
				break
			}
			d.step("p-1")
			if e := d.load("p-2"); e.State == dispatch.StatePaid {
				require.NoError(t, d.hint("b", "p-2"))
				d.Step(t.Context(), "p-2")
			}
		}
		e := d.load("p-1")
		assert.Equal(t, "planned", e.State.String())
		assert.Equal(t, dispatch.Used{Count: 2}, d.used("one"), "it keeps its part of the limit")
		choices, err := d.Explain(t.Context(), order("p-1"))
		require.NoError(t, err)
		assert.True(t, choices[0].Taken, "the same bank again: %v", choices)
		e = d.step("p-1")
		assert.Equal(t, "paid", e.State.String(), "%d banks at most", most)
		assert.Len(t, e.Attempts, 1)
		assert.Equal(t, 2, e.Attempts[0].Transmissions)
		assert.Equal(t, dispatch.Used{Count: 2}, d.used("one"))
		assert.Equal(t, []string{"p-1", "p-2", "p-1"}, b.references())
	}
}
