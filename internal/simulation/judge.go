package simulation

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/payoutkit/payout/dispatch"
)

// afterCommit checks what has to hold at every moment.
func (w *world) afterCommit(c dispatch.Change) {
	e := c.Entry
	alive, transmissions := 0, 0
	if c.Event.Kind == dispatch.EventChecked && c.Event.Attempt >= 0 {
		w.adopted[e.Reference] = true // it holds nothing of a limit
	}
	if len(e.Attempts) > 2*len(w.banks)-1 {
		w.violated("%s has %d attempts at %d banks", e.Reference, len(e.Attempts), len(w.banks))
	}
	for _, a := range e.Attempts {
		switch a.State {
		case dispatch.StateUnknown, dispatch.StateSending, dispatch.StateOpen, dispatch.StatePaid, dispatch.StateClosed:
			alive++
			takenBack := slices.Contains(c.Event.Alarms, dispatch.AlarmContradiction) || w.alarms[e.Reference][dispatch.AlarmContradiction] > 0
			if len(w.limits) > 0 && !w.adopted[e.Reference] && len(a.Reserved) == 0 && e.Decision.IsZero() && e.State != dispatch.StateReview && !takenBack {
				w.violated("%s is %s at %s and holds nothing of its limit", e.Reference, a.State, a.Provider)
			}
		}
		if a.Transmissions > 0 {
			transmissions++
		}
	}
	if alive > 1 && e.State != dispatch.StateReview && e.Decision.IsZero() {
		w.violated("%s has %d attempts alive and is %s", e.Reference, alive, e.State)
	}
	if transmissions > 3 {
		w.violated("%s was sent to %d banks", e.Reference, transmissions)
	}
	if before := w.before[e.Reference]; c.Event.Kind == dispatch.EventCreated && before.Attempts[c.Event.Attempt].Transmissions > 1 {
		switch a := e.Attempts[c.Event.Attempt]; a.State {
		case dispatch.StateClosed, dispatch.StateFailed, dispatch.StatePlanned, dispatch.StateUnsent:
			w.violated("%s is %s by what a bank said of a second transmission", e.Reference, a.State)
		}
	}
	w.before[e.Reference] = e
	for _, k := range c.Event.Alarms { // they are in the history, whoever lives to tell them
		w.alarm(e.Reference, k)
	}
	if c.Event.Kind == dispatch.EventOverdue && e.State != dispatch.StateReview {
		w.violated("%s is %s by a deadline, which proves nothing", e.Reference, e.State)
	}
	if c.Event.Kind == dispatch.EventResolved && c.Event.Decision.Outcome != dispatch.StatePlanned {
		w.resolved[e.Reference] = true
	}
	if c.Event.Kind == dispatch.EventIntended && w.resolved[e.Reference] {
		w.violated("%s is sent after a person had decided", e.Reference)
	}
	for _, u := range c.Reserve {
		for _, l := range w.limits {
			if u.Bucket == l.Name || strings.HasPrefix(u.Bucket, l.Name+"/") {
				w.buckets[u.Bucket] = l
			}
		}
	}
	for bucket, l := range w.buckets {
		used, _ := w.journal.Used(context.Background(), bucket)
		if l.Count > 0 && used.Count > l.Count || l.Amount.Minor() > 0 && used.Minor > l.Amount.Minor() || used.Count < 0 || used.Minor < 0 {
			w.violated("limit %s holds %+v", bucket, used)
		}
	}
}

// judge compares the journal with the ledgers when everything has come to rest.
func (w *world) judge() {
	entries := w.entries()
	held := map[string]dispatch.Used{}
	for _, e := range entries {
		w.judgeEntry(e)
		for _, a := range e.Attempts {
			for _, u := range a.Reserved {
				now := held[u.Bucket]
				now.Count++
				now.Minor += u.Amount.Minor()
				held[u.Bucket] = now
			}
		}
	}
	for bucket := range w.buckets {
		if used, _ := w.journal.Used(context.Background(), bucket); used != held[bucket] {
			w.violated("limit %s says %+v, its payouts hold %+v", bucket, used, held[bucket])
		}
	}
	for reference := range w.acked {
		if !slices.ContainsFunc(entries, func(e dispatch.Entry) bool { return e.Reference == reference }) {
			w.violated("%s was taken and is lost", reference)
		}
	}
	for _, b := range w.banks {
		for _, o := range b.orders {
			if o.stranger {
				continue
			}
			_, err := w.journal.FindAttempt(context.Background(), b.info.Account, o.reference)
			if err != nil && !w.doubtful(w.owners[owned{b.info.Account, o.reference}], o) {
				w.violated("%s has an order %s that the journal does not know", b.name, o.reference)
			}
		}
	}
}

// doubtful reports whether an order that the journal does not know is one that it has
// lost, and that can't lead it astray: it never paid, or a person is looking at the payout,
// or has decided; or a bank broke its word about it.
func (w *world) doubtful(reference string, o *simOrder) bool {
	e, err := w.journal.Load(context.Background(), reference)
	if err != nil || w.doubts == 0 {
		return false
	}
	_, brokeWord := w.moved(reference)
	return e.State == dispatch.StateReview || !o.moved || !e.Decision.IsZero() || brokeWord
}

func (w *world) judgeEntry(e dispatch.Entry) {
	moved, brokeWord := w.moved(e.Reference)
	alarms := w.alarms[e.Reference]
	warned := e.State == dispatch.StateReview || len(alarms) > 0
	if moved > 1 {
		switch {
		case !brokeWord:
			w.violated("%s was paid %d times", e.Reference, moved)
		case !warned && w.doubts == 0: // of an attempt that is lost nobody asks once it is paid elsewhere
			w.violated("%s was paid %d times by a bank that broke its word, and nobody was told", e.Reference, moved)
		}
		return
	}
	switch e.State {
	case dispatch.StatePaid:
		if moved != 1 && !brokeWord {
			w.violated("%s is paid in the journal, and no money moved", e.Reference)
		}
	case dispatch.StateFailed, dispatch.StateCancelled, dispatch.StateReturned:
		if moved != 0 && (!brokeWord || !warned) {
			w.violated("%s is %s in the journal, and was paid", e.Reference, e.State)
		}
	case dispatch.StateReview, dispatch.StateAwaiting:
	default:
		w.violated("%s ends as %s: nobody will ever know", e.Reference, e.State)
	}
	for i, a := range e.Attempts {
		if a.State != dispatch.StateUnsent {
			continue
		}
		for _, b := range w.banks {
			for _, o := range b.orders {
				lost := w.doubts > 0 && !o.moved // what is lost may have been sent, and have failed
				if b.info.Account == a.Account && o.reference == a.Reference && !o.stranger && !lost {
					w.violated("attempt %d of %s is unsent, and the bank has it", i+1, e.Reference)
				}
			}
		}
	}
}

// discard is the bank's end of a callback.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}
