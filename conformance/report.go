package conformance

import (
	"encoding/json"
	"fmt"
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
)

// Result is one case's.
type Result struct {
	Case    string        `json:"case"`
	Rule    string        `json:"rule"`
	Cost    string        `json:"cost"`
	Money   bool          `json:"money"`
	Verdict Verdict       `json:"verdict"`
	Reason  string        `json:"reason,omitempty"` // of an exception
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

// OK reports whether no rule was broken.
func (r Report) OK() bool {
	for _, res := range r.Results {
		if res.Verdict == Broken {
			return false
		}
	}
	return len(r.Results) > 0
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
		Results  []Result  `json:"results"`
	}{r.Provider.Adapter, r.Provider.Name, r.Provider.Account, r.Host, r.Version, r.At, r.OK(), r.Results})
}

// Markdown writes the report to be read and kept.
func (r Report) Markdown() string {
	var b strings.Builder
	verdict := "keeps every rule"
	if !r.OK() {
		verdict = "**breaks rules**"
	}
	fmt.Fprintf(&b, "# Conformance of %s\n\n%s (%s) %s", r.Provider.Adapter, r.Provider.Name, r.Provider.Account, verdict)
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

func escape(cell string) string { return strings.ReplaceAll(cell, "|", `\|`) }
