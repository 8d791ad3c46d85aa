package reconcile_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/reconcile"
)

func written(t *testing.T, r *reconcile.Report) (asCSV, asJSON string) {
	t.Helper()
	var c, j bytes.Buffer
	require.NoError(t, r.WriteCSV(&c))
	require.NoError(t, r.WriteJSON(&j))
	return c.String(), j.String()
}

func TestWrite(t *testing.T) {
	c := config(journal(t, entry("p-1", dispatch.StateReview, attempt("p-1", dispatch.StateUnknown))))
	c.Provider = "bank"
	r := run(t, c, statement(`p-1,-1499.99,RUB,2026-11-15T15:00:01+03:00`, `who-1,-1.00,RUB,2026-11-15T12:00:01Z`, `p-2,x,RUB,2026-11-15T12:00:01Z`))
	asCSV, asJSON := written(t, r)
	assert.Equal(t, `kind,line,other_line,reference,attempt,provider,state,bank_reference,provider_id,amount,currency,expected,expected_currency,at,rule
amount,2,,p-1,1,bank,review,p-1,id-p-1,1499.99,RUB,1500.00,RUB,2026-11-15T15:00:01+03:00,
debited_review,2,,p-1,1,bank,review,p-1,id-p-1,,,1500.00,RUB,,
unmatched,3,,,,bank,,who-1,,1.00,RUB,,,2026-11-15T12:00:01Z,
problem,4,,,,,,,,,,,,,"column 2 (amount): must be an optional minus, digits, and optionally the decimal sign and digits"
`, asCSV)
	assert.JSONEq(t, `{
		"account": "bank.example/login", "provider": "bank", "from": "2026-11-01T00:00:00Z", "before": "2026-12-01T00:00:00Z",
		"debits": {"rows": 2, "sums": [{"amount": "1500.99", "currency": "RUB"}]}, "credits": {"rows": 0, "sums": null},
		"matched": {"rows": 1, "sums": [{"amount": "1499.99", "currency": "RUB"}]}, "outside": 0,
		"findings": [
			{"kind": "amount", "line": 2, "reference": "p-1", "attempt": 1, "provider": "bank", "state": "review", "bank_reference": "p-1",
				"provider_id": "id-p-1", "amount": {"amount": "1499.99", "currency": "RUB"}, "expected": {"amount": "1500.00", "currency": "RUB"}, "at": "2026-11-15T15:00:01+03:00"},
			{"kind": "debited_review", "line": 2, "reference": "p-1", "attempt": 1, "provider": "bank", "state": "review", "bank_reference": "p-1",
				"provider_id": "id-p-1", "expected": {"amount": "1500.00", "currency": "RUB"}},
			{"kind": "unmatched", "line": 3, "provider": "bank", "bank_reference": "who-1", "amount": {"amount": "1.00", "currency": "RUB"}, "at": "2026-11-15T12:00:01Z"}
		],
		"problems": [{"line": 4, "column": 2, "name": "amount", "rule": "must be an optional minus, digits, and optionally the decimal sign and digits"}]
	}`, asJSON)

	_, empty := written(t, run(t, config(journal(t)), statement()))
	assert.Contains(t, empty, `"findings": []`)
}

// A spreadsheet that opens the report calculates nothing that somebody else wrote.
func TestNoFormulas(t *testing.T) {
	var entries []dispatch.Entry
	var rows []string
	for i, prefix := range []string{"=", "+", "-", "@", "\t", "\r"} {
		reference := fmt.Sprintf("%sHYPERLINK%d", prefix, i)
		a := attempt(fmt.Sprintf("p-%d", i), dispatch.StateFailed)
		a.ProviderID, a.Provider = reference, prefix+"bank"
		entries = append(entries, entry(reference, dispatch.StateFailed, a))
		rows = append(rows, fmt.Sprintf("p-%d,-1500.00,RUB,2026-11-15T12:00:01Z", i))
	}
	asCSV, _ := written(t, run(t, config(journal(t, entries...)), statement(rows...)))
	all, err := csv.NewReader(strings.NewReader(asCSV)).ReadAll()
	require.NoError(t, err)
	require.Len(t, all, 7)
	for _, row := range all[1:] {
		require.True(t, strings.HasPrefix(row[3], "'"), row[3])
		for _, cell := range row {
			require.False(t, cell != "" && strings.Contains("=+-@\t\r", cell[:1]), cell)
		}
	}
	// The header of a file is the bank's, and so is the name of a column.
	l := layout()
	l.Columns.Amount = "=1+1"
	asCSV, _ = written(t, read(t, l, "reference,=1+1,currency,time\np-1,x,RUB,2026-11-15T12:00:01Z\n"))
	require.NotContains(t, asCSV, "\n=")
	require.NotContains(t, asCSV, ",=")
}

// What a statement says of people is nowhere in what comes of it: not the text beside
// the columns, nor what stands in them if they are the wrong ones.
func TestSecrecy(t *testing.T) {
	const card = "4111111111111111"
	secrets := []string{card, "4111-1111-1111-1111", "4111 1111 1111 1111", "IVANOV", "Petrov", "+79261214249", "79261214249"}
	heard := &ears{Observer: dispatch.NoObserver()}
	c := config(journal(t, entry("p-1", dispatch.StateReview, attempt("p-1", dispatch.StateUnknown))))
	c.Observer = heard
	c.Layout.Columns.ProviderID = "id"
	var b strings.Builder
	b.WriteString("note,id," + header)
	for _, s := range secrets {
		for column := range 6 {
			if column == 3 && s == "79261214249" {
				continue // nobody can tell it from an amount
			}
			fields := []string{"x", "7", "p-7", "-1500.00", "RUB", "2026-11-15T12:00:01Z"}
			fields[column] = s
			b.WriteString(strings.Join(fields, ",") + "\n")
		}
		b.WriteString(s + ",7,p-1,-1500.00,RUB,2026-11-15T12:00:01Z\n")
		b.WriteString(s + "\n")
	}
	b.WriteString("\"" + strings.Join(secrets, "\n"))
	r := run(t, c, b.String())
	require.NotEmpty(t, heard.heard)
	require.True(t, r.Unread)
	asCSV, asJSON := written(t, r)
	shown := asCSV + asJSON + fmt.Sprintf("%+v %#v", r, heard.heard) + strings.Join(texts(r), "\n")
	for _, s := range secrets {
		require.False(t, strings.Contains(shown, s), s)
	}
	require.Contains(t, shown, "411111******1111")
	require.Contains(t, shown, "p-7")
}
