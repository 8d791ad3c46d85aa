package dispatch

import (
	"context"
	"time"

	"github.com/payoutkit/payout"
)

// Observer sees what a dispatcher does, for logs, spans and metrics, and hears its
// alarms. What it is given holds no secret. Its methods are called from many
// goroutines, return soon, and do not panic. The calls to banks are seen by the
// [payout.Observer] of their clients.
type Observer interface {
	// Step is called before a step. The context that it returns, made from ctx, goes
	// with the step; the function, which may be nil, is called once when it has ended.
	Step(ctx context.Context, reference string) (context.Context, func(Stepped))
	// Moved is called after a commit.
	Moved(ctx context.Context, m Moved)
	// Alarm is called for what a person should look at.
	Alarm(ctx context.Context, a Alarm)
}

// Stepped is how a step ended.
type Stepped struct {
	State State
	// Work is what it did; Idle: nothing, since nothing was due or allowed.
	Work Work
	Idle bool
	Err  error
}

// Moved is a commit: what happened to a payout, and where it stands now.
type Moved struct {
	Reference string
	Event     EventKind
	From, To  State
	Review    Review
	// Provider, Route and Attempt are those of the attempt that it is about; "" and -1
	// if it is about none.
	Provider, Route string
	Attempt         int
	Amount          payout.Money
	At              time.Time
	// Took is how long after Submit it was.
	Took time.Duration
}

// Alarm is something that should not be, and that a person should look at.
type Alarm struct {
	Kind      AlarmKind
	Reference string
	Provider  string
	Attempt   int // -1: none
	// KeyVersion is that of an [AlarmKey].
	KeyVersion uint32
}

// AlarmKind is the kind of an [Alarm], a fixed word to filter by.
type AlarmKind string

const (
	// AlarmDouble: two attempts at one payout are, or may be, paid.
	AlarmDouble AlarmKind = "double"
	// AlarmContradiction: a bank took back what it had said.
	AlarmContradiction AlarmKind = "contradiction"
	// AlarmStranger: the order under our reference is not the one we sent.
	AlarmStranger AlarmKind = "stranger"
	// AlarmReturned: the money of a paid payout came back.
	AlarmReturned AlarmKind = "returned"
	// AlarmReview: the bank's own word is that a person must look.
	AlarmReview AlarmKind = "review"
	// AlarmDeadline: the bank was asked until the deadline, and nothing is proved.
	AlarmDeadline AlarmKind = "deadline"
	// AlarmPoison: handling a payout failed again and again.
	AlarmPoison AlarmKind = "poison"
	// AlarmHeld: a provider gets nothing more to send. AlarmLifted: it does again.
	AlarmHeld   AlarmKind = "held"
	AlarmLifted AlarmKind = "lifted"
	// AlarmAccount: an unfinished payout is at an account that is not configured.
	AlarmAccount AlarmKind = "account"
	// AlarmKey: an unfinished payout, one of perhaps many, was taken on under a version of the
	// key that is not configured: it can't be sent, or submitted again.
	AlarmKey AlarmKind = "key"
	// AlarmUnrecorded: a bank's answer could not be written down. It will be asked for.
	AlarmUnrecorded AlarmKind = "unrecorded"
	// AlarmJournal: Run can't read the journal, so that nothing new is sent or asked. It is
	// raised again every minute while that lasts. AlarmJournalBack: it can again.
	AlarmJournal     AlarmKind = "journal"
	AlarmJournalBack AlarmKind = "journal_back"
	// AlarmDoubt: the journal may have lost commits, or a payout waits for a person because
	// of it.
	AlarmDoubt AlarmKind = "doubt"
	// AlarmReferenceTaken: a reference that was to be used belongs to another payout.
	AlarmReferenceTaken AlarmKind = "reference_taken"

	// Those of a bank's statement, held against the journal; double, returned and stranger
	// may be, too.

	// AlarmUnmatched: money left the account, and the journal knows of no such attempt.
	AlarmUnmatched AlarmKind = "unmatched"
	// AlarmMissing: paid by the journal, and not on the statement.
	AlarmMissing AlarmKind = "missing"
	// AlarmAmount: the bank moved another amount, or another currency.
	AlarmAmount AlarmKind = "amount"
	// AlarmDebited: money left for an attempt that the journal does not call paid.
	AlarmDebited AlarmKind = "debited"
)

// NoObserver returns an Observer that sees nothing.
func NoObserver() Observer { return noObserver{} }

type noObserver struct{}

func (noObserver) Step(ctx context.Context, _ string) (context.Context, func(Stepped)) {
	return ctx, nil
}
func (noObserver) Moved(context.Context, Moved) {}
func (noObserver) Alarm(context.Context, Alarm) {}
