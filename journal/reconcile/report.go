package reconcile

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/payoutkit/payout"
)

// Report is what a statement and the journal say of each other.
type Report struct {
	Account  string    `json:"account"`
	Provider string    `json:"provider,omitempty"`
	From     time.Time `json:"from"`
	Before   time.Time `json:"before"`

	// Debits and Credits are all that the statement has, Matched the debits that belong to
	// an attempt. Outside are the rows whose time is not in the period, nor in its margin.
	Debits  Total `json:"debits"`
	Credits Total `json:"credits"`
	Matched Total `json:"matched"`
	Outside int   `json:"outside"`

	// Findings are in the order of lines; those of no line come last.
	Findings []Finding `json:"findings"`
	// Problems are why rows were not read. Unread: so were all after the last of them,
	// and nothing is called missing.
	Problems []Problem `json:"problems"`
	Unread   bool      `json:"unread,omitempty"`
}

// Total is a number of rows, and what they come to in each currency.
type Total struct {
	Rows int            `json:"rows"`
	Sums []payout.Money `json:"sums"`
}

func (t *Total) add(m payout.Money) error {
	t.Rows++
	for i, sum := range t.Sums {
		if sum.Currency() == m.Currency() {
			var err error
			if t.Sums[i], err = sum.Add(m); err != nil {
				return fmt.Errorf("reconcile: the sum of the statement's rows: %w", err)
			}
			return nil
		}
	}
	t.Sums = append(t.Sums, m)
	return nil
}

// Whole reports whether every row was read. If not, what is called missing may be on a
// row that was not.
func (r *Report) Whole() bool { return len(r.Problems) == 0 }

// Agrees reports whether every row was read, and nothing was found but what another
// statement may explain, or money that came.
func (r *Report) Agrees() bool {
	return r.Whole() && !slices.ContainsFunc(r.Findings, func(f Finding) bool {
		_, alarming := f.Alarm()
		return alarming
	})
}

// Count returns how many findings there are of each kind.
func (r *Report) Count() map[Kind]int {
	out := map[Kind]int{}
	for _, f := range r.Findings {
		out[f.Kind]++
	}
	return out
}

// WriteJSON writes the report as JSON, indented.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// WriteCSV writes the findings and the problems as CSV with a header, a row each, for
// spreadsheets: no cell begins as a formula does.
func (r *Report) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	write := func(cells ...string) {
		for i, c := range cells {
			cells[i] = cell(c)
		}
		_ = out.Write(cells) // Error has it
	}
	write("kind", "line", "other_line", "reference", "attempt", "provider", "state", "bank_reference", "provider_id",
		"amount", "currency", "expected", "expected_currency", "at", "rule")
	for _, f := range r.Findings {
		write(string(f.Kind), number(f.Line), number(f.OtherLine), f.Reference, number(f.Attempt), f.Provider, f.State,
			f.BankReference, f.ProviderID, major(f.Amount), f.Amount.Currency().Code(), major(f.Expected),
			f.Expected.Currency().Code(), moment(f.At), "")
	}
	for _, p := range r.Problems {
		rule := p.Rule
		if p.Column > 0 {
			rule = fmt.Sprintf("column %d (%s): %s", p.Column, p.Name, p.Rule)
		}
		write("problem", number(p.Line), "", "", "", "", "", "", "", "", "", "", "", "", rule)
	}
	out.Flush()
	return out.Error()
}

// cell keeps a spreadsheet from taking a text for a formula.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func major(m payout.Money) string {
	if m == (payout.Money{}) {
		return ""
	}
	return m.Major()
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
