package dispatch

import (
	"context"

	"github.com/payoutkit/payout"
)

// Cursor is a place in the feed of changes of one journal. It is not empty but for the
// beginning, and says nothing to others than its journal.
type Cursor string

// Changed is one commit: what happened, and how the payout stood after it.
type Changed struct {
	Cursor    Cursor // to go on after it
	Reference string
	Version   int64 // of the entry after it: one more than before
	Event     Event
	State     State
	Review    Review
	Failure   payout.Failure
	Amount    payout.Money
}

// Changes returns what happened to payouts after a cursor, at most limit: the feed for
// the platform's own books. Nothing is left out, and the changes of one payout come in
// their order. Keep the last one's Cursor in the transaction that books them: who goes
// on from there sees each change at least once, whoever crashes. None for now: ask again
// later, with the same cursor.
func (d *Dispatcher) Changes(ctx context.Context, after Cursor, limit int) ([]Changed, error) {
	return d.journal.Changes(ctx, after, limit)
}
