package demo

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// outcome is what becomes of a row of the sample: provider, status, reason, and
// whether the answer was lost.
type outcome struct {
	provider, status, reason string
	lost                     bool
	attempts                 int
}

// outcomes of the sample by reference. Rows that are not here are paid by their
// currency's provider, with an answer.
var outcomes = map[string]outcome{
	"pay-009": {"all2pay", "failed", "destination_restricted", false, 1},
	"pay-011": {"reserve", "paid", "", false, 2}, // the first account has run dry
	"pay-012": {"all2pay", "paid", "", true, 1},
	"pay-014": {"connpay", "failed", "declined", false, 1},
	"pay-017": {"", "not_sent", "malformed", false, 0},
	"pay-019": {"bereke", "paid", "", true, 1},
	"pay-020": {"reserve", "not_sent", "invalid", false, 0},
	"pay-022": {"connpay", "paid", "", true, 1},
	"pay-025": {"all2pay", "paid", "", true, 1},
	"pay-026": {"connpay", "review", "a_person_must_look", false, 1},
	"pay-027": {"bereke", "not_sent", "invalid", false, 0},
	"pay-033": {"all2pay", "paid", "", true, 1},
	"pay-034": {"", "not_sent", "unsupported", false, 0},
}

var byCurrency = map[string]string{"RUB": "all2pay", "KZT": "bereke", "USD": "connpay", "EUR": "connpay"}

// sampleRows are the rows of the sample by column, read by encoding/csv.
func sampleRows(t *testing.T) (rows []map[string]string) {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(sample)).ReadAll()
	require.NoError(t, err)
	for _, r := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = r[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func TestSample(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, Run(t.Context(), Options{Out: &out, JSON: true}))
	all := parse(t, out.Bytes())
	rows := sampleRows(t)
	results := of(all, "payout")
	require.GreaterOrEqual(t, len(rows), 30)
	require.Len(t, results, len(rows))
	lost := 0
	for i, r := range results {
		row := rows[i]
		want, special := outcomes[row["reference"]]
		if !special {
			want = outcome{byCurrency[row["currency"]], "paid", "", false, 1}
		}
		require.Equal(t, row["reference"], r.Reference, "in the order of the file")
		require.Equal(t, i+2, r.Line)
		require.Equal(t, want, outcome{r.Provider, r.Status, r.Reason, r.AnswerLost, r.Attempts}, r.Reference)
		require.NotNil(t, r.Millis)
		if r.Reason != "malformed" {
			require.Equal(t, row["currency"], r.Amount.Currency().Code())
			require.Equal(t, row["amount"], r.Amount.Major())
			require.Regexp(t, "^"+row["destination"]+" [0-9]{0,6}[*]+[0-9]{2,4}$", r.Destination)
		}
		if r.AnswerLost {
			lost++
		}
	}
	start, summary := all[0], all[len(all)-1]
	require.Equal(t, "start", start.Type)
	require.Equal(t, []string{"all2pay", "bereke", "connpay", "reserve"}, start.Banks)
	require.Equal(t, "summary", summary.Type)
	require.Equal(t, len(rows), summary.Rows)
	require.Equal(t, lost, summary.AnswersLost)
	require.Zero(t, summary.Findings)
	require.Empty(t, findings(all))
	totalsAgree(t, all)
}

// totalsAgree counts anew what the totals and ledgers of a run say.
func totalsAgree(t *testing.T, all []line) {
	t.Helper()
	counts := map[string]int{}
	paid := map[string]int64{}
	for _, r := range of(all, "payout") {
		provider := r.Provider
		if provider == "" {
			provider = "-"
		}
		counts[provider+" "+r.Status]++
		if r.Status == "paid" {
			paid[r.Provider+" "+r.Amount.Currency().Code()] += r.Amount.Minor()
		}
	}
	for _, l := range of(all, "total") {
		require.Equal(t, counts[l.Provider+" "+l.Status], l.Count)
		delete(counts, l.Provider+" "+l.Status)
	}
	require.Empty(t, counts)
	for _, l := range of(all, "ledger") {
		require.True(t, l.Agree, l.Provider)
		require.Equal(t, *l.Believed, *l.Moved)
		require.Equal(t, l.BelievedCount, l.MovedCount)
		require.Zero(t, l.OpenCount)
		key := l.Provider + " " + l.Moved.Currency().Code()
		require.Equal(t, paid[key], l.Moved.Minor(), key)
		delete(paid, key)
	}
	require.Empty(t, paid)
}

// What a newcomer is to see in the sample.
func TestSampleShowsEverything(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, row := range sampleRows(t) {
		key := row["currency"] + " " + row["destination"]
		if row["source"] != "" {
			key += " from a card"
		}
		seen[key] = true
		if strings.ContainsFunc(row["sbp.last_name"], func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			seen["Cyrillic"] = true
		}
	}
	for _, want := range []string{"RUB card", "RUB sbp", "KZT card", "KZT card from a card", "USD bank_account", "EUR bank_account", "Cyrillic"} {
		require.True(t, seen[want], want)
	}
	reasons, attempts := map[string]bool{}, map[int]bool{}
	for _, o := range outcomes {
		reasons[o.reason], attempts[o.attempts] = true, true
	}
	for _, want := range []string{"malformed", "invalid", "unsupported", "declined", "destination_restricted", "a_person_must_look"} {
		require.True(t, reasons[want], want)
	}
	require.True(t, attempts[2], "a second bank, where the first can't")
}

func TestSampleAsText(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, Run(t.Context(), Options{Out: &out}))
	text := out.String()
	for l := range strings.Lines(text) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(l, "\n")), width, l)
		require.Equal(t, strings.TrimRight(l, " \n")+"\n", l, "no spaces at the end")
	}
	last := -1
	for _, row := range sampleRows(t) {
		at := strings.Index(text, "\n"+row["reference"]+" ")
		require.Greater(t, at, last, "each row once, in the order of the file")
		last = at
	}
	require.Contains(t, text, "line 18: column 2 (amount): has more decimals than RUB has")
	require.Contains(t, text, "Answers lost: 5. What became of those payouts was asked for; none was sent again.")
	require.Contains(t, text, "Sent to a second bank: 1,")
	require.Contains(t, text, "Each payout moved money at most once, and every fate is known or with a person.")
	require.NotContains(t, text, "DIFFER")
	require.NotContains(t, text, "FINDING")
}

// Both ways to print say the same of one run.
func TestTextAndJSONSayTheSame(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.misbehave()
	desk, err := openDesk(t.Context(), b)
	require.NoError(t, err)
	results, err := payAll(t.Context(), desk, reader(t, string(sample)), patience, func(Result) {})
	require.NoError(t, err)
	desk.close()
	summary, err := summarise(results, b.books(results), 1)
	require.NoError(t, err)
	var text, objects bytes.Buffer
	for _, p := range []printer{newPrinter(&text, false), newPrinter(&objects, true)} {
		p.begin("x", b.names())
		for _, r := range results {
			p.result(r)
		}
		p.end(summary)
	}
	rest := text.String()
	for _, l := range of(parse(t, objects.Bytes()), "payout") {
		var row string
		_, rest, _ = strings.Cut(rest, "\n"+l.Reference+" ")
		row, _, _ = strings.Cut(rest, "\npay-")
		row = strings.Join(strings.Fields(row), " ")
		facts := []string{l.Provider, words(l.Status), words(l.Reason), l.Destination, strings.Join(strings.Fields(l.Error), " ")}
		if l.Amount != nil {
			facts = append(facts, l.Amount.String())
		}
		for _, fact := range facts {
			require.Contains(t, row, fact, l.Reference)
		}
		require.Equal(t, l.AnswerLost, strings.Contains(row, "answer lost, asked"))
	}
	flat := strings.Join(strings.Fields(rest), " ")
	for _, l := range of(parse(t, objects.Bytes()), "ledger") {
		require.Contains(t, flat, fmt.Sprintf("%s %d %s %d %s agree", l.Provider, l.BelievedCount, l.Believed, l.MovedCount, l.Moved))
	}
	for _, want := range []string{"- - - 2 -", "all2pay 15 1 - -", "bereke 7 - 1 -", "connpay 6 1 - 1", "reserve 1 - 1 -"} {
		require.Contains(t, flat, want)
	}
}
