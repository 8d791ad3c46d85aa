package dispatch

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/payoutkit/payout"
)

// Inserter takes a new entry on for a journal, as [Journal.Insert] does, but as a part of
// a transaction of the caller's: nobody else sees it before that is committed, and if it
// is rolled back it never was.
type Inserter interface {
	Insert(ctx context.Context, e Entry) (Entry, bool, error)
}

// SubmitIn takes a payout on as a part of the caller's transaction, so that what the
// platform writes there, a debit say, and the payout are committed together or not at
// all. in belongs to the dispatcher's own journal; each journal that can do it has a
// method around this one. Nothing is sent before the commit; after it, Run finds the
// payout within a second.
//
// It reports whether the payout is new. If not, it is what stands under the reference,
// with the same content: the platform has debited it before. One that waits for its
// request is not given it here: Submit it.
//
// Without a [Sealer] the request is in this process's memory alone, and is kept there for
// a minute without a commit: of a transaction that takes longer the payout waits for its
// request, as after a restart.
//
// ErrInvalid, ErrUnsupported and ErrConflict are as of Submit. After any error roll the
// transaction back.
func (d *Dispatcher) SubmitIn(ctx context.Context, in Inserter, req payout.Request) (e Entry, inserted bool, err error) {
	e, mine, err := d.prepare(ctx, req)
	if err != nil {
		return Entry{}, false, err
	}
	now := d.now()
	d.settleLoose(ctx, now)
	keep, others := len(e.Sealed) == 0, false
	if keep { // before the entry is there: a worker that sees it must find its request
		_, others = d.pending.LoadOrStore(req.Reference, mine)
	}
	e, inserted, err = in.Insert(ctx, e)
	var same bool
	if err == nil {
		same, err = d.isOf(e, mine)
	}
	if err == nil && !same {
		err = &payout.Error{Kind: payout.ErrConflict}
	}
	if err != nil {
		d.pending.CompareAndDelete(req.Reference, mine)
		return Entry{}, false, err
	}
	if others { // who may be submitting other content under this reference
		d.pending.Store(req.Reference, mine)
	}
	if keep {
		d.loose.add(req.Reference, mine, now)
	}
	return e, inserted, nil
}

// undecided is how long a request is kept whose payout is not in the journal yet.
const undecided = time.Minute

// loose are the requests in memory of which it is not known whether their payout is in
// the journal, the oldest first.
type loose struct {
	mu    sync.Mutex
	items []looseRequest
}

type looseRequest struct {
	reference string
	*held
	at time.Time
}

func (l *loose) add(reference string, req *held, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.items = append(l.items, looseRequest{reference, req, now})
}

// take returns those that have waited long enough.
func (l *loose) take(now time.Time) []looseRequest {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for n < len(l.items) && !now.Before(l.items[n].at.Add(undecided)) {
		n++
	}
	out := l.items[:n:n]
	l.items = l.items[n:]
	return out
}

// settleLoose forgets requests whose payout is not in the journal after all.
func (d *Dispatcher) settleLoose(ctx context.Context, now time.Time) {
	for _, r := range d.loose.take(now) {
		e, err := d.journal.Load(ctx, r.reference)
		wanted := false
		switch {
		case err == nil:
			wanted, err = d.isOf(e, r.held)
			wanted = err != nil || wanted && !e.State.Final()
		case !errors.Is(err, ErrNoEntry):
			d.loose.add(r.reference, r.held, now) // ask again later
			wanted = true
		}
		if !wanted {
			d.pending.CompareAndDelete(r.reference, r.held)
		}
	}
}
