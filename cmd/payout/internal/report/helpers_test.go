package report_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/cmd/payout/internal/report"
	"github.com/payoutkit/payout/dispatch"
)

// begin is when the batches of these tests are submitted.
var begin = time.Date(2026, time.November, 20, 8, 40, 0, 0, time.UTC)

const header = "reference,amount,currency,destination,card.number,recipient.name,description,return_url\n"

// read reads a registry's rows.
func read(t testing.TB, file string) (rows []batch.Row) {
	t.Helper()
	reader, err := batch.Open(strings.NewReader(file), int64(len(file)), batch.Options{})
	require.NoError(t, err)
	for {
		row, err := reader.Next()
		if err != nil {
			return rows
		}
		rows = append(rows, row)
	}
}

// stands is how a row's payout stands in a journal, with an attempt at each provider.
func stands(row batch.Row, s dispatch.State, took time.Duration, providers ...string) dispatch.Entry {
	e := dispatch.Entry{
		Reference: row.Reference, State: s, Amount: row.Request.Amount, Destination: payout.Masked(row.Request.Destination), CreatedAt: begin,
	}
	for i, provider := range providers {
		a := dispatch.Attempt{
			Provider: provider, State: dispatch.StateFailed, Failure: payout.Failure{Reason: payout.ReasonInsufficientFunds, Code: "116"},
			Transmissions: 1, FinalAt: begin.Add(took / 2),
		}
		if i == len(providers)-1 {
			a.State, a.FinalAt = s, time.Time{}
			if s == dispatch.StateFailed {
				e.Failure = a.Failure
			} else {
				a.Failure = payout.Failure{}
			}
			if s.Final() {
				a.FinalAt = begin.Add(took)
			}
		}
		e.Attempts = append(e.Attempts, a)
	}
	return e
}

// large is a batch of everything that there is, of n rows.
func large(t testing.TB, n int) report.Report {
	t.Helper()
	g := report.NewGatherer("salaries-2026-11", "payouts-november.csv", begin.Add(30*time.Hour))
	var file strings.Builder
	file.WriteString(header)
	for i := range n {
		currency := []string{"RUB", "RUB", "RUB", "KZT", "USD"}[i%5]
		fmt.Fprintf(&file, "pay-%05d,%d.%02d,%s,card,4111111111111111,IVAN PETROV,wages,https://example.com/back\n", i, 100+i%5000, i%100, currency)
		if i%701 == 0 {
			fmt.Fprintf(&file, "pay-%05d,10.425,%s,card,4111111111111112,IVAN PETROV,,\n", n+i, currency)
		}
	}
	for i, row := range read(t, file.String()) {
		if row.Err != nil {
			g.Wrong(row)
			continue
		}
		bank := map[string]string{"RUB": "all2pay-main", "KZT": "bereke-transit", "USD": "connpay-eu"}[row.Request.Amount.Currency().Code()]
		wave := float64(i%977) / 977
		took := time.Duration(math.Exp(wave*9) * float64(700*time.Millisecond))
		var e dispatch.Entry
		switch {
		case i%997 == 3:
			e = stands(row, dispatch.StateReview, 0, bank)
			e.Review = []dispatch.Review{dispatch.ReviewDeadline, dispatch.ReviewContradiction}[i%2]
		case i%401 == 5:
			e = stands(row, dispatch.StateOpen, 0, bank)
		case i%503 == 7:
			e = stands(row, dispatch.StateAwaiting, 0)
		case i%1501 == 9:
			e = stands(row, dispatch.StateReturned, took, bank)
		case i%43 == 11:
			e = stands(row, dispatch.StateFailed, took, bank)
			e.Failure.Reason = payout.Reason(i / 43 % 7)
			e.Attempts[0].Failure.Reason = e.Failure.Reason
		case i%37 == 13:
			e = stands(row, dispatch.StatePaid, took+time.Minute, bank, "reserve")
		case i%601 == 17:
			require.NoError(t, g.Missing(row))
			continue
		default:
			e = stands(row, dispatch.StatePaid, took, bank)
		}
		late := time.Duration(i%400) * time.Minute
		e.CreatedAt = e.CreatedAt.Add(late)
		for j := range e.Attempts {
			if !e.Attempts[j].FinalAt.IsZero() {
				e.Attempts[j].FinalAt = e.Attempts[j].FinalAt.Add(late)
			}
		}
		require.NoError(t, g.Payout(row, e, nil))
	}
	return g.Report()
}

// evil is a text that would become markup wherever it is not escaped.
func evil(name string) string {
	return `</text><b class="evil">` + name + `</b></style></title></svg><script>alert(1)</script><img src=x onerror=alert(1)>"'` + "`{{.}}&amp;"
}

// hostile is a report of a batch whose every text is evil.
func hostile(t testing.TB) report.Report {
	t.Helper()
	g := report.NewGatherer(evil("batch"), evil("file"), begin)
	rows := read(t, header+"a-1,1.00,RUB,card,4111111111111111,IVAN PETROV,<script>,\na-2,2.00,RUB,card,4111111111111111,,,\n<script>1,x,<img src=x>,card,1,,,\n")
	require.Len(t, rows, 3)
	e := stands(rows[0], dispatch.StateFailed, time.Second, evil("bank"), evil("second"))
	e.Attempts[0].Failure.Code, e.Failure.Code = evil("code"), evil("code")
	require.NoError(t, g.Payout(rows[0], e, []dispatch.Event{{Alarms: []dispatch.AlarmKind{dispatch.AlarmKind(evil("alarm"))}}}))
	e = stands(rows[1], dispatch.StatePaid, time.Second, evil("bank"))
	e.Decision = dispatch.Decision{Outcome: dispatch.StatePaid, By: evil("clerk"), Evidence: "x", At: begin.Add(time.Minute)}
	e.Amount = payout.MustMoney("3.00 RUB")
	require.NoError(t, g.Payout(rows[1], e, nil))
	g.Wrong(rows[2])
	return g.Report()
}
