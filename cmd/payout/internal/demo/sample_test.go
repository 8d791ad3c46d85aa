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

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// outcome is what becomes of a row of the sample: provider, status, reason, to how many
// accounts it was sent, and whether the answer was lost.
type outcome struct {
	provider, status, reason string
	attempts                 int
	lost                     bool
}

// outcomes of the sample by reference. Rows that are not here are paid by their
// currency's provider, at the first attempt, with an answer.
var outcomes = map[string]outcome{
	"pay-009": {"all2pay", "failed", "destination_restricted", 1, false},
	"pay-011": {"reserve", "paid", "", 2, false},
	"pay-012": {"all2pay", "paid", "", 1, true},
	"pay-014": {"connpay", "failed", "declined", 1, false},
	"pay-017": {"", "not_sent", "malformed", 0, false},
	"pay-019": {"bereke", "paid", "", 1, true},
	"pay-020": {"", "not_sent", "invalid", 0, false},
	"pay-022": {"connpay", "paid", "", 1, true},
	"pay-025": {"all2pay", "paid", "", 1, true},
	"pay-026": {"connpay", "review", "a_person_must_look", 1, false},
	"pay-027": {"", "not_sent", "invalid", 0, false},
	"pay-033": {"all2pay", "paid", "", 1, true},
	"pay-034": {"", "not_sent", "unsupported", 0, false},
	"pay-037": {"reserve", "failed", "insufficient_funds", 2, false},
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
	lost, failedOver := 0, 0
	for i, r := range results {
		row := rows[i]
		want, special := outcomes[row["reference"]]
		if !special {
			want = outcome{byCurrency[row["currency"]], "paid", "", 1, false}
		}
		require.Equal(t, row["reference"], r.Reference, "in the order of the file")
		require.Equal(t, i+2, r.Line)
		require.Equal(t, want, outcome{r.Provider, r.Status, r.Reason, r.Attempts, r.AnswerLost}, r.Reference)
		require.NotNil(t, r.Millis)
		var earlier []Earlier
		if want.attempts == 2 {
			earlier = []Earlier{{"all2pay", dispatch.StateFailed, payout.ReasonInsufficientFunds}}
			failedOver++
		}
		require.Equal(t, earlier, r.Earlier, r.Reference)
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
	require.Equal(t, []string{"all2pay", "reserve", "bereke", "connpay"}, start.Banks)
	require.Equal(t, "summary", summary.Type)
	require.Equal(t, len(rows), summary.Rows)
	require.Equal(t, lost, summary.AnswersLost)
	require.Equal(t, failedOver, summary.FailedOver)
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
	reasons := map[string]bool{}
	for _, o := range outcomes {
		reasons[o.reason] = true
	}
	for _, want := range []string{"malformed", "invalid", "unsupported", "declined", "destination_restricted", "insufficient_funds", "a_person_must_look"} {
		require.True(t, reasons[want], want)
	}
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
	require.Contains(t, text, "Each payout moved money at most once, and every fate is known or with a person.")
	require.Contains(t, text, "\npay-011   reserve  2  25000000.00 RUB card 411111******1111   paid ")
	require.Contains(t, text, "          failed at all2pay: insufficient funds\n")
	require.Contains(t, text, "More than one attempt: 2. Each but the last had failed for certain before the next was sent.")
	require.NotContains(t, text, "DIFFER")
	require.NotContains(t, text, "FINDING")
}

// Both ways to print say the same of one run.
func TestTextAndJSONSayTheSame(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.misbehave()
	d, err := openDesk(t.Context(), b, nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, d.close()) }()
	results, err := payAll(t.Context(), d, reader(t, string(sample)), patience, func(Result) {})
	require.NoError(t, err)
	books, err := b.books(d.payoutOf)
	require.NoError(t, err)
	summary, err := summarise(results, books, 1)
	require.NoError(t, err)
	var text, objects bytes.Buffer
	for _, p := range []printer{newPrinter(&text, false), newPrinter(&objects, true)} {
		p.begin("x", b.clients())
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
		if l.Attempts > 0 {
			facts = append(facts, fmt.Sprintf("%s %d %s", l.Provider, l.Attempts, l.Amount))
		}
		for _, e := range l.Earlier {
			facts = append(facts, fmt.Sprintf("%s at %s: %s", e.State, e.Provider, words(e.Reason.String())))
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
	for _, want := range []string{"- - - 4 -", "all2pay 15 1 - -", "reserve 1 1 - -", "bereke 7 - - -", "connpay 6 1 - 1"} {
		require.Contains(t, flat, want)
	}
}
