package dispatch_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// limited is a dispatcher with one bank and limits on the way there.
func limited(t *testing.T, b *teller, limits ...dispatch.Limit) *desk {
	return opened(t, dispatch.Config{Routes: []dispatch.Route{{Provider: "a", Limits: limits}}}, b)
}

// sends submits a payout and steps it once.
func (d *desk) sends(reference, amount string) dispatch.Entry {
	d.t.Helper()
	req := order(reference)
	req.Amount = payout.MustMoney(amount)
	d.take(req)
	_, _, err := d.Step(d.t.Context(), reference)
	require.NoError(d.t, err)
	return d.load(reference)
}

func TestLimitOfCount(t *testing.T) {
	b := bank("a")
	d := limited(t, b, dispatch.Limit{Name: "two", Count: 2})
	assert.Equal(t, "paid", d.sends("p-1", "10.00 EUR").State.String())
	assert.Equal(t, "paid", d.sends("p-2", "9999.99 EUR").State.String())
	e := d.sends("p-3", "0.01 EUR")
	assert.Equal(t, []any{"planned", 1}, []any{e.State.String(), e.Deferred})
	assert.Equal(t, began.Add(5*time.Second), e.Due, "it is looked at again")
	assert.Equal(t, dispatch.Used{Count: 2}, d.used("two"))
	assert.Equal(t, 2, b.times())
	assert.Equal(t, payout.ReasonExpired, d.until("p-3", dispatch.StateFailed).Failure.Reason)
	assert.Equal(t, 2, b.times())
}

func TestLimitOfAmount(t *testing.T) {
	b := bank("a")
	b.info.Amounts = append(b.info.Amounts, payout.AmountRange{Min: payout.MustMoney("0.01 USD"), Max: payout.MustMoney("9999.99 USD")})
	d := limited(t, b, dispatch.Limit{Name: "hundred", Amount: payout.MustMoney("100.00 EUR")})
	assert.Equal(t, "planned", d.sends("p-1", "100.01 EUR").State.String())
	assert.Equal(t, "paid", d.sends("p-2", "60.00 EUR").State.String())
	assert.Equal(t, "planned", d.sends("p-3", "40.01 EUR").State.String())
	assert.Equal(t, "paid", d.sends("p-4", "40.00 EUR").State.String())
	assert.Equal(t, dispatch.Used{Count: 2, Minor: 10000}, d.used("hundred"))
	assert.Equal(t, "planned", d.sends("p-5", "0.01 EUR").State.String())
	assert.Equal(t, "paid", d.sends("p-6", "500.00 USD").State.String(), "it bounds payouts in its own currency")
	assert.Equal(t, dispatch.Used{Count: 2, Minor: 10000}, d.used("hundred"))
}

func TestLimitOfBoth(t *testing.T) {
	d := limited(t, bank("a"), dispatch.Limit{Name: "both", Amount: payout.MustMoney("100.00 EUR"), Count: 2}, dispatch.Limit{Name: "all", Count: 2})
	d.sends("p-1", "10.00 EUR")
	assert.Equal(t, "planned", d.sends("p-2", "90.01 EUR").State.String(), "the amount")
	assert.Equal(t, dispatch.Used{Count: 1}, d.used("all"), "what one limit turns down takes nothing of the other")
	d.sends("p-3", "1.00 EUR")
	assert.Equal(t, "planned", d.sends("p-4", "1.00 EUR").State.String(), "the count")
}

// Periods are the calendar's, in the bank's zone.
func TestLimitPeriods(t *testing.T) {
	almaty := time.FixedZone("Almaty", 5*60*60)
	day := func(zone *time.Location) dispatch.Limit {
		return dispatch.Limit{Name: "day", Count: 1, Period: dispatch.Daily, Zone: zone}
	}
	at := func(text string) time.Time {
		when, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		return when
	}
	for _, row := range []struct {
		name          string
		limit         dispatch.Limit
		first, second string
		free          bool
		bucket        string
	}{
		{"forever", dispatch.Limit{Name: "day", Count: 1}, "2026-11-22T10:00:00Z", "2036-11-22T10:00:00Z", false, "day"},
		{"the same day", day(nil), "2026-11-22T10:00:00Z", "2026-11-22T23:59:59Z", false, "day/2026-11-22"},
		{"the next day", day(nil), "2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z", true, "day/2026-11-22"},
		{"the same day there, another one in UTC", day(almaty), "2026-11-22T19:00:00Z", "2026-11-23T18:59:59Z", false, "day/2026-11-23"},
		{"midnight there, the same day in UTC", day(almaty), "2026-11-22T18:59:59Z", "2026-11-22T19:00:00Z", true, "day/2026-11-22"},
		{"the same hour", dispatch.Limit{Name: "day", Count: 1, Period: dispatch.Hourly}, "2026-11-22T10:00:00Z", "2026-11-22T10:59:59Z", false, "day/2026-11-22T10Z"},
		{"the next hour", dispatch.Limit{Name: "day", Count: 1, Period: dispatch.Hourly}, "2026-11-22T10:59:59Z", "2026-11-22T11:00:00Z", true, "day/2026-11-22T10Z"},
		{"the same month", dispatch.Limit{Name: "day", Count: 1, Period: dispatch.Monthly, Zone: almaty}, "2026-10-31T19:00:00Z", "2026-11-30T18:59:59Z", false, "day/2026-11"},
		{"the next month", dispatch.Limit{Name: "day", Count: 1, Period: dispatch.Monthly, Zone: almaty}, "2026-11-30T18:59:59Z", "2026-11-30T19:00:00Z", true, "day/2026-11"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := limited(t, bank("a"), row.limit)
			d.clock.at = at(row.first)
			d.sends("p-1", "1.00 EUR")
			assert.Equal(t, dispatch.Used{Count: 1}, d.used(row.bucket))
			d.clock.at = at(row.second)
			want := "planned"
			if row.free {
				want = "paid"
			}
			assert.Equal(t, want, d.sends("p-2", "1.00 EUR").State.String())
		})
	}
	t.Run("the hour that a change of clocks repeats is two hours", func(t *testing.T) {
		berlin, err := time.LoadLocation("Europe/Berlin")
		require.NoError(t, err)
		d := limited(t, bank("a"), dispatch.Limit{Name: "hour", Count: 1, Period: dispatch.Hourly, Zone: berlin})
		d.clock.at = at("2026-10-25T00:30:00Z") // 02:30 summer time
		assert.Equal(t, "paid", d.sends("p-1", "1.00 EUR").State.String())
		d.clock.at = at("2026-10-25T01:30:00Z") // 02:30 winter time
		assert.Equal(t, "paid", d.sends("p-2", "1.00 EUR").State.String())
	})
	t.Run("the next period has room again for what waits", func(t *testing.T) {
		b := bank("a")
		d := limited(t, b, day(nil))
		d.sends("p-1", "1.00 EUR")
		d.sends("p-2", "1.00 EUR")
		e := d.until("p-2", dispatch.StatePaid)
		assert.Equal(t, "2026-11-23", e.Attempts[0].IntentAt.Format(time.DateOnly))
		assert.Equal(t, dispatch.Used{Count: 1}, d.used("day/2026-11-22"))
		assert.Equal(t, dispatch.Used{Count: 1}, d.used("day/2026-11-23"))
	})
}

// Routes that name the same limit share it; what is used up there goes elsewhere.
func TestLimitShared(t *testing.T) {
	all := []dispatch.Limit{{Name: "all", Count: 3}}
	d := opened(t, dispatch.Config{Routes: []dispatch.Route{
		{Provider: "a", Limits: append([]dispatch.Limit{{Name: "mine", Count: 1}}, all...)},
		{Provider: "b", Priority: 1, Limits: all},
		{Provider: "c", Priority: 2},
	}}, bank("a"), bank("b"), bank("c"))
	var went []string
	for i := range 5 {
		e := d.sends(fmt.Sprint("p-", i), "1.00 EUR")
		went = append(went, e.Attempts[0].Provider)
	}
	assert.Equal(t, []string{"a", "b", "b", "c", "c"}, went)
	assert.Equal(t, dispatch.Used{Count: 3}, d.used("all"))
	assert.Equal(t, dispatch.Used{Count: 1}, d.used("mine"))
}

// A part of a limit is given back when it is certain that it was not paid, and only
// then.
func TestLimitReleased(t *testing.T) {
	limit := dispatch.Limit{Name: "one", Amount: payout.MustMoney("100.00 EUR"), Count: 1}
	held, free := dispatch.Used{Count: 1, Minor: 1000}, dispatch.Used{}
	for _, row := range []struct {
		name   string
		create reply
		find   []reply
		steps  int
		want   dispatch.Used
	}{
		{"paid", says(payout.StatusPaid), nil, 1, held},
		{"pending", says(payout.StatusPending), nil, 1, held},
		{"unknown", fails(payout.ErrOutcomeUnknown), nil, 1, held},
		{"unknown, not found, for ever", fails(payout.ErrOutcomeUnknown), []reply{fails(payout.ErrNotFound)}, 20, held},
		{"failed, and nothing has agreed yet", says(payout.StatusFailed), []reply{fails(payout.ErrOutcomeUnknown)}, 5, held},
		{"failed, and the question agrees", says(payout.StatusFailed), []reply{says(payout.StatusFailed)}, 2, free},
		{"failed, and not found after that", says(payout.StatusFailed), []reply{fails(payout.ErrNotFound)}, 2, free},
		{"failed, and paid after all", says(payout.StatusFailed), []reply{says(payout.StatusPaid)}, 2, held},
		{"not sent", fails(payout.ErrNotSent), nil, 1, free},
		{"rate limited", fails(payout.ErrRateLimited), nil, 1, free},
		{"unauthorized", fails(payout.ErrUnauthorized), nil, 1, free},
		{"invalid", fails(payout.ErrInvalid), nil, 1, free},
		{"paid, then returned", says(payout.StatusPaid), []reply{says(payout.StatusReturned)}, 2, held},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := limited(t, bank("a").does(row.create).tells(row.find...), limit)
			d.take(order("p-1"))
			for range row.steps {
				d.step("p-1")
			}
			assert.Equal(t, row.want, d.used("one"), "%v", d.happened("p-1"))
		})
	}
	t.Run("a person says that it was not paid", func(t *testing.T) {
		d := limited(t, bank("a").does(fails(payout.ErrOutcomeUnknown)).tells(fails(payout.ErrNotFound)), limit)
		d.take(order("p-1"))
		d.until("p-1", dispatch.StateReview)
		assert.Equal(t, held, d.used("one"))
		_, err := d.Resolve(t.Context(), "p-1", dispatch.StateFailed, "a letter", "Ann")
		require.NoError(t, err)
		assert.Equal(t, free, d.used("one"))
	})
	t.Run("given back to the period that it was taken from", func(t *testing.T) {
		limit.Period = dispatch.Daily
		d := limited(t, bank("a").does(says(payout.StatusFailed)).tells(says(payout.StatusFailed)), limit)
		d.clock.at = time.Date(2026, 11, 22, 23, 59, 59, 0, time.UTC)
		d.take(order("p-1"))
		d.Step(t.Context(), "p-1")
		d.pass(time.Minute)
		d.Step(t.Context(), "p-1")
		assert.Equal(t, free, d.used("one/2026-11-22"))
		assert.Equal(t, free, d.used("one/2026-11-23"))
	})
}

// However many send at once, from however many processes.
func TestLimitTogether(t *testing.T) {
	b := bank("a")
	d := limited(t, b, dispatch.Limit{Name: "seven", Count: 7})
	var wg sync.WaitGroup
	for p := range 4 {
		other := d.another()
		for i := range 10 {
			wg.Go(func() {
				reference := fmt.Sprintf("p-%d-%d", p, i)
				_, err := other.Submit(t.Context(), order(reference))
				assert.NoError(t, err)
				_, _, err = other.Step(t.Context(), reference)
				assert.NoError(t, err)
			})
		}
	}
	wg.Wait()
	assert.Equal(t, 7, b.times())
	assert.Equal(t, dispatch.Used{Count: 7}, d.used("seven"))
}
