package batch

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/payoutkit/payout"
)

// Result is what became of one row.
type Result struct {
	// Line and Reference are the row's: [Row.Line] and [Row.Reference].
	Line      int
	Reference string
	// Wrong is what is wrong with the row, if something is. Nothing was sent then.
	Wrong *RowError
	// Unsent: it is proved that nothing was sent for the row, and nothing will be without
	// another word. It is not for a payout that a bank refused, nor for one whose fate is
	// not known.
	Unsent bool
	// Status is what is known of the payout.
	Status payout.Status
	Amount payout.Money
	// Destination is the row's. Only what may be shown of it is written.
	Destination payout.Destination
	// Provider is the one that the payout was sent to last, ProviderID the bank's own id.
	Provider   string
	ProviderID string
	// Reason says why, in our words: a bank's free text does not belong here.
	Reason string
}

// The words of the banks' portal for one payout of a batch (all2pay:108).
const (
	portalNotStarted = "Not started"
	portalFinished   = "Finished"
	portalError      = "Error"
)

// portal is the portal's word. It has none for a payout whose fate is not known, and
// none of the three would be true of it.
func (r Result) portal() string {
	switch {
	case r.Wrong != nil, r.Status == payout.StatusFailed, r.Status == payout.StatusReturned:
		return portalError
	case r.Status == payout.StatusPaid:
		return portalFinished
	case r.Unsent && r.Status == payout.StatusUnknown:
		return portalNotStarted
	default:
		return ""
	}
}

func (r Result) status() string {
	switch {
	case r.Wrong != nil:
		return "wrong"
	case r.Unsent && r.Status == payout.StatusUnknown:
		return "not_sent"
	default:
		return r.Status.String()
	}
}

func (r Result) reason() string {
	if r.Wrong == nil {
		return r.Reason
	}
	parts := make([]string, len(r.Wrong.Problems))
	for i, p := range r.Wrong.Problems {
		parts[i] = p.String()
	}
	return strings.Join(parts, "; ")
}

// Results writes what became of a registry's rows as CSV in UTF-8, with a header:
//
//	line,reference,portal_status,status,amount,currency,destination,provider,provider_id,reason
//
// portal_status is the banks' portal's word: Not started, Finished or Error
// (all2pay:108). It is empty where the fate is not known, which the portal has no word
// for. status is ours: wrong, not_sent, or one of [payout.Status]. The destination is
// masked; no row has a card number in it.
//
// A spreadsheet takes a cell that begins with = + - @ or a tab or a carriage return
// for a formula. What would begin so, also behind spaces, is written with an
// apostrophe before it, which spreadsheets take for the mark of a text. A program
// that reads the file takes it off again.
//
// It is not safe for concurrent use.
type Results struct{ w *csv.Writer }

// NewResults writes the header. It goes to w with the rows, at the latest at
// [Results.Flush].
func NewResults(w io.Writer) *Results {
	r := &Results{csv.NewWriter(w)}
	_ = r.w.Write([]string{
		"line", "reference", "portal_status", "status", "amount", "currency", "destination", "provider", "provider_id", "reason",
	})
	return r
}

// Write writes one row. After an error nothing is written any more.
func (r *Results) Write(row Result) error {
	amount := ""
	if row.Amount.Currency() != 0 {
		amount = row.Amount.Major()
	}
	cells := []string{
		strconv.Itoa(row.Line), row.Reference, row.portal(), row.status(), amount, row.Amount.Currency().Code(),
		payout.Masked(row.Destination), row.Provider, row.ProviderID, row.reason(),
	}
	for i := range cells {
		cells[i] = inert(cells[i])
	}
	return r.w.Write(cells)
}

// Flush writes what is held back, and returns the first error that there was.
func (r *Results) Flush() error {
	r.w.Flush()
	return r.w.Error()
}

// inert is a text that no spreadsheet takes for a formula.
func inert(text string) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	begin := strings.TrimLeft(text, " \u00a0\ufeff\v\f")
	if begin != "" && strings.ContainsAny(begin[:1], "=+-@\t\r\n") {
		return "'" + text
	}
	for _, wide := range []string{"＝", "＋", "－", "＠"} { // some spreadsheets take them for the same
		if strings.HasPrefix(begin, wide) {
			return "'" + text
		}
	}
	return text
}
