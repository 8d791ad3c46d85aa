package reconcile

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// Kind is what a [Finding] is about, a fixed word to filter by.
type Kind string

const (
	// Unmatched: money left, and the journal knows of no such attempt at the account. It
	// is nobody's here, or another system's.
	Unmatched Kind = "unmatched"
	// UnmatchedCredit: money came that belongs to no attempt. It need not be wrong.
	UnmatchedCredit Kind = "unmatched_credit"

	// DoubleDebit: one attempt was debited more often than it came back.
	DoubleDebit Kind = "double_debit"
	// DoublePayout: of two attempts at one payout both are debited; or one is, and the
	// other one is paid by the journal.
	DoublePayout Kind = "double_payout"

	// Missing: paid by the journal in the period, and not on the statement. Edge: the
	// same, so near to an end of the period that another statement may have it.
	Missing Kind = "missing"
	Edge    Kind = "edge"

	// Amount and Currency: it is not what was to be paid.
	Amount   Kind = "amount"
	Currency Kind = "currency"
	// Stranger: our reference, and another id of the bank's than it has told us.
	Stranger Kind = "stranger"

	// Debited, though the journal says that it failed, was cancelled, waits for a person
	// (who has the evidence now), is unknown, is not done at the bank, or was not sent.
	DebitedFailed    Kind = "debited_failed"
	DebitedCancelled Kind = "debited_cancelled"
	DebitedReview    Kind = "debited_review"
	DebitedUnknown   Kind = "debited_unknown"
	DebitedOpen      Kind = "debited_open"
	DebitedUnsent    Kind = "debited_unsent"

	// Returned: money came back, in whole or in part, and the journal does not say so.
	Returned Kind = "returned"
)

// Finding is something that does not agree.
type Finding struct {
	Kind Kind `json:"kind"`
	// Line is the row's on the statement, OtherLine that of the one that it is held
	// against. 0: there is none.
	Line      int `json:"line,omitempty"`
	OtherLine int `json:"other_line,omitempty"`
	// Reference is the payout's own, "" if there is none. Attempt counts from 1.
	Reference string `json:"reference,omitempty"`
	Attempt   int    `json:"attempt,omitempty"`
	Provider  string `json:"provider,omitempty"`
	// State is what the journal says of it: a [dispatch.State]'s word.
	State string `json:"state,omitempty"`
	// BankReference and ProviderID are the attempt's. Without one they are from the
	// statement, in so far as they may be shown.
	BankReference string `json:"bank_reference,omitempty"`
	ProviderID    string `json:"provider_id,omitempty"`
	// Amount is the statement's, Expected the journal's.
	Amount   payout.Money `json:"amount,omitzero"`
	Expected payout.Money `json:"expected,omitzero"`
	// At is the statement's time or, of what is not on it, when the journal learnt that it
	// was paid.
	At time.Time `json:"at,omitzero"`
}

// Alarm returns the alarm that a finding is, and whether it is one.
func (f Finding) Alarm() (dispatch.Alarm, bool) {
	a := dispatch.Alarm{Reference: f.Reference, Provider: f.Provider, Attempt: f.Attempt - 1}
	switch f.Kind {
	case Edge, UnmatchedCredit:
		return dispatch.Alarm{}, false
	case Unmatched:
		a.Kind = dispatch.AlarmUnmatched
	case DoubleDebit, DoublePayout:
		a.Kind = dispatch.AlarmDouble
	case Missing:
		a.Kind = dispatch.AlarmMissing
	case Amount, Currency:
		a.Kind = dispatch.AlarmAmount
	case Stranger:
		a.Kind = dispatch.AlarmStranger
	case Returned:
		a.Kind = dispatch.AlarmReturned
	default:
		a.Kind = dispatch.AlarmDebited
	}
	return a, true
}

// String returns the finding as a line of text.
func (f Finding) String() string {
	text := string(f.Kind)
	add := func(format string, value any) { text += fmt.Sprintf(format, value) }
	if f.Line > 0 {
		add(" at line %d", f.Line)
	}
	if f.OtherLine > 0 {
		add(", see line %d", f.OtherLine)
	}
	if f.Reference != "" {
		add(": payout %q", f.Reference)
		add(", attempt %d", f.Attempt)
		add(", %s in the journal", f.State)
	} else if f.BankReference != "" {
		add(": reference %q", f.BankReference)
	}
	if f.Amount != (payout.Money{}) {
		add(", %s on the statement", f.Amount)
	}
	if f.Expected != (payout.Money{}) && f.Expected != f.Amount {
		add(", %s in the journal", f.Expected)
	}
	return text
}

// compare orders findings by lines; those of no line come last, by payout.
func compare(a, b Finding) int {
	return cmp.Or(cmp.Compare(uint(a.Line)-1, uint(b.Line)-1), strings.Compare(a.Reference, b.Reference),
		cmp.Compare(a.Attempt, b.Attempt), strings.Compare(string(a.Kind), string(b.Kind)))
}

var (
	digits   = regexp.MustCompile(`[0-9][-_.:/#]*([0-9][-_.:/#]*){8,}`)
	ordinary = payout.ReferenceRule{Max: 64, Alphabet: payout.Alphanumeric + "-_.:/#"}
)

// shown is what may be shown of a reference or id that no attempt has. If columns are
// mapped wrongly it is anything, a name or a card number: names have no digits, and a
// number is masked. The line says where to look.
func shown(text string) string {
	if ordinary.Check(text) != "" || !strings.ContainsAny(text, "0123456789") {
		return ""
	}
	return digits.ReplaceAllStringFunc(text, payout.MaskCardNumber)
}
