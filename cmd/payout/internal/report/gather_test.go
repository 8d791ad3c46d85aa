package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/cmd/payout/internal/report"
	"github.com/payoutkit/payout/dispatch"
)

// Every number of a small batch, by hand.
func TestReport(t *testing.T) {
	t.Parallel()
	rows := read(t, header+
		"p-1,10.10,RUB,card,4111111111111111,,,\n"+ // line 2
		"p-2,20.20,RUB,card,4111111111111111,,,\n"+
		"p-3,30.30,KZT,card,4111111111111111,,,\n"+
		"p-4,1e3,RUB,card,4111111111111111,,,\n"+ // line 5: wrong
		"p-5,50.00,RUB,card,4111111111111111,,,\n"+
		"p-6,60.00,RUB,card,4111111111111111,,,\n"+
		"p-7,70.00,RUB,card,4111111111111111,,,\n"+
		"p-8,80.00,RUB,card,4111111111111111,,,\n"+
		"p-9,90.00,RUB,card,4111111111111111,,,\n"+
		"\"p-10,1.00,RUB\np-11,1.00,RUB,card,4111111111111111,,,\n") // line 11, and line 12 can't be told
	require.Len(t, rows, 10)
	g := report.NewGatherer("b-1", "file.csv", begin.Add(time.Hour))
	add := func(row int, e dispatch.Entry, alarms ...dispatch.AlarmKind) {
		require.NoError(t, g.Payout(rows[row], e, []dispatch.Event{{At: begin.Add(time.Minute)}, {At: begin.Add(2 * time.Minute), Alarms: alarms}}))
	}
	add(0, stands(rows[0], dispatch.StatePaid, 1500*time.Millisecond, "one"))
	add(1, stands(rows[1], dispatch.StatePaid, 30*time.Second, "one", "two"))
	add(2, stands(rows[2], dispatch.StateFailed, 3*time.Second, "two"))
	g.Wrong(rows[3])
	review := stands(rows[4], dispatch.StateReview, 0, "one")
	review.Review = dispatch.ReviewDeadline
	add(4, review, dispatch.AlarmDeadline)
	expired := stands(rows[5], dispatch.StateFailed, 0) // nothing of it was sent in time
	expired.Failure.Reason = payout.ReasonExpired
	add(5, expired)
	require.NoError(t, g.Missing(rows[6]))
	changed := stands(rows[7], dispatch.StatePaid, time.Second, "one")
	changed.Amount = payout.MustMoney("800.00 RUB")
	add(7, changed)
	decided := stands(rows[8], dispatch.StatePaid, time.Second, "one")
	decided.Decision = dispatch.Decision{Outcome: dispatch.StatePaid, By: "A. Clerk", At: begin.Add(20 * time.Minute)}
	add(8, decided, dispatch.AlarmContradiction, dispatch.AlarmContradiction)
	g.Wrong(rows[9])
	r := g.Report()

	require.Equal(t, []int{10, 2, 1, 8}, []int{r.Rows, r.Wrong, r.UnreadLines, r.Right()})
	require.Equal(t, 4, r.Person, "two wrong rows, a review, a changed row; the alarm has been decided about")
	require.Equal(t, 1, r.Changed)
	require.Equal(t, begin, r.Begin)
	require.Zero(t, r.End, "one is in review, and one was not submitted")
	rub := func(amount string) payout.Money { return payout.MustMoney(amount + " RUB") }
	require.Equal(t, []report.Share{
		{Provider: "one", Outcome: report.Paid, Payouts: 3, Sum: rub("900.10")},
		{Provider: "one", Outcome: report.Review, Payouts: 1, Sum: rub("50.00")},
		{Provider: "two", Outcome: report.Paid, Payouts: 1, Sum: rub("20.20")},
		{Provider: "two", Outcome: report.Failed, Payouts: 1, Sum: payout.MustMoney("30.30 KZT")},
		{Outcome: report.Failed, Payouts: 1, Sum: rub("60.00")},
		{Outcome: report.Missing, Payouts: 1, Sum: rub("70.00")},
	}, r.Shares)
	require.Equal(t, []report.Failure{
		{Provider: "two", Reason: payout.ReasonInsufficientFunds, Code: "116", Attempts: 1, Payouts: 1},
		{Provider: "one", Reason: payout.ReasonInsufficientFunds, Code: "116", Attempts: 1},
		{Reason: payout.ReasonExpired, Payouts: 1},
	}, r.Failures)
	require.Equal(t, []report.Attempts{{0, 1}, {1, 5}, {2, 1}}, r.Attempts)
	require.Equal(t, []report.Failover{{From: "one", To: "two", Payouts: 1, Paid: 1}}, r.Failovers)
	require.Equal(t, []report.Counted{{"deadline", 1}}, r.Reviews)
	require.Equal(t, []report.Counted{{"contradiction", 1}, {"deadline", 1}}, r.Alarms)
	require.Equal(t, int64(60), r.Each)
	require.Equal(t, []report.Period{
		{From: begin, Paid: 3, Failed: 1},
		{From: begin.Add(2 * time.Minute), Failed: 1}, // the last thing that happened to it
		{From: begin.Add(20 * time.Minute), Paid: 1},  // when the clerk decided
	}, r.Periods)
	require.Equal(t, []report.Lasted{
		{UpTo: time.Second, Paid: 1}, {UpTo: 2 * time.Second, Paid: 1}, {UpTo: 5 * time.Second, Failed: 1}, {UpTo: 10 * time.Second},
		{UpTo: 30 * time.Second, Paid: 1}, {UpTo: time.Minute}, {UpTo: 2 * time.Minute, Failed: 1}, {UpTo: 5 * time.Minute},
		{UpTo: 10 * time.Minute}, {UpTo: 30 * time.Minute, Paid: 1},
	}, r.Lasted)
	require.Equal(t, report.Times{Provider: "", Payouts: 6, Least: 1000, Median: r.Times[0].Median, P90: 1200000, P99: 1200000, Most: 1200000}, r.Times[0])
	require.InEpsilon(t, 3000, r.Times[0].Median, 0.05)

	why := func(l report.List) (out []string) {
		for _, row := range l.Rows {
			out = append(out, fmt.Sprintf("%d %s: %s", row.Line, row.Outcome, row.Why))
		}
		return out
	}
	require.Equal(t, []string{
		"6 review: the bank was asked until the deadline, and its answers prove nothing",
		"9 paid: the file has another amount or destination under this reference now; this is what was submitted",
	}, why(r.ForPerson))
	require.Equal(t, []string{"4 failed: insufficient funds 116", "7 failed: expired"}, why(r.Failed))
	require.Equal(t, []string{"8 not submitted: the journal does not have it"}, why(r.NotSent))
	require.Len(t, r.WrongRows.Rows, 2)
	require.Contains(t, r.WrongRows.Rows[1].Why, "and the lines to 12 were not read")
}

// An alarm that nobody has decided about needs a person, though the payout is final; so
// does money that came back.
func TestPerson(t *testing.T) {
	t.Parallel()
	row := read(t, header+"p-1,10.10,RUB,card,4111111111111111,,,\n")[0]
	for _, c := range []struct {
		name   string
		state  dispatch.State
		alarm  dispatch.AlarmKind
		person int
	}{
		{"paid", dispatch.StatePaid, "", 0},
		{"paid after the deadline's alarm", dispatch.StatePaid, dispatch.AlarmDeadline, 0},
		{"paid after all", dispatch.StatePaid, dispatch.AlarmContradiction, 1},
		{"failed", dispatch.StateFailed, "", 0},
		{"returned", dispatch.StateReturned, "", 1},
		{"returned, with its alarm", dispatch.StateReturned, dispatch.AlarmReturned, 1},
		{"on its way", dispatch.StateOpen, "", 0},
		{"a state that nobody knows", dispatch.State(99), "", 0},
		{"waiting", dispatch.StateAwaiting, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var history []dispatch.Event
			if c.alarm != "" {
				history = append(history, dispatch.Event{Alarms: []dispatch.AlarmKind{c.alarm}})
			}
			for _, decided := range []bool{false, true} {
				e := stands(row, c.state, time.Second, "one")
				want := c.person
				if decided {
					e.Decision, want = dispatch.Decision{Outcome: c.state, By: "A. Clerk", At: begin}, 0
				}
				g := report.NewGatherer("", "f", begin)
				require.NoError(t, g.Payout(row, e, history))
				r := g.Report()
				require.Equal(t, want, r.Person)
				require.Equal(t, want, r.ForPerson.All)
			}
		})
	}
}

// Sums are exact to the end of what can be counted, and not a unit further.
func TestSumsOverflow(t *testing.T) {
	t.Parallel()
	row := read(t, header+"p-1,92233720368547758.06,RUB,card,4111111111111111,,,\np-2,0.01,RUB,card,4111111111111111,,,\n")
	g := report.NewGatherer("", "f", begin)
	require.NoError(t, g.Missing(row[0]))
	require.NoError(t, g.Missing(row[1]))
	require.Equal(t, "92233720368547758.07 RUB", g.Report().Shares[0].Sum.String())
	require.ErrorIs(t, g.Missing(row[1]), payout.ErrMoneyOverflow)
}

// What goes in does not come out: no card number, no name, no address of a page.
func TestSecrecy(t *testing.T) {
	t.Parallel()
	r := large(t, 2000)
	var page bytes.Buffer
	require.NoError(t, report.WriteHTML(&page, r, time.UTC))
	object, err := json.Marshal(r)
	require.NoError(t, err)
	for _, out := range []string{page.String(), string(object), fmt.Sprintf("%+v", r)} {
		require.Contains(t, out, "411111******1111")
		for _, secret := range []string{"4111111111111111", "4111111111111112", "IVAN", "PETROV", "wages", "example.com", "http:", "https:"} {
			require.NotContains(t, out, secret)
		}
	}
}

// A hundred thousand rows more take no more memory.
func TestMemory(t *testing.T) {
	row := read(t, header+"p-1,1.00,RUB,card,4111111111111111,,,\n")[0]
	g := report.NewGatherer("", "f", begin)
	add := func(from, to int) uint64 {
		for i := from; i < to; i++ {
			row.Line = i
			e := stands(row, []dispatch.State{dispatch.StatePaid, dispatch.StateFailed, dispatch.StateReview, dispatch.StateAwaiting, dispatch.StateOpen}[i%5],
				time.Duration(i)*time.Second, "one", "two")
			e.Failure.Code = fmt.Sprint(i)
			e.Attempts[1].Failure.Code = fmt.Sprint(i)
			require.NoError(t, g.Payout(row, e, nil))
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := add(0, 200_000) // 2.3 days, by the minute: it has gone over to hours
	after := add(200_000, 300_000)
	require.Less(t, float64(after)-float64(before), 256e3)
	r := g.Report()
	require.Equal(t, int64(3600), r.Each)
	require.Less(t, len(r.Failures), 210)
	require.Len(t, r.Failed.Rows, 300)
	require.Equal(t, 60_000, r.Failed.All)
	n := 0
	for _, p := range r.Periods {
		n += p.Paid + p.Failed
	}
	require.Equal(t, 120_000, n)
}

// Percentiles against those of the sorted durations.
func TestPercentiles(t *testing.T) {
	t.Parallel()
	row := read(t, header+"p-1,1.00,RUB,card,4111111111111111,,,\n")[0]
	g := report.NewGatherer("", "f", begin)
	var all []int64
	for i := range int64(5000) {
		took := i*i*i%100_000_007 + 3
		all = append(all, took)
		require.NoError(t, g.Payout(row, stands(row, dispatch.StatePaid, time.Duration(took)*time.Millisecond, "one"), nil))
	}
	slices.Sort(all)
	got := g.Report().Times[0]
	require.Equal(t, []int64{all[0], all[4999]}, []int64{got.Least, got.Most})
	for _, c := range []struct{ exact, got int64 }{{all[2499], got.Median}, {all[4499], got.P90}, {all[4949], got.P99}} {
		require.GreaterOrEqual(t, c.got, c.exact)
		require.LessOrEqual(t, float64(c.got), 1.05*float64(c.exact))
	}
}
