package dispatch

import (
	"context"
	"errors"
	"time"

	"github.com/payoutkit/payout"
)

// Journal is where payouts are written down: the safety is here, and nowhere else.
// Its methods are safe for concurrent use, by several processes if it is shared.
//
// A commit that returns nil is durable: it survives the end of the process and of
// the machine. One that returns another error than those named here may or may not
// have happened.
type Journal interface {
	// Epoch begins a new epoch: a number greater than all before it, durably. Nothing
	// is sent but under an epoch that was begun successfully.
	Epoch(ctx context.Context) (int64, error)

	// Doubt says whether the journal may have lost what was committed to it: see [Doubt].
	// It is asked once a second, and after each new epoch.
	Doubt(ctx context.Context) (Doubt, error)

	// Insert writes a new entry, with Version 1, and returns it; or returns the entry
	// that has its reference already, and false. One that has attempts takes their
	// references, as a commit does: ErrReferenceTaken.
	Insert(ctx context.Context, e Entry) (Entry, bool, error)

	// Load returns an entry, or ErrNoEntry.
	Load(ctx context.Context, reference string) (Entry, error)

	// FindAttempt returns the entry with an attempt under a reference at an account, or
	// ErrNoEntry.
	FindAttempt(ctx context.Context, account, reference string) (Entry, error)

	// Commit replaces an entry, if the journal still has the version that c.Entry has,
	// and gives it the next one; adds c.Event to its history; books what it reserves and
	// releases; and keeps c.Shown, if it is newer than what is known. All of that, or nothing: ErrStale if somebody else was faster,
	// ErrLimit if a limit has not enough left, ErrReferenceTaken if another entry, or
	// another attempt of this one, has one of its references at the same account,
	// without regard to case.
	Commit(ctx context.Context, c Change) error

	// Due returns entries that are due at a time, of one kind of work, the longest due
	// first, at most limit. Of what is to be asked about, those whose State is unknown
	// or sending come before all others. A journal that several processes share keeps
	// what it returns to one of them from the others for a while, or until it is committed.
	Due(ctx context.Context, w Work, now time.Time, limit int) ([]Due, error)

	// Waiting counts the entries that are due at a time, of one kind of work, whoever
	// they were returned to; it need not count further than atMost.
	Waiting(ctx context.Context, w Work, now time.Time, atMost int) (int, error)

	// List returns entries in the order of their references. Count counts all that
	// match, by state, whatever After and Limit say.
	List(ctx context.Context, f Filter) ([]Entry, error)
	Count(ctx context.Context, f Filter) (map[State]int64, error)

	// History returns what happened to a payout, in order.
	History(ctx context.Context, reference string) ([]Event, error)

	// Changes returns what was committed after a cursor, for all payouts, at most limit:
	// everything, in an order that is the order of commits for each payout. The zero
	// Cursor is the beginning.
	Changes(ctx context.Context, after Cursor, limit int) ([]Changed, error)

	// Used returns how much of a limit is in use.
	Used(ctx context.Context, bucket string) (Used, error)

	// Shown returns the newest order that the bank has shown at an account, as commits
	// have said, or the zero Shown.
	Shown(ctx context.Context, account string) (Shown, error)

	// SetHold writes that a provider is held, or, with a Hold that names only the
	// provider, that it is not any more. Holds returns those that are.
	SetHold(ctx context.Context, h Hold) error
	Holds(ctx context.Context) ([]Hold, error)
}

// Errors of a [Journal].
var (
	ErrNoEntry        = errors.New("dispatch: no such payout in the journal")
	ErrStale          = errors.New("dispatch: the payout has moved on")
	ErrLimit          = errors.New("dispatch: a limit has not enough left")
	ErrReferenceTaken = errors.New("dispatch: the reference is taken at this account")
	// ErrNotBegun is that the context had ended before anything was begun: nothing was
	// written, for certain. A journal that can't tell returns the context's error.
	ErrNotBegun = errors.New("dispatch: the write had not begun")
)

// Due is an entry that a step has something to do for.
type Due struct {
	Reference string
	At        time.Time
}

// Work is what a step would do: the two have rates of their own.
type Work uint8

const (
	Ask  Work = iota // about what was sent
	Send             // what was not
)

// Work returns what a step would do for an entry.
func (e Entry) Work() Work {
	if e.State == StatePlanned || e.State == StateAwaiting {
		return Send
	}
	return Ask
}

// Doubt is a journal's own suspicion that commits are missing from it: it was restored
// from an older copy, say. What it shows as never sent may have been sent, and so may
// payouts that it does not know at all: the platform submits them again. Until it ends,
// which a person takes upon himself, each first transmission is preceded by questions to
// every account that the payout may have been sent to, and what they can't prove is a
// [ReviewDoubt]. The zero Doubt is none.
type Doubt struct {
	// Number tells one doubt from another; a later one has a greater number.
	Number int64
	// Since is when it was noticed: everything that is missing was committed before.
	Since time.Time
	// Why says what was noticed.
	Why string
}

// Use is a part of a limit that an attempt takes: one payout, and its amount.
type Use struct {
	// Bucket is the limit in one of its periods, such as "night/2026-11-22".
	Bucket string
	Amount payout.Money
	// Greatest is how much the bucket holds: an amount, a count. Zero: no such bound.
	MaxAmount payout.Money
	MaxCount  int64
}

// Used is how much of a bucket is in use.
type Used struct {
	Count int64
	Minor int64 // minor units of the limit's currency
}

// Fits reports whether a use fits in beside what is used.
func (u Used) Fits(use Use) bool {
	if use.MaxCount > 0 && u.Count+1 > use.MaxCount {
		return false
	}
	limit := use.MaxAmount.Minor()
	return limit == 0 || use.Amount.Minor() <= limit && u.Minor <= limit-use.Amount.Minor()
}

// Shown is an order that a bank has shown: its search works, and finds what was sent
// at that time.
type Shown struct {
	Account string
	Sent    time.Time // when the order was sent
	At      time.Time // when the bank last showed it
}

// newer reports whether s is news beside what is known.
func (s Shown) newer(known Shown) bool {
	return s.Account != "" && (s.Sent.After(known.Sent) || s.Sent.Equal(known.Sent) && s.At.After(known.At))
}

// Hold keeps a provider from getting payouts to send. It is asked all the same.
type Hold struct {
	Provider string
	Reason   HoldReason
	By       string // the person's name, of HeldByPerson
	Note     string
	Since    time.Time
	// Times counts the checks in a row that could not lift it.
	Times int
	// CheckAt is when to check whether it can be lifted.
	CheckAt time.Time
}

// HoldReason is why a provider is held.
type HoldReason string

const (
	NotHeld          HoldReason = ""
	HeldUnauthorized HoldReason = "unauthorized" // its credentials seem not to work
	HeldUnknowns     HoldReason = "unknowns"     // too many lost answers in a row
	HeldByPerson     HoldReason = "person"       // only a person lifts it
)
