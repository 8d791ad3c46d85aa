package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/payoutkit/payout"
)

// Verdict is how a case ended.
type Verdict string

// The verdicts.
const (
	Kept     Verdict = "kept"     // the rule holds
	Broken   Verdict = "broken"   // it does not
	Excepted Verdict = "excepted" // it was declared not to apply
	NotRun   Verdict = "not run"  // nothing was tried, and nothing is proved
)

// Result is one case's.
type Result struct {
	Case    string        `json:"case"`
	Rule    string        `json:"rule"`
	Cost    string        `json:"cost"`
	Money   bool          `json:"money"`
	Verdict Verdict       `json:"verdict"`
	Reason  string        `json:"reason,omitempty"` // of an exception, or why it was not run
	Seen    []string      `json:"seen,omitempty"`   // what broke the rule
	Notes   []string      `json:"notes,omitempty"`
	Took    time.Duration `json:"took"`
}

// Report is what a run of the suite found. It holds no secret.
type Report struct {
	Provider payout.Info
	Host     string // of a live run
	Version  string // of the adapter's module, if known
	At       time.Time
	Results  []Result
}

// OK reports whether no rule was broken, and every rule about money was tried.
func (r Report) OK() bool {
	for _, res := range r.Results {
		if res.Verdict == Broken || res.Verdict == NotRun && res.Money {
			return false
		}
	}
	return len(r.Results) > 0
}

// Broken reports whether a rule was broken. What was not run broke none.
func (r Report) Broken() bool {
	return slices.ContainsFunc(r.Results, func(res Result) bool { return res.Verdict == Broken })
}

// summary is the report in a few words.
func (r Report) summary() string {
	var kept int
	var not []string
	for _, res := range r.Results {
		switch res.Verdict {
		case Kept:
			kept++
		case NotRun:
			not = append(not, res.Case)
		}
	}
	switch {
	case r.Broken():
		return "**breaks rules**"
	case len(not) > 0:
		return fmt.Sprintf("**is not proved**: %d kept, %d not run: %s", kept, len(not), strings.Join(not, ", "))
	case kept == 0:
		return "**is not proved**: no rule was tried"
	default:
		return "keeps every rule"
	}
}

// MarshalJSON writes the facts of the provider that identify it, and the results.
func (r Report) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Adapter  string    `json:"adapter"`
		Provider string    `json:"provider"`
		Account  string    `json:"account"`
		Host     string    `json:"host,omitempty"`
		Version  string    `json:"version,omitempty"`
		At       time.Time `json:"at"`
		OK       bool      `json:"ok"`
		Summary  string    `json:"summary"`
		Results  []Result  `json:"results"`
	}{r.Provider.Adapter, r.Provider.Name, r.Provider.Account, r.Host, r.Version, r.At, r.OK(), strings.ReplaceAll(r.summary(), "**", ""), r.Results})
}

// Markdown writes the report to be read and kept.
func (r Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Conformance of %s\n\n%s (%s) %s", r.Provider.Adapter, r.Provider.Name, r.Provider.Account, r.summary())
	if r.Host != "" {
		fmt.Fprintf(&b, " at %s", r.Host)
	}
	fmt.Fprintf(&b, ", %s", r.At.Format(time.RFC3339))
	if r.Version != "" {
		fmt.Fprintf(&b, ", version %s", r.Version)
	}
	b.WriteString(".\n\n| case | rule | verdict |\n| --- | --- | --- |\n")
	for _, res := range r.Results {
		cell := string(res.Verdict)
		if res.Reason != "" {
			cell += ": " + res.Reason
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", res.Case, res.Rule, escape(cell))
	}
	r.notes(&b)
	for _, res := range r.Results {
		if res.Verdict == Broken {
			fmt.Fprintf(&b, "\n## %s\n\nRule: %s\n\nWhy it costs money: %s\n", res.Case, res.Rule, res.Cost)
			for _, seen := range res.Seen {
				fmt.Fprintf(&b, "\n    %s\n", strings.ReplaceAll(seen, "\n", "\n    "))
			}
		}
	}
	return b.String()
}

// notes writes what the cases remarked: what was paid, and what the bank said.
func (r Report) notes(b *strings.Builder) {
	head := "\n## Notes\n\n"
	for _, res := range r.Results {
		for _, note := range res.Notes {
			fmt.Fprintf(b, "%s- %s: %s\n", head, res.Case, strings.ReplaceAll(note, "\n", " "))
			head = ""
		}
	}
}

func escape(cell string) string { return strings.ReplaceAll(cell, "|", `\|`) }
