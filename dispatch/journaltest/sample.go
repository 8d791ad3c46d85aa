package journaltest

import (
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// begin is when the payouts of these cases are taken: to the microsecond, which is what
// a journal keeps at least.
var begin = time.Date(2026, 11, 22, 10, 11, 12, 345678000, time.UTC)

func in(d time.Duration) time.Time { return begin.Add(d) }

// planned is a payout that was just taken.
func planned(reference string) dispatch.Entry {
	return dispatch.Entry{
		Reference: reference, State: dispatch.StatePlanned, Amount: payout.FromMinor(1234, payout.EUR),
		Destination: "card 411111******1111", CreatedAt: begin, SendUntil: in(24 * time.Hour), Due: begin,
	}
}

// attempt is one at a bank.
func attempt(account, reference string, s dispatch.State) dispatch.Attempt {
	return dispatch.Attempt{
		Route: "route-" + account, Provider: "provider-" + account, Account: account, Reference: reference,
		State: s, Transmissions: 1, Tries: 1, IntentAt: begin, SendBefore: in(10 * time.Second), Next: in(time.Minute),
	}
}

// full is a payout with something in every field.
func full(reference string) dispatch.Entry {
	a := attempt("bank/login", reference, dispatch.StateFailed)
	a.Mark, a.Failure = "mark", payout.Failure{Reason: payout.ReasonInsufficientFunds, Code: "116"}
	a.Transmissions, a.Tries, a.Epoch, a.Intent = 2, 3, 1<<40, 1<<41
	a.ProviderID, a.Endpoint, a.Heard, a.Refused = "id-1", "39915", true, true
	a.Absent = dispatch.Absent{Times: 2, First: in(time.Hour), Last: in(2 * time.Hour)}
	a.Asked, a.Errors, a.FinalAt = 7, 4, in(3*time.Hour)
	a.Reserved = []dispatch.Use{
		{Bucket: "day/2026-11-22", Amount: payout.FromMinor(1234, payout.EUR), MaxAmount: payout.FromMinor(100000, payout.EUR), MaxCount: 9},
		{Bucket: "all", MaxCount: 1 << 40},
	}
	e := planned(reference)
	e.State, e.Review, e.Stopped = dispatch.StateReview, dispatch.ReviewDouble, true
	e.Failure = payout.Failure{Reason: payout.ReasonExpired, Code: "x"}
	e.Fingerprint = dispatch.Fingerprint{Version: 3, Sum: [32]byte{1, 2, 3, 31: 255}}
	e.Sealed = []byte{0, 1, 2, 255}
	e.Due, e.Strikes, e.Deferred = in(time.Minute), 2, 5
	e.Attempts = []dispatch.Attempt{a, attempt("bank/other", "derived-"+reference, dispatch.StateOpen)}
	e.Checked, e.Inquiries = 4, []dispatch.Inquiry{inquiry("bank/login"), inquiry("bank/other")}
	e.Decision = dispatch.Decision{Outcome: dispatch.StatePaid, Evidence: "statement, line 3: \"paid\"", By: "Änne", At: in(4 * time.Hour)}
	return e
}

// inquiry is one at a bank, with something in every field.
func inquiry(account string) dispatch.Inquiry {
	return dispatch.Inquiry{
		Doubt: 5, Provider: "provider-" + account, Account: account, References: 6, Asked: 1, Rounds: 3, Seen: in(4 * time.Hour),
		Absent: dispatch.Absent{Times: 2, First: in(time.Hour), Last: in(2 * time.Hour)}, Proved: true, Errors: 8,
		Begun: in(time.Minute), Next: in(3 * time.Hour),
	}
}

// happened is an event with something in every field.
func happened() dispatch.Event {
	e := full("p-1")
	return dispatch.Event{
		Kind: dispatch.EventFound, At: begin, Attempt: 1, Planned: e.Attempts[0], Decision: e.Decision, Inquiries: e.Inquiries,
		Outcome: dispatch.Outcome{
			Answered: true, Status: payout.StatusPaid, Kind: payout.ErrRefused, Failure: e.Failure, Code: "98", HTTPStatus: 502, RetryAfter: 7, Hold: true,
			Violations: []payout.Violation{{Field: "recipient.name", Rule: "is required", Doc: "all2pay:233"}},
			ProviderID: "id-1", Endpoint: "39915", Destination: "card ******1111", Mark: "mark",
		},
		Alarms: []dispatch.AlarmKind{dispatch.AlarmDouble, dispatch.AlarmReview},
	}
}

// clean makes entries comparable: a journal may return times in any zone, and an empty
// slice for none.
func clean(e dispatch.Entry) dispatch.Entry {
	times(&e.CreatedAt, &e.SendUntil, &e.Due, &e.Decision.At)
	if len(e.Sealed) == 0 {
		e.Sealed = nil
	}
	attempts := e.Attempts
	e.Attempts = nil
	for _, a := range attempts {
		e.Attempts = append(e.Attempts, cleanAttempt(a))
	}
	e.Inquiries = cleanInquiries(e.Inquiries)
	return e
}

func cleanInquiries(inquiries []dispatch.Inquiry) (out []dispatch.Inquiry) {
	for _, q := range inquiries {
		times(&q.Seen, &q.Absent.First, &q.Absent.Last, &q.Begun, &q.Next)
		out = append(out, q)
	}
	return out
}

func cleanAttempt(a dispatch.Attempt) dispatch.Attempt {
	times(&a.IntentAt, &a.SendBefore, &a.FinalAt, &a.Next, &a.Absent.First, &a.Absent.Last)
	if len(a.Reserved) == 0 {
		a.Reserved = nil
	}
	return a
}

func cleanEvents(events []dispatch.Event) (out []dispatch.Event) {
	for _, ev := range events {
		times(&ev.At, &ev.Decision.At)
		ev.Planned, ev.Inquiries = cleanAttempt(ev.Planned), cleanInquiries(ev.Inquiries)
		if len(ev.Alarms) == 0 {
			ev.Alarms = nil
		}
		if len(ev.Outcome.Violations) == 0 {
			ev.Outcome.Violations = nil
		}
		out = append(out, ev)
	}
	return out
}

func times(all ...*time.Time) {
	for _, t := range all {
		if t.IsZero() {
			*t = time.Time{}
		} else {
			*t = t.Round(time.Microsecond).UTC()
		}
	}
}

// take inserts a payout.
func (t *trial) take(e dispatch.Entry) dispatch.Entry {
	out, inserted, err := t.Insert(t.ctx, e)
	t.ok(err, "Insert")
	t.same(inserted, true, "a reference that is new")
	return out
}

// load returns what the journal has of a payout.
func (t *trial) load(reference string) dispatch.Entry {
	e, err := t.Load(t.ctx, reference)
	t.ok(err, "Load "+reference)
	return clean(e)
}

// change is a commit that makes of an entry what then does.
func change(e dispatch.Entry, then func(*dispatch.Entry)) dispatch.Change {
	if then != nil {
		then(&e)
	}
	return dispatch.Change{Entry: e, Event: dispatch.Event{Kind: dispatch.EventHinted, At: begin, Attempt: -1}}
}

// commit makes a commit, and returns what stands then.
func (t *trial) commit(e dispatch.Entry, then func(*dispatch.Entry)) dispatch.Entry {
	t.ok(t.Commit(t.ctx, change(e, then)), "Commit of "+e.Reference)
	return t.load(e.Reference)
}

// history returns what happened to a payout.
func (t *trial) history(reference string) []dispatch.Event {
	events, err := t.History(t.ctx, reference)
	t.ok(err, "History of "+reference)
	return cleanEvents(events)
}

// used returns how much of a limit is in use.
func (t *trial) used(bucket string) dispatch.Used {
	u, err := t.Used(t.ctx, bucket)
	t.ok(err, "Used of "+bucket)
	return u
}
