package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// Finding is something that a person must look at.
type Finding struct {
	Reference string `json:"reference,omitempty"`
	Text      string `json:"finding"`
}

// book is the ledger of one bank, by the references of payouts, not of attempts.
type book struct {
	provider string
	entries  []bank.Entry
}

// moves are the movements for one reference, at all banks.
type moves struct {
	out, back []bank.Entry
	provider  string // where money went out first
}

// audit holds what the library believes against the banks' own ledgers: a payout that
// moved money more than once, whose fate is another than is believed, or is neither
// known nor with a person; and money that moved for no payout at all.
func audit(results []Result, books []book) (findings []Finding) {
	moved := map[string]*moves{}
	for _, b := range books {
		for _, e := range b.entries {
			m := moved[e.Reference]
			if m == nil {
				m = &moves{provider: b.provider}
				moved[e.Reference] = m
			}
			if e.Back {
				m.back = append(m.back, e)
			} else {
				m.out = append(m.out, e)
			}
		}
	}
	known := map[string]bool{}
	for _, r := range results {
		if r.Malformed {
			continue // its reference may be that of a right row
		}
		known[r.Reference] = true
		m := moved[r.Reference]
		if m == nil {
			m = &moves{}
		}
		if text := contradiction(r, *m); text != "" {
			findings = append(findings, Finding{r.Reference, text})
		}
	}
	for _, b := range books {
		for _, e := range b.entries {
			if !known[e.Reference] {
				known[e.Reference] = true
				findings = append(findings, Finding{e.Reference, "money moved at " + b.provider + ", and no right row of the registry has this reference"})
			}
		}
	}
	return findings
}

// contradiction is what is wrong between a result and the movements of its reference.
func contradiction(r Result, m moves) string {
	status, paid := r.Payout.Status, len(m.out) > 0
	switch {
	case len(m.out) > 1:
		return fmt.Sprintf("money moved %d times", len(m.out))
	case r.Unpaid != nil && paid:
		return "said to have paid nobody, and money moved"
	case r.Unpaid != nil:
		return ""
	case paid && m.provider != r.Provider:
		return fmt.Sprintf("sent through %s, and money moved at %s", r.Provider, m.provider)
	case paid && m.out[0].Money != r.Payout.Amount:
		return fmt.Sprintf("asked for %s, and %s moved", r.Payout.Amount, m.out[0].Money)
	case status == payout.StatusPaid && !paid:
		return "believed to be paid, and no money moved"
	case status == payout.StatusPaid && len(m.back) > 0:
		return "believed to be paid, and the money came back"
	case status == payout.StatusFailed && paid && len(m.back) == 0:
		return "believed to have failed, and money moved"
	case status == payout.StatusReturned && (!paid || len(m.back) == 0):
		return "believed to be returned, and no money came back"
	case !status.Final() && status != payout.StatusReview:
		return "its fate is not known: " + words(status.String())
	default:
		return ""
	}
}

// leftOver is what a person must look at beside the ledgers: alarms, rows that were
// not sent because the run was interrupted, and what could not be read.
func leftOver(results []Result, alarms []Finding, failure error) (findings []Finding) {
	findings = append(findings, alarms...)
	interrupted, last := 0, 1
	for _, r := range results {
		last = r.LastLine
		if r.LastLine > r.Line {
			findings = append(findings, Finding{Text: fmt.Sprintf("lines %d to %d were not read, so whatever they hold is not paid", r.Line, r.LastLine)})
		}
		if errors.Is(r.Unpaid, context.Canceled) {
			interrupted++
		}
		if errors.Is(r.Stopped, context.Canceled) {
			findings = append(findings, Finding{r.Reference, "interrupted: it failed at " + r.Provider + ", and was not tried at another bank any more"})
		}
	}
	if interrupted > 0 {
		findings = append(findings, Finding{Text: fmt.Sprintf("interrupted: %d payouts were not sent", interrupted)})
	}
	if failure != nil {
		text := "the file could not be read to its end: after line %d nothing is paid: %v"
		findings = append(findings, Finding{Text: fmt.Sprintf(text, last, errors.Unwrap(failure))})
	}
	return findings
}
