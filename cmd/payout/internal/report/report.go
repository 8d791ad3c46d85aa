// Package report tells what became of a registry: it counts in one pass over the rows,
// in memory that does not grow with them, and writes a page that opens from disk.
//
// A report holds nothing that may not be shown: destinations are masked, and no name, no
// description and no address of a page is in it.
package report

import (
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// Report is what became of a registry's rows.
type Report struct {
	Type  string    `json:"type"` // "report"
	Batch string    `json:"batch,omitempty"`
	File  string    `json:"file"`
	At    time.Time `json:"at"` // when the journal was read

	// Rows are all rows of the file, Wrong those that break a rule and were not sent.
	// UnreadLines could not be told into rows: see [batch.RowError].
	Rows        int `json:"rows"`
	Wrong       int `json:"wrong"`
	UnreadLines int `json:"unread_lines"`
	// Person counts what only a person can bring to an end: payouts in review, money that
	// came back, alarms that nobody has decided about, rows that do not say what was
	// submitted for them, and rows that are wrong or were not read.
	Person int `json:"person"`
	// Changed are rows under whose reference the journal has another amount or destination.
	Changed int `json:"changed"`

	// Begin is when the first payout was submitted, End when the last one became final:
	// zero while one is not.
	Begin time.Time `json:"begin,omitzero"`
	End   time.Time `json:"end,omitzero"`

	// Counts has every right row once, Shares each outcome of each provider and currency.
	Counts [outcomes]int `json:"-"`
	Shares []Share       `json:"shares"`

	Times     []Times    `json:"times"` // all first, then by provider
	Lasted    []Lasted   `json:"lasted"`
	Each      int64      `json:"period_s"` // how long a period is: a minute or an hour
	Periods   []Period   `json:"periods"`
	Failures  []Failure  `json:"failures"`
	Attempts  []Attempts `json:"attempts"`
	Failovers []Failover `json:"failovers"`
	Reviews   []Counted  `json:"reviews"`
	Alarms    []Counted  `json:"alarms"`

	// Of these lists the first rows are kept, in the order of the file.
	ForPerson  List `json:"for_person"`
	Failed     List `json:"failed"`
	NotSent    List `json:"not_sent"`
	Unfinished List `json:"unfinished"`
	WrongRows  List `json:"wrong_rows"`
}

// Share is how many payouts of one provider came to one outcome in one currency, and
// their exact sum.
type Share struct {
	Provider string       `json:"provider"` // that of the last attempt; "": there was none
	Outcome  Outcome      `json:"outcome"`
	Payouts  int          `json:"payouts"`
	Sum      payout.Money `json:"sum"`
}

// Times is how long payouts took from their submission until they were paid or failed,
// in milliseconds. Median, P90 and P99 are at most 5 % above the exact ones.
type Times struct {
	Provider string `json:"provider"` // "": all
	Payouts  int    `json:"payouts"`
	Least    int64  `json:"least_ms"`
	Median   int64  `json:"median_ms"`
	P90      int64  `json:"p90_ms"`
	P99      int64  `json:"p99_ms"`
	Most     int64  `json:"most_ms"`
}

// Lasted counts payouts that took longer than the bound before, and not longer than
// this one. The last bound is 0: none.
type Lasted struct {
	UpTo   time.Duration `json:"up_to_ns"`
	Paid   int           `json:"paid"`
	Failed int           `json:"failed"`
}

// Period counts payouts that became final in the minute or the hour from From.
type Period struct {
	From   time.Time `json:"from"`
	Paid   int       `json:"paid"`
	Failed int       `json:"failed"`
}

// Failure is how often a provider refused to pay for one reason. Attempts count also
// where another provider has paid since; Payouts are those that failed in the end.
type Failure struct {
	Provider string        `json:"provider"`
	Reason   payout.Reason `json:"reason"`
	Code     string        `json:"code,omitempty"` // the bank's
	Attempts int           `json:"attempts"`
	Payouts  int           `json:"payouts"`
}

// Attempts counts payouts by how many attempts were made at them.
type Attempts struct {
	Attempts int `json:"attempts"`
	Payouts  int `json:"payouts"`
}

// Failover counts payouts that went from one provider to another, and how many of them
// are paid.
type Failover struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Payouts int    `json:"payouts"`
	Paid    int    `json:"paid"`
}

// Counted is a word and how many payouts it is about.
type Counted struct {
	Word    string `json:"word"`
	Payouts int    `json:"payouts"`
}

// List is some rows, and how many there are.
type List struct {
	Rows []Row `json:"rows"`
	All  int   `json:"all"`
}

// Row is a row of the file, as it may be shown.
type Row struct {
	Line        int          `json:"line"`
	Reference   string       `json:"reference,omitempty"`
	Amount      payout.Money `json:"amount,omitzero"`
	Destination string       `json:"destination,omitempty"` // masked
	Provider    string       `json:"provider,omitempty"`
	Outcome     string       `json:"outcome"`
	Why         string       `json:"why,omitempty"`
}

// Outcome is what became of a right row, as coarse as a person wants to see it first.
// The zero Outcome is that it may still go either way.
type Outcome uint8

const (
	Pending   Outcome = iota // sent, or being sent, and the bank is asked
	Paid                     // the bank says so
	Failed                   // not paid, for certain
	Returned                 // paid, and the money came back
	Review                   // a person has to decide
	Waiting                  // submitted, and not sent yet
	Missing                  // the journal does not have it: nothing was sent
	Cancelled                // withdrawn before it was sent

	outcomes = iota
)

var outcomeNames = [outcomes]string{"pending", "paid", "failed", "returned", "review", "waiting", "not submitted", "cancelled"}

// order is that of a report: what is done first, what is not begun last.
var order = []Outcome{Paid, Failed, Returned, Review, Pending, Waiting, Missing, Cancelled}

// String returns the outcome as it is printed.
func (o Outcome) String() string { return outcomeNames[o] }

// MarshalText implements [encoding.TextMarshaler].
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

func outcomeOf(s dispatch.State) Outcome {
	switch s {
	case dispatch.StatePaid:
		return Paid
	case dispatch.StateFailed:
		return Failed
	case dispatch.StateReturned:
		return Returned
	case dispatch.StateReview:
		return Review
	case dispatch.StatePlanned, dispatch.StateAwaiting:
		return Waiting
	case dispatch.StateCancelled:
		return Cancelled
	default:
		return Pending
	}
}

// Right is how many rows could be sent.
func (r Report) Right() int { return r.Rows - r.Wrong }

// NotBegun is how many rows are not sent yet, and go on with `batch resume`.
func (r Report) NotBegun() int { return r.Counts[Waiting] + r.Counts[Missing] }
