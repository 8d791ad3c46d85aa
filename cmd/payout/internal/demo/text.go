package demo

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// textPrinter prints for people: a table that grows as fates become known, then what
// it comes to.
type textPrinter struct{ out io.Writer }

func (p textPrinter) begin(registry string, banks []string) {
	wrap(p.out, "", fmt.Sprintf("Paying %s through simulations of %s.", registry, strings.Join(banks, ", ")))
	wrap(p.out, "", "Each payout is sent once, and then asked about until its fate is known.")
	fmt.Fprintln(p.out)
	titles := make([]string, len(results))
	for i, c := range results {
		titles[i] = c.title
	}
	results.print(p.out, titles...)
}

func (p textPrinter) result(r Result) {
	amount, took := "", ""
	if !r.Payout.Amount.IsZero() {
		amount = r.Payout.Amount.String()
	}
	if r.Took > 0 {
		took = duration(r.Took)
	}
	results.print(p.out, r.Reference, r.Provider, amount, r.Payout.Destination, r.attempts(), words(r.status()), r.note(), took)
	for _, err := range []error{r.Unpaid, r.Open} {
		if err != nil {
			wrap(p.out, results.indent(), err.Error())
		}
	}
}

// attempts is how many banks it was sent to, or "".
func (r Result) attempts() string {
	if len(r.Attempts) == 0 {
		return ""
	}
	return fmt.Sprint(len(r.Attempts))
}

// note is the reason in words, with what else there is to say.
func (r Result) note() string {
	var notes []string
	if reason := r.reason(); reason != "" {
		notes = append(notes, words(reason))
	}
	if r.Lost && r.Payout.Status.Final() {
		notes = append(notes, "answer lost, asked")
	}
	return strings.Join(notes, "; ")
}

func (p textPrinter) end(s Summary) {
	fmt.Fprintf(p.out, "\n%d rows in %s\n", s.Rows, duration(s.Took))
	p.totals(s.Totals)
	p.ledgers(s.Ledgers)
	fmt.Fprintln(p.out)
	if s.Lost > 0 {
		wrap(p.out, "", fmt.Sprintf("Answers lost: %d. What became of those payouts was asked for; none was sent again.", s.Lost))
	}
	for _, f := range s.Findings {
		text := f.Text
		if f.Reference != "" {
			text = f.Reference + ": " + text
		}
		wrap(p.out, "", "FINDING: "+text)
	}
	if s.Again > 0 {
		wrap(p.out, "", fmt.Sprintf("Sent to a second bank: %d, when it was certain that the first had paid nobody and would not.", s.Again))
	}
	if len(s.Findings) == 0 {
		wrap(p.out, "", "Each payout moved money at most once, and every fate is known or with a person.")
	}
}

// totals prints a column for each status that there is.
func (p textPrinter) totals(totals []Total) {
	if len(totals) == 0 {
		return
	}
	t := table{{"", 10, false}}
	cells := []string{""}
	var shown []string
	for _, status := range statuses() {
		if slices.ContainsFunc(totals, func(t Total) bool { return t.Status == status }) {
			shown = append(shown, status)
			t = append(t, column{"", max(len(status), 5) + 1, true})
			cells = append(cells, words(status))
		}
	}
	t.print(p.out, cells...)
	for i := 0; i < len(totals); {
		provider := totals[i].Provider
		cells := append([]string{"  " + provider}, slices.Repeat([]string{"-"}, len(shown))...)
		for ; i < len(totals) && totals[i].Provider == provider; i++ {
			cells[1+slices.Index(shown, totals[i].Status)] = fmt.Sprint(totals[i].Count)
		}
		t.print(p.out, cells...)
	}
}

func (p textPrinter) ledgers(ledgers []Ledger) {
	if len(ledgers) == 0 {
		return
	}
	t := table{{"", 10, false}, {"", 5, true}, {"", 19, true}, {"", 7, true}, {"", 19, true}, {"", 1, false}, {"", 30, false}}
	fmt.Fprintln(p.out)
	t.print(p.out, "", "", "we believe paid", "", "the bank's ledger", "", "")
	for _, l := range ledgers {
		verdict := "agree"
		if !l.Agree {
			verdict = "DIFFER"
		}
		if l.OpenCount != 0 {
			verdict += fmt.Sprintf("; open: %d, %s", l.OpenCount, l.Open)
		}
		t.print(p.out, "  "+l.Provider, fmt.Sprint(l.BelievedCount), l.Believed.String(),
			fmt.Sprint(l.MovedCount), l.Moved.String(), "", verdict)
	}
}

// words turns a word of the library into words for people.
func words(word string) string { return strings.ReplaceAll(word, "_", " ") }

func duration(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
