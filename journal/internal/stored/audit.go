package stored

import (
	"bytes"
	"fmt"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
)

// Most bounds how much is found wrong: what is beyond is of the same kind, most likely.
const Most = 1000

// Audit holds a journal's tables against each other.
type Audit struct {
	found    []journal.Finding
	held     map[string]dispatch.Used // of limits, by what attempts have reserved
	attempts int64                    // of payouts
	pending  []Reference
}

// Reference is one at a bank, and the payout that it belongs to.
type Reference struct{ Account, Key, Payout string }

// Last is what the events of a payout come to.
type Last struct {
	Number, Version int64 // how many there are, and the last one's version; 0: none
	State           string
}

// Found notes what is wrong.
func (a *Audit) Found(check, about, format string, args ...any) {
	if len(a.found) < Most {
		a.found = append(a.found, journal.Finding{Check: check, About: about, Says: fmt.Sprintf(format, args...)})
	}
}

// Findings are what was found.
func (a *Audit) Findings() []journal.Finding { return a.found }

// Payout looks at a payout.
func (a *Audit) Payout(p Payout, last Last) {
	if a.held == nil {
		a.held = map[string]dispatch.Used{}
	}
	switch {
	case last.Number != p.Version-1 || last.Number > 0 && last.Version != p.Version:
		a.Found("history", p.Reference, "its version is %d, and it has %d events, the last of version %d", p.Version, last.Number, last.Version)
	case last.Number > 0 && last.State != p.State:
		a.Found("history", p.Reference, "it is %s, and %s by its last event", p.State, last.State)
	}
	e, err := p.Entry()
	if err != nil {
		a.Found("document", p.Reference, "%v", err)
		return
	}
	if again, err := FromEntry(e); err != nil {
		a.Found("document", p.Reference, "%v", err)
	} else if again.Document, again.Sealed = p.Document, p.Sealed; !same(again, p) {
		a.Found("columns", p.Reference, "what is searched by is not what its document says")
	}
	for _, t := range e.Attempts {
		a.attempts++
		a.pending = append(a.pending, Reference{t.Account, ReferenceKey(t.Reference), p.Reference})
		for _, u := range t.Reserved {
			now := a.held[u.Bucket]
			now.Count++
			now.Minor += u.Amount.Minor()
			a.held[u.Bucket] = now
		}
	}
}

func same(a, b Payout) bool {
	return a.Reference == b.Reference && a.Version == b.Version && a.State == b.State && a.Queue == b.Queue && a.Due == b.Due &&
		a.CreatedAt == b.CreatedAt && a.Amount == b.Amount && a.Currency == b.Currency && bytes.Equal(a.Document, b.Document)
}

// Pending returns the references that were met and not yet looked up, if there are at
// least so many, and forgets them.
func (a *Audit) Pending(atLeast int) []Reference {
	if len(a.pending) < atLeast {
		return nil
	}
	out := a.pending
	a.pending = nil
	return out
}

// Owner compares a reference with the payout that has it in the table of references.
func (a *Audit) Owner(r Reference, owner string) {
	switch owner {
	case r.Payout:
	case "":
		a.Found("references", r.Payout, "its reference %q at account %q is not among those that were used", r.Key, r.Account)
	default:
		a.Found("references", r.Payout, "its reference %q at account %q is that of payout %q", r.Key, r.Account, owner)
	}
}

// References compares how many references there are.
func (a *Audit) References(n int64) {
	if n != a.attempts {
		a.Found("references", "", "there are %d, and payouts have %d attempts", n, a.attempts)
	}
}

// Event looks at an event.
func (a *Audit) Event(id int64, ev Event) {
	if _, err := ev.Changed(); err != nil {
		a.Found("event", ev.Reference, "number %d: %v", id, err)
	}
}

// Limit compares what is in use of a limit with what attempts have reserved of it.
func (a *Audit) Limit(bucket string, used dispatch.Used) {
	if want := a.held[bucket]; want != used {
		a.Found("limits", bucket, "%d times %d minor units are in use, and attempts hold %d times %d", used.Count, used.Minor, want.Count, want.Minor)
	}
	delete(a.held, bucket)
}

// Limits ends Limit: what attempts hold of others is in use nowhere.
func (a *Audit) Limits() {
	for bucket, want := range a.held {
		a.Found("limits", bucket, "attempts hold it %d times, and none of it is in use", want.Count)
	}
}
