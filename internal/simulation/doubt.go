package simulation

import (
	"context"
	"slices"

	"github.com/payoutkit/payout/dispatch"
)

// owned is a reference at an account, which belongs to a payout. The journal may forget
// whose it is.
type owned struct{ account, reference string }

// mistrust is what befalls a journal: it is copied, an older copy takes its place, and a
// person says that nothing is missing.
func (w *world) mistrust() {
	if w.place.Restore == nil {
		return
	}
	switch w.of(6) {
	default:
		w.tell("the journal is copied")
		w.place.Copy()
	case 4:
		if w.doubts < 2 {
			w.restore()
		}
	case 5:
		w.trust()
	}
}

// restore puts the last copy in the place of the journal.
func (w *world) restore() {
	w.tell("an older copy takes the place of the journal")
	for _, k := range w.workers {
		k.kill()
	}
	w.journal = w.place.Restore()
	w.doubts++
	clear(w.before)
	clear(w.resolved)
	for _, e := range w.entries() {
		w.tell("  %s is %s in it, with %d attempts", e.Reference, e.State, len(e.Attempts))
		w.before[e.Reference] = e
		w.resolved[e.Reference] = !e.Decision.IsZero()
	}
	for _, b := range w.banks { // intents that are lost can't be counted
		clear(b.left)
	}
	for _, k := range w.workers {
		k.start()
	}
}

// trust ends the doubt, if all that was sent is in the journal: a person has compared it
// with what the banks have.
func (w *world) trust() {
	for _, b := range w.banks {
		sent := []string{}
		for _, o := range b.orders {
			if !o.stranger {
				sent = append(sent, o.reference)
			}
		}
		for _, f := range b.flight {
			sent = append(sent, f.req.Reference)
		}
		for _, reference := range sent {
			e, err := w.journal.FindAttempt(context.Background(), b.info.Account, reference)
			known := func(a dispatch.Attempt) bool {
				return a.Account == b.info.Account && a.Reference == reference && a.Transmissions > 0
			}
			if err != nil || !slices.ContainsFunc(e.Attempts, known) {
				return
			}
		}
	}
	w.tell("a person says that the journal can be trusted")
	w.place.Trust()
}

// nowhere reports whether no bank has, or may get, anything that pays a payout.
func (w *world) nowhere(reference string) bool {
	if moved, brokeWord := w.moved(reference); moved > 0 || brokeWord {
		return false
	}
	for _, b := range w.banks {
		for _, f := range b.flight {
			if w.owners[owned{b.info.Account, f.req.Reference}] == reference {
				return false
			}
		}
	}
	return true
}

// decideDoubts has a person look at what waits for one because the journal is in doubt.
func (w *world) decideDoubts(k *worker) {
	w.trust()
	for _, e := range w.entries() {
		if e.Review != dispatch.ReviewDoubt || !w.nowhere(e.Reference) {
			continue
		}
		w.finish(k.begin("resolve "+e.Reference, func(ctx context.Context) {
			_, err := k.d.Resolve(ctx, e.Reference, dispatch.StatePlanned, "statement", "operator")
			w.tell("resolve %s as planned: %v", e.Reference, err)
		}))
	}
}
