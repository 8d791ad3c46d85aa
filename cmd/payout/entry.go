package main

import (
	"strconv"
	"strings"
	"time"

	"github.com/payoutkit/payout/dispatch"
)

// shownEntry is how a payout stands, as it is printed.
type shownEntry struct {
	Reference   string         `json:"reference"`
	State       string         `json:"state"`
	Review      string         `json:"review,omitempty"`
	Reason      string         `json:"reason,omitempty"`
	Code        string         `json:"code,omitempty"`
	Amount      string         `json:"amount"`
	Currency    string         `json:"currency"`
	Destination string         `json:"destination"`
	CreatedAt   time.Time      `json:"created_at"`
	Due         *time.Time     `json:"due,omitempty"`
	Attempts    []shownAttempt `json:"attempts"`
	DecidedBy   string         `json:"decided_by,omitempty"`
	Evidence    string         `json:"evidence,omitempty"`
}

type shownAttempt struct {
	Route         string `json:"route"`
	Provider      string `json:"provider"`
	Reference     string `json:"reference"`
	ProviderID    string `json:"provider_id,omitempty"`
	State         string `json:"state"`
	Reason        string `json:"reason,omitempty"`
	Code          string `json:"code,omitempty"`
	Transmissions int    `json:"transmissions"`
	Asked         int    `json:"asked"`
}

func shown(e dispatch.Entry) shownEntry {
	out := shownEntry{
		Reference: e.Reference, State: e.State.String(), Review: e.Review.String(), Amount: e.Amount.Major(),
		Currency: e.Amount.Currency().Code(), Destination: e.Destination, CreatedAt: e.CreatedAt, Attempts: []shownAttempt{},
		DecidedBy: e.Decision.By, Evidence: e.Decision.Evidence, Code: e.Failure.Code,
	}
	if e.State == dispatch.StateFailed {
		out.Reason = e.Failure.Reason.String()
	}
	if !e.Due.IsZero() {
		out.Due = &e.Due
	}
	for _, a := range e.Attempts {
		attempt := shownAttempt{
			Route: a.Route, Provider: a.Provider, Reference: a.Reference, ProviderID: a.ProviderID, State: a.State.String(),
			Code: a.Failure.Code, Transmissions: a.Transmissions, Asked: a.Asked,
		}
		if a.State == dispatch.StateFailed || a.State == dispatch.StateClosed {
			attempt.Reason = a.Failure.Reason.String()
		}
		out.Attempts = append(out.Attempts, attempt)
	}
	return out
}

// provider is that of the attempt that stands.
func (e shownEntry) provider() string {
	if len(e.Attempts) == 0 {
		return ""
	}
	return e.Attempts[len(e.Attempts)-1].Provider
}

// why is the state's reason, for people.
func (e shownEntry) why() string {
	var parts []string
	for _, part := range []string{e.Review, e.Reason, e.Code} {
		if part != "" && part != "unknown" {
			parts = append(parts, strings.ReplaceAll(part, "_", " "))
		}
	}
	return strings.Join(parts, ", ")
}

var entryColumns = []string{"REFERENCE", "STATE", "WHY", "AMOUNT", "DESTINATION", "PROVIDER", "ATTEMPTS", "CREATED"}

func (t *table) entry(e dispatch.Entry) {
	s := shown(e)
	t.row(s, s.Reference, strings.ReplaceAll(s.State, "_", " "), s.why(), s.Amount+" "+s.Currency, s.Destination, s.provider(),
		strconv.Itoa(len(s.Attempts)), s.CreatedAt.UTC().Format(time.RFC3339))
}
