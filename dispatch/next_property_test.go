package dispatch_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// life is a payout to which things happen in any order in which they can.
type life struct {
	e        dispatch.Entry
	now      time.Time
	reserved int64 // in minor units, less what was released
}

// events are what can happen now: what a dispatcher, a bank or a person could do, and
// answers of the worst banks.
func (l *life) events(t *rapid.T) []dispatch.Event {
	e, n := l.e, len(l.e.Attempts)-1
	var out []dispatch.Event
	add := func(k dispatch.EventKind, attempt int) {
		out = append(out, dispatch.Event{Kind: k, At: l.now, Attempt: attempt})
	}
	unsent := e.State == dispatch.StatePlanned || e.State == dispatch.StateAwaiting
	resent := n >= 0 && e.Attempts[n].State == dispatch.StatePlanned && e.Attempts[n].Transmissions > 0
	if unsent {
		add(dispatch.EventExpired, n)
		add(dispatch.EventEnded, n)
		if !resent {
			add(dispatch.EventCancelled, n)
			out[len(out)-1].Decision = dispatch.Decision{Outcome: dispatch.StateCancelled, By: "Ann", At: l.now}
		}
	}
	if e.State == dispatch.StatePlanned {
		add(dispatch.EventMissing, n)
		add(dispatch.EventDeferred, n)
		for range 3 { // often
			add(dispatch.EventIntended, n)
		}
	}
	if e.State == dispatch.StateAwaiting {
		add(dispatch.EventAttached, -1)
	}
	if e.State == dispatch.StateReview {
		add(dispatch.EventPoisoned, -1)
		add(dispatch.EventResolved, n)
		outcome := rapid.SampledFrom([]dispatch.State{dispatch.StatePaid, dispatch.StateFailed, dispatch.StateReturned}).Draw(t, "decision")
		out[len(out)-1].Decision = dispatch.Decision{Outcome: outcome, By: "Ann", Evidence: "a letter", At: l.now}
	}
	add(dispatch.EventStruck, -1)
	for i, a := range e.Attempts {
		switch a.State {
		case dispatch.StateSending:
			add(dispatch.EventAged, i)
			for range 3 {
				add(dispatch.EventCreated, i)
			}
		case dispatch.StatePlanned:
		default:
			add(dispatch.EventFound, i)
			add(dispatch.EventFound, i)
			add(dispatch.EventHinted, i)
			if a.State != dispatch.StatePaid && !a.State.Final() && a.State != dispatch.StateUnsent && e.State != dispatch.StateReview && e.Decision.IsZero() {
				add(dispatch.EventOverdue, i)
			}
		}
		if a.Tries > 0 && a.State != dispatch.StateSending {
			add(dispatch.EventLate, i)
		}
	}
	return out
}

func (l *life) outcome(t *rapid.T, a dispatch.Attempt) dispatch.Outcome {
	o := dispatch.Outcome{}
	if rapid.IntRange(0, 2).Draw(t, "answered") > 0 {
		o.Answered, o.Status = true, rapid.SampledFrom(statuses).Draw(t, "status")
		if o.Status == payout.StatusFailed {
			o.Failure.Reason = payout.ReasonInsufficientFunds
		}
		o.Mark = rapid.SampledFrom([]string{a.Mark, a.Mark, a.Mark, "", "another"}).Draw(t, "mark")
		o.ProviderID = rapid.SampledFrom([]string{"", "", "id"}).Draw(t, "id")
		return o
	}
	o.Kind = rapid.SampledFrom(kinds).Draw(t, "kind")
	o.RetryAfter = rapid.SampledFrom([]time.Duration{0, time.Minute, 1000 * time.Hour}).Draw(t, "retry after")
	return o
}

// intended is what a dispatcher plans: one of two accounts, under the reference that
// belongs to it, taking what is not held yet.
func (l *life) intended(t *rapid.T) (planned dispatch.Attempt, reserve []dispatch.Use) {
	account := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "account")
	planned = dispatch.Attempt{Route: account, Provider: account, Account: account, Epoch: 1, IntentAt: l.now, SendBefore: l.now.Add(10 * time.Second)}
	planned.Intent = l.e.Version
	planned.Reference = fmt.Sprintf("p-%d", len(l.e.Attempts)+1)
	reserve = []dispatch.Use{{Bucket: "all", Amount: l.e.Amount}}
	if n := len(l.e.Attempts) - 1; n >= 0 && l.e.Attempts[n].State == dispatch.StatePlanned {
		if stands := l.e.Attempts[n]; stands.Transmissions > 0 || stands.Account == account {
			planned.Account, planned.Reference = stands.Account, stands.Reference
			if len(stands.Reserved) > 0 {
				planned.Reserved, reserve = stands.Reserved, nil
			}
		}
	}
	planned.Mark = "mark-" + planned.Reference
	if reserve != nil {
		planned.Reserved = reserve
	}
	return planned, reserve
}

func (l *life) step(t *rapid.T) {
	pass := []time.Duration{0, time.Second, time.Minute, time.Hour, 30 * time.Hour}
	l.now = l.now.Add(rapid.SampledFrom(pass).Draw(t, "pass"))
	ev := rapid.SampledFrom(l.events(t)).Draw(t, "event")
	var reserve []dispatch.Use
	switch ev.Kind {
	case dispatch.EventIntended:
		ev.Planned, reserve = l.intended(t)
	case dispatch.EventCreated, dispatch.EventLate, dispatch.EventFound:
		ev.Outcome = l.outcome(t, l.e.Attempts[ev.Attempt])
	}
	rules := proving(rapid.SampledFrom([]payout.Dedup{payout.DedupNone, payout.DedupRefuses, payout.DedupReplays}).Draw(t, "dedup"))
	rules.Absence.Proves = rapid.Bool().Draw(t, "proves")
	rules.LaterSeen = l.now

	before := l.e
	same := clean(before)
	c := dispatch.Next(before, ev, rules)
	require.Equal(t, same, before, "Next changes what it is given")
	require.Equal(t, c, dispatch.Next(before, ev, rules), "Next says something else the second time")
	l.e = c.Entry
	l.e.Version++
	l.reserved += sum(reserve) - sum(c.Release)
	l.check(t, before, ev)
}

func (l *life) check(t *rapid.T, before dispatch.Entry, ev dispatch.Event) {
	e := l.e
	story := fmt.Sprintf("%s of attempt %d, %+v\nbefore: %+v\nafter: %+v", ev.Kind, ev.Attempt, ev.Outcome, before, e)
	alive, held := 0, int64(0)
	for i, a := range e.Attempts {
		held += sum(a.Reserved)
		switch a.State {
		case dispatch.StateUnknown, dispatch.StateSending, dispatch.StateOpen, dispatch.StateClosed:
			alive++
			require.Positive(t, a.Transmissions, "alive, and never transmitted: %s", story)
			if e.Decision.IsZero() {
				require.False(t, a.Next.IsZero(), "nobody asks about it: %s", story)
				require.False(t, e.Due.IsZero(), "nobody asks about it: %s", story)
				if e.Strikes+e.Deferred == 0 {
					require.False(t, e.Due.After(a.Next), "it is asked about too late: %s", story)
				}
			}
		case dispatch.StatePaid:
			alive++
		case dispatch.StateFailed, dispatch.StateUnsent:
			require.Empty(t, a.Reserved, "it is not paid, and holds a part of a limit: %s", story)
		}
		if i < len(before.Attempts) {
			was := before.Attempts[i]
			proved := ev.Kind == dispatch.EventCreated && i == ev.Attempt && was.Transmissions == 1 && a.Transmissions == 0 &&
				(a.State == dispatch.StatePlanned || a.State == dispatch.StateUnsent)
			require.True(t, a.Transmissions >= was.Transmissions || proved, "a transmission is forgotten: %s", story)
			require.Equal(t, []string{was.Account, was.Reference, was.Mark}, []string{a.Account, a.Reference, a.Mark}, story)
		}
	}
	require.GreaterOrEqual(t, len(e.Attempts), len(before.Attempts), story)
	require.LessOrEqual(t, len(e.Attempts), len(before.Attempts)+1, story)
	if alive > 1 && e.Decision.IsZero() {
		require.Equal(t, "review", e.State.String(), "two attempts are alive: %s", story)
	}
	require.Equal(t, l.reserved, held, "what is reserved is not what is held: %s", story)
	sendable := e.State == dispatch.StatePlanned || e.State == dispatch.StateAwaiting
	if sendable {
		require.Zero(t, alive, "it may be sent, and something is alive: %s", story)
		require.False(t, e.Due.IsZero(), "nobody looks after it: %s", story)
	}
	require.False(t, e.Stopped && sendable, "stopped, and may be sent: %s", story)
	require.False(t, before.Stopped && !e.Stopped, "it goes on after it was stopped: %s", story)
	require.Equal(t, e.State == dispatch.StateReview, e.Review != dispatch.ReviewNone, story)
	if e.State.Final() {
		require.True(t, e.Stopped, story)
		require.Nil(t, e.Sealed, "the request is kept for nothing: %s", story)
	}
	if ev.Kind == dispatch.EventHinted || ev.Kind == dispatch.EventStruck {
		require.Equal(t, before.State, e.State, "it says nothing about the payout: %s", story)
	}
}

// Whatever happens, in whatever order.
func TestNextByRapid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := &life{e: entry(), now: began}
		for range rapid.IntRange(1, 40).Draw(t, "events") {
			l.step(t)
		}
	})
}
