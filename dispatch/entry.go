package dispatch

import (
	"slices"
	"time"

	"github.com/payoutkit/payout"
)

// Entry is what a journal holds of one payout. It holds no card number, no secret
// and no page's address in clear, and can be printed.
type Entry struct {
	// Reference is the platform's own.
	Reference string
	// Version counts the commits. It is what a commit compares: who has an older one
	// has lost.
	Version int64

	State   State
	Review  Review         // why, in StateReview
	Failure payout.Failure // why, in StateFailed

	Amount      payout.Money
	Destination string // masked, see [payout.Masked]
	Fingerprint Fingerprint
	// Sealed is the request, if there is a [Sealer] and it may still be needed.
	Sealed []byte

	CreatedAt time.Time
	// SendUntil is when unsent work ends: after it, no first transmission of anything.
	SendUntil time.Time
	// Due is when Step next has something to do; zero: nothing.
	Due time.Time
	// Strikes counts the steps in a row that failed or panicked, Deferred those that
	// found no route free.
	Strikes, Deferred int

	Attempts []Attempt
	// Checked is the number of the last doubt of the journal in which it was proved, or a
	// person said, that nothing of the payout was sent but what is among Attempts; see
	// [Doubt]. Inquiries are what is asked until then.
	Checked   int64
	Inquiries []Inquiry
	// Stopped: no further attempt, whatever becomes of those that were made.
	Stopped bool
	// Decision is what a person decided, if one did.
	Decision Decision
}

// Attempt is one try to pay through one account, under one reference at the bank.
type Attempt struct {
	Route, Provider string
	// Account is where money and references of the attempt live, see
	// [payout.Info.Account]. Nobody asks or sends about it elsewhere.
	Account string
	// Reference is the bank's: the payout's own for the first attempt, a derived one
	// for others.
	Reference string
	// Mark travels with the order where the bank carries metadata, and tells it from
	// one that somebody else made under the same reference.
	Mark string

	State   State
	Failure payout.Failure

	// Transmissions are the sendings that may have reached the bank.
	Transmissions int
	// Epoch and Intent name the last intent: that of the worker, and its number there.
	// IntentAt is the time of its commit, SendBefore the last moment at which the first
	// byte of it may leave.
	Epoch      int64
	Intent     int64
	IntentAt   time.Time
	SendBefore time.Time
	// Tries counts the intents, those that came to nothing included. None: it was found
	// at the bank, by a journal that had lost what it knew of it.
	Tries int

	// ProviderID and Endpoint are from the bank's answers.
	ProviderID, Endpoint string

	// Heard: a bank has answered a transmission that counts as none, because it says that
	// it did not take it; or it was given up by a journal in doubt. It is asked about later,
	// to see that it is so.
	Heard bool
	// Refused: the first transmission was refused, so that the bank need not know it.
	Refused bool
	// Absent is what is known of the bank's not knowing it.
	Absent Absent

	// Asked counts the questions since the last intent, Errors those in a row that
	// brought no answer.
	Asked, Errors int
	// FinalAt is since when it is final, or decided by a person.
	FinalAt time.Time
	// Next is when to ask again or, of a planned attempt, to send; zero: never.
	Next time.Time

	// Reserved is what the attempt holds of limits.
	Reserved []Use
}

// Absent counts answers that the bank does not know a reference.
type Absent struct {
	Times       int // apart from each other
	First, Last time.Time
}

// Decision is what a person decided about a payout in review.
type Decision struct {
	// Outcome is StatePaid, StateFailed or StateReturned. Of an event it may be
	// StatePlanned, in ReviewDoubt: it was never sent, and is to be.
	Outcome State
	// Evidence is what it rests on: a statement's line, a letter of the bank.
	Evidence string
	By       string
	At       time.Time
}

// IsZero reports whether nobody decided.
func (d Decision) IsZero() bool { return d == Decision{} }

// clone returns a copy that shares nothing that anybody writes.
func (e Entry) clone() Entry {
	e.Attempts = slices.Clone(e.Attempts)
	for i := range e.Attempts {
		e.Attempts[i].Reserved = slices.Clone(e.Attempts[i].Reserved)
	}
	e.Inquiries = slices.Clone(e.Inquiries)
	return e
}

// current is the attempt that stands, the last one, or -1.
func (e Entry) current() int { return len(e.Attempts) - 1 }

// sent counts the attempts that reached, or may have reached, a bank.
func (e Entry) sent() (n int) {
	for _, a := range e.Attempts {
		if a.Transmissions > 0 {
			n++
		}
	}
	return n
}

// holding returns what an attempt that is sent again to an account holds of limits.
func (e Entry) holding(account string) ([]Use, bool) {
	n := e.current()
	if n < 0 || e.Attempts[n].State != StatePlanned || e.Attempts[n].Account != account {
		return nil, false
	}
	return e.Attempts[n].Reserved, len(e.Attempts[n].Reserved) > 0
}

// ref is what to ask about an attempt with.
func (e Entry) ref(n int) payout.Ref {
	a := e.Attempts[n]
	return payout.Ref{Reference: a.Reference, ProviderID: a.ProviderID, Endpoint: a.Endpoint, Amount: e.Amount}
}
