package demo

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/dispatch"
)

// Result is what became of one row.
type Result struct {
	Line, LastLine int
	Reference      string
	// Provider is the one that paid, or to which the payout was sent last; "" if it was
	// sent to none.
	Provider string
	Payout   payout.Payout
	// Attempts is how many accounts it was sent to. Earlier are those but the one that
	// paid or was last.
	Attempts int
	Earlier  []Earlier
	// Lost: an answer to Create did not come, so the fate was asked for.
	Lost bool
	// Malformed: the row itself is wrong, and no payout of it was intended anywhere.
	Malformed bool
	// Unpaid is why it is certain that this row paid nobody: nothing was sent, or the
	// bank did not take it.
	Unpaid error
	// Stopped is why another bank was not tried any more after one had failed.
	Stopped error
	// Open is why the fate is not known, though it was asked for.
	Open error
	Took time.Duration
}

// Earlier is an attempt that did not do.
type Earlier struct {
	Provider string         `json:"provider"`
	State    dispatch.State `json:"state"`
	Reason   payout.Reason  `json:"reason"`
}

// read takes from the journal what became of a row. withdrawn is why, if it was.
func (k *desk) read(r *Result, row batch.Row, e dispatch.Entry, history []dispatch.Event, withdrawn error) {
	r.Lost = slices.ContainsFunc(history, lost)
	n := decisive(e)
	for i, a := range e.Attempts {
		if a.Transmissions == 0 {
			continue
		}
		r.Attempts++
		if i != n {
			r.Earlier = append(r.Earlier, Earlier{a.Provider, a.State, a.Failure.Reason})
		}
	}
	var a dispatch.Attempt
	if n >= 0 {
		a = e.Attempts[n]
		r.Provider, r.Payout.ProviderID = a.Provider, a.ProviderID
	}
	switch e.State {
	case dispatch.StatePaid:
		r.Payout.Status = payout.StatusPaid
	case dispatch.StateReturned:
		r.Payout.Status = payout.StatusReturned
	case dispatch.StateReview:
		r.Payout.Status = payout.StatusReview
	case dispatch.StateFailed, dispatch.StateCancelled:
		if e.State == dispatch.StateFailed {
			withdrawn = nil // it was too late for that
		}
		k.notPaid(r, row, e, a, withdrawn)
	default:
		r.Payout.Status = said(e, history)
	}
}

// notPaid is a row that is certain to have paid nobody: a is its last attempt, if any
// was sent.
func (k *desk) notPaid(r *Result, row batch.Row, e dispatch.Entry, a dispatch.Attempt, withdrawn error) {
	if r.Attempts > 0 {
		if err := k.watch.failed(a); payout.KindOf(err) == payout.ErrRefused {
			r.Unpaid = err
			return
		}
		r.Payout.Status, r.Payout.Failure, r.Stopped = payout.StatusFailed, a.Failure, withdrawn
		return
	}
	r.Unpaid = withdrawn
	if n := len(e.Attempts); n > 0 && !errors.Is(withdrawn, context.Canceled) {
		a = e.Attempts[n-1]
		if err := k.watch.failed(a); err != nil { // that says more
			r.Unpaid = located(row, err)
		}
		if r.status() == refused {
			r.Provider = a.Provider
		}
	}
	if r.Unpaid == nil {
		r.Unpaid = noRoute{}
	}
}

// decisive is the attempt that is paid or came back, or else the last one that was
// sent; -1: none was.
func decisive(e dispatch.Entry) int {
	last := -1
	for i, a := range e.Attempts {
		switch {
		case a.State == dispatch.StatePaid || a.State == dispatch.StateReturned:
			return i
		case a.Transmissions > 0:
			last = i
		}
	}
	return last
}

// lost reports whether an event is that no answer came to what was sent.
func lost(ev dispatch.Event) bool {
	switch ev.Kind {
	case dispatch.EventAged:
		return true
	case dispatch.EventCreated, dispatch.EventLate:
		return !ev.Outcome.Answered && !payout.ProvedUnpaid(ev.Outcome.Kind)
	default:
		return false
	}
}

// said returns what a bank last said of a payout that is not final.
func said(e dispatch.Entry, history []dispatch.Event) payout.Status {
	for _, ev := range slices.Backward(history) {
		if s := ev.Outcome.Status; e.State == dispatch.StateOpen && (s == payout.StatusPending || s == payout.StatusActionRequired) {
			return s
		}
	}
	return payout.StatusUnknown
}
