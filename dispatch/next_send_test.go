package dispatch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// intent is an attempt as it is planned: not sent yet.
func intent(a dispatch.Attempt) dispatch.Event {
	a.State, a.Transmissions, a.Tries, a.Next = dispatch.StateUnknown, 0, 0, time.Time{}
	a.Epoch, a.Intent, a.IntentAt, a.SendBefore = 4, 8, tick, tick.Add(10*time.Second)
	return dispatch.Event{Kind: dispatch.EventIntended, At: tick, Attempt: -1, Planned: a}
}

func planned(transmissions int) dispatch.Attempt {
	a := attempt(dispatch.StatePlanned)
	a.Transmissions = transmissions
	if transmissions == 0 {
		a.Reserved = nil
	}
	return a
}

func TestIntended(t *testing.T) {
	t.Run("planned: the first attempt", func(t *testing.T) {
		e := entry()
		e.Deferred = 3
		c := dispatch.Next(e, intent(attempt(0)), bare())
		assert.Equal(t, "sending: sending/1", told(c))
		a := c.Entry.Attempts[0]
		assert.Equal(t, dispatch.Attempt{
			Route: "a", Provider: "a", Account: "account-of-a", Reference: "p-1", Mark: "mark-of-p-1",
			State: dispatch.StateSending, Transmissions: 1, Tries: 1, Epoch: 4, Intent: 8,
			IntentAt: tick, SendBefore: tick.Add(10 * time.Second),
			Next: tick.Add(10*time.Second + callTimeout), Reserved: []dispatch.Use{use},
		}, a)
		assert.Equal(t, a.Next, c.Entry.Due, "asked about when its worker must be done")
		assert.Zero(t, c.Entry.Deferred)
	})
	t.Run("planned again: the same attempt, under a new intent", func(t *testing.T) {
		e := entry(planned(0))
		e.Attempts[0].Tries, e.Attempts[0].Asked, e.Attempts[0].Errors, e.Attempts[0].Refused = 2, 4, 5, true
		c := dispatch.Next(e, intent(attempt(0)), bare())
		assert.Equal(t, "sending: sending/1", told(c))
		a := c.Entry.Attempts[0]
		assert.Equal(t, []any{3, int64(4), int64(8), tick, 0, 0, false}, []any{a.Tries, a.Epoch, a.Intent, a.IntentAt, a.Asked, a.Errors, a.Refused})
		assert.Equal(t, []dispatch.Use{use}, a.Reserved)
	})
	t.Run("planned again, by another route to the same account", func(t *testing.T) {
		ev := intent(attempt(0))
		ev.Planned.Route = "a-by-night"
		c := dispatch.Next(entry(planned(0)), ev, bare())
		assert.Equal(t, "sending: sending/1", told(c))
		assert.Equal(t, "a-by-night", c.Entry.Attempts[0].Route)
	})
	t.Run("planned, and sent elsewhere instead", func(t *testing.T) {
		c := dispatch.Next(entry(planned(0)), intent(second(0)), bare())
		assert.Equal(t, "sending: unsent/0 sending/1", told(c))
	})
	t.Run("the next route, after one that failed", func(t *testing.T) {
		c := dispatch.Next(entry(attempt(dispatch.StateFailed)), intent(second(0)), bare())
		assert.Equal(t, "sending: failed/1 sending/1", told(c))
	})
	t.Run("a later transmission of what is proved absent", func(t *testing.T) {
		c := dispatch.Next(entry(planned(1)), intent(attempt(0)), bare())
		assert.Equal(t, "sending: sending/2", told(c))
	})
}

func TestNotSent(t *testing.T) {
	wait := func(tries int, o dispatch.Outcome) time.Duration {
		e := entry(attempt(dispatch.StateSending))
		e.Attempts[0].Tries = tries
		c := dispatch.Next(e, event(dispatch.EventCreated, o), bare())
		assert.Equal(t, "planned: planned/0 released 1", told(c))
		assert.Equal(t, c.Entry.Attempts[0].Next, c.Entry.Due)
		return c.Entry.Due.Sub(tick)
	}
	for tries, want := range map[int]time.Duration{1: retryEvery, 2: 2 * retryEvery, 4: 8 * retryEvery, 30: 10 * time.Minute} {
		assert.InDelta(t, want.Seconds(), wait(tries, failing(payout.ErrNotSent)).Seconds(), want.Seconds()/10+0.001, "after %d tries", tries)
	}
	o := failing(payout.ErrRateLimited)
	o.RetryAfter = 2 * time.Minute
	assert.Equal(t, 2*time.Minute, wait(1, o), "as the bank asks")
	o.RetryAfter = 1000 * time.Hour
	assert.Equal(t, 10*time.Minute, wait(1, o), "but not for ever")
}

// A bank that answered that it did not take it is asked later whether it kept its word;
// one that was never reached is not.
func TestHeard(t *testing.T) {
	for kind, heard := range map[payout.ErrorKind]bool{payout.ErrNotSent: false, payout.ErrRateLimited: true, payout.ErrUnauthorized: true, payout.ErrInvalid: false} {
		c := dispatch.Next(entry(attempt(dispatch.StateSending)), event(dispatch.EventCreated, failing(kind)), bare())
		assert.Equal(t, heard, c.Entry.Attempts[0].Heard, "%s", kind)
		if kind == payout.ErrInvalid {
			continue
		}
		c = dispatch.Next(c.Entry, dispatch.Event{Kind: dispatch.EventCancelled, At: tick, Attempt: 0}, bare())
		want := time.Time{}
		if heard {
			want = tick.Add(time.Hour)
		}
		assert.Equal(t, "cancelled: unsent/0", told(c))
		assert.Equal(t, want, c.Entry.Due, "%s", kind)
	}
	e := entry(attempt(dispatch.StateSending))
	e.Attempts[0].Heard = true
	c := dispatch.Next(e, event(dispatch.EventCreated, failing(payout.ErrNotSent)), bare())
	assert.True(t, c.Entry.Attempts[0].Heard, "it was, once")

	e = c.Entry
	e.Attempts[0].State, e.State, e.Stopped, e.Attempts[0].FinalAt = dispatch.StateUnsent, dispatch.StateFailed, true, tick
	c = dispatch.Next(e, event(dispatch.EventFound, failing(payout.ErrNotFound)), bare())
	assert.Equal(t, "failed: unsent/0", told(c), "it did")
	assert.Equal(t, tick.Add(time.Hour), c.Entry.Due)
}

// A patrol of another attempt does not make the one that waits go sooner.
func TestPlannedWaitsForItsOwnTime(t *testing.T) {
	failed := attempt(dispatch.StateFailed)
	failed.Next = tick.Add(time.Second)
	sending := second(dispatch.StateSending)
	o := failing(payout.ErrRateLimited)
	o.RetryAfter = 2 * time.Minute
	c := dispatch.Next(entry(failed, sending), dispatch.Event{Kind: dispatch.EventCreated, At: tick, Attempt: 1, Outcome: o}, bare())
	assert.Equal(t, "planned: failed/1 planned/0 released 1", told(c))
	assert.Equal(t, tick.Add(2*time.Minute), c.Entry.Attempts[1].Next)
	assert.Equal(t, tick.Add(time.Second), c.Entry.Due, "due for the question")
}

func TestRefusedByOurOwnRules(t *testing.T) {
	c := dispatch.Next(entry(attempt(dispatch.StateSending)), event(dispatch.EventCreated, failing(payout.ErrInvalid)), bare())
	assert.Equal(t, "planned: unsent/0 refused released 1", told(c))
	assert.Equal(t, tick, c.Entry.Due, "another route is looked for at once")
	assert.Zero(t, c.Entry.Attempts[0].Next, "nobody asks about what was never there")
}

func TestClosed(t *testing.T) {
	c := dispatch.Next(entry(attempt(dispatch.StateSending)), event(dispatch.EventCreated, answered(payout.StatusFailed)), bare())
	assert.Equal(t, "closed: closed/1 refused", told(c))
	assert.Equal(t, tick, c.Entry.Due, "the question that has to agree is asked at once")
	assert.Equal(t, payout.Failure{Reason: payout.ReasonInsufficientFunds, Code: "116"}, c.Entry.Attempts[0].Failure)

	agreed := dispatch.Next(c.Entry, event(dispatch.EventFound, failing(payout.ErrNotFound)), bare())
	assert.Equal(t, "planned: failed/1 refused released 1", told(agreed))
	assert.Equal(t, payout.ReasonInsufficientFunds, agreed.Entry.Attempts[0].Failure.Reason, "the reason is the first answer's")
	assert.Equal(t, tick, agreed.Entry.Due, "the next route is looked for at once")
	assert.Equal(t, tick, agreed.Entry.Attempts[0].FinalAt)

	o := answered(payout.StatusFailed)
	o.Failure = payout.Failure{Reason: payout.ReasonLimitExceeded}
	agreed = dispatch.Next(c.Entry, event(dispatch.EventFound, o), bare())
	assert.Equal(t, payout.ReasonLimitExceeded, agreed.Entry.Attempts[0].Failure.Reason, "the reason is the last answer's")

	o.Failure = payout.Failure{}
	agreed = dispatch.Next(c.Entry, event(dispatch.EventFound, o), bare())
	assert.Equal(t, payout.ReasonInsufficientFunds, agreed.Entry.Attempts[0].Failure.Reason, "unless that names none")

	o = failing(payout.ErrRefused)
	o.Code = "98"
	c = dispatch.Next(entry(attempt(dispatch.StateSending)), event(dispatch.EventCreated, o), bare())
	assert.Equal(t, payout.Failure{Code: "98"}, c.Entry.Attempts[0].Failure)

	t.Run("a question closes too, and one more has to agree", func(t *testing.T) {
		e := entry(attempt(dispatch.StateUnknown))
		e.Attempts[0].Transmissions, e.Attempts[0].Asked = 2, 7
		c := dispatch.Next(e, event(dispatch.EventFound, answered(payout.StatusFailed)), bare())
		assert.Equal(t, "closed: closed/2", told(c))
		assert.Equal(t, tick, c.Entry.Due)
		c = dispatch.Next(c.Entry, event(dispatch.EventFound, answered(payout.StatusFailed)), bare())
		assert.Equal(t, "planned: failed/2 released 1", told(c))
	})
	t.Run("no further attempt: the payout has failed for the last bank's reason", func(t *testing.T) {
		c := dispatch.Next(agreed.Entry, dispatch.Event{Kind: dispatch.EventEnded, At: tick}, bare())
		assert.Equal(t, "failed: failed/1 refused", told(c))
		assert.Equal(t, payout.ReasonInsufficientFunds, c.Entry.Failure.Reason)
		assert.Nil(t, c.Entry.Sealed, "the request is not needed any more")
	})
}

// Found paid, late: recorded, and nothing more is sent; with another attempt alive, a
// person decides.
func TestPaidLate(t *testing.T) {
	paid := dispatch.Event{Kind: dispatch.EventFound, At: tick, Attempt: 0, Outcome: answered(payout.StatusPaid)}
	for _, row := range []struct {
		name, want string
		e          dispatch.Entry
	}{
		{"nothing else", "paid: paid/1 !contradiction", entry(attempt(dispatch.StateFailed))},
		{"a second attempt is planned", "paid: paid/1 unsent/0 !contradiction", func() dispatch.Entry {
			b := second(dispatch.StatePlanned)
			b.Transmissions, b.Reserved = 0, nil
			return entry(attempt(dispatch.StateFailed), b)
		}()},
		{"a second attempt is planned again, proved absent", "paid: paid/1 failed/1 released 1 !contradiction", entry(attempt(dispatch.StateFailed), second(dispatch.StatePlanned))},
		{"a second attempt failed", "paid: paid/1 failed/1 !contradiction", entry(attempt(dispatch.StateFailed), second(dispatch.StateFailed))},
		{"a second attempt is being sent", "review(double): paid/1 sending/1 !contradiction !double", entry(attempt(dispatch.StateFailed), second(dispatch.StateSending))},
		{"a second attempt is open", "review(double): paid/1 open/1 !contradiction !double", entry(attempt(dispatch.StateFailed), second(dispatch.StateOpen))},
		{"a second attempt is unknown", "review(double): paid/1 unknown/1 !contradiction !double", entry(attempt(dispatch.StateFailed), second(dispatch.StateUnknown))},
		{"a second attempt is closed", "review(double): paid/1 closed/1 !contradiction !double", entry(attempt(dispatch.StateFailed), second(dispatch.StateClosed))},
		{"a second attempt is paid", "review(double): paid/1 paid/1 !contradiction !double", entry(attempt(dispatch.StateFailed), second(dispatch.StatePaid))},
		{"a second attempt was returned", "paid: paid/1 returned/1 !contradiction", entry(attempt(dispatch.StateFailed), second(dispatch.StateReturned))},
		{"the payout was cancelled", "paid: paid/1 !contradiction", func() dispatch.Entry {
			e := entry(attempt(dispatch.StateFailed))
			e.State, e.Stopped = dispatch.StateCancelled, true
			return e
		}()},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := dispatch.Next(row.e, paid, bare())
			assert.Equal(t, row.want, told(c))
			assert.True(t, c.Entry.Stopped)
			assert.Equal(t, tick.Add(time.Hour), c.Entry.Attempts[0].Next, "asked again, sparsely")
		})
	}
	t.Run("an alarm for a double is given once", func(t *testing.T) {
		c := dispatch.Next(entry(attempt(dispatch.StateFailed), second(dispatch.StateOpen)), paid, bare())
		c = dispatch.Next(c.Entry, paid, bare())
		assert.Equal(t, "review(double): paid/1 open/1", told(c))
	})
	t.Run("one of the two failed after all: a person decides all the same", func(t *testing.T) {
		c := dispatch.Next(entry(attempt(dispatch.StateFailed), second(dispatch.StateClosed)), paid, bare())
		o := answered(payout.StatusFailed)
		o.Mark = "mark-of-derived"
		c = dispatch.Next(c.Entry, dispatch.Event{Kind: dispatch.EventFound, At: tick, Attempt: 1, Outcome: o}, bare())
		assert.Equal(t, "review(double): paid/1 failed/1 released 1", told(c))
	})
}

// What comes late of an attempt that was taken for unsent shows that it was sent.
func TestLateAboutWhatWasTakenForUnsent(t *testing.T) {
	unsent := func() dispatch.Entry {
		a := attempt(dispatch.StateUnsent)
		a.Transmissions, a.Reserved, a.Next = 0, nil, time.Time{}
		e := entry(a)
		e.State = dispatch.StatePlanned
		return e
	}
	for _, row := range []struct {
		name, want string
		o          dispatch.Outcome
	}{
		{"a lost answer", "unknown: unknown/1", failing(payout.ErrOutcomeUnknown)},
		{"a refusal", "unknown: unknown/1", failing(payout.ErrRefused)},
		{"not sent", "planned: unsent/0", failing(payout.ErrNotSent)},
		{"invalid", "planned: unsent/0", failing(payout.ErrInvalid)},
		{"unsupported", "planned: unsent/0", failing(payout.ErrUnsupported)},
		{"failed", "unknown: unknown/1", answered(payout.StatusFailed)},
		{"pending", "open: open/1 !contradiction", answered(payout.StatusPending)},
		{"paid", "paid: paid/1 !contradiction", answered(payout.StatusPaid)},
	} {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.want, told(dispatch.Next(unsent(), event(dispatch.EventLate, row.o), bare())))
		})
	}
	t.Run("paid: it is asked about again like any other", func(t *testing.T) {
		c := dispatch.Next(unsent(), event(dispatch.EventLate, answered(payout.StatusPaid)), bare())
		assert.Equal(t, tick.Add(time.Hour), c.Entry.Due)
	})
}

func TestAged(t *testing.T) {
	c := dispatch.Next(entry(attempt(dispatch.StateSending)), event(dispatch.EventAged, dispatch.Outcome{}), bare())
	assert.Equal(t, "unknown: unknown/1", told(c))
	assert.Equal(t, tick, c.Entry.Due)
}

func TestHinted(t *testing.T) {
	for _, s := range []dispatch.State{dispatch.StateOpen, dispatch.StateUnknown, dispatch.StatePaid, dispatch.StateFailed} {
		e := entry(attempt(s))
		e.Attempts[0].Next = tick.Add(time.Hour)
		c := dispatch.Next(e, event(dispatch.EventHinted, dispatch.Outcome{}), bare())
		assert.Equal(t, tick, c.Entry.Due)
		assert.Equal(t, s, c.Entry.State, "a hint never says what became of it")
	}
}

func TestRequestMissing(t *testing.T) {
	missing := dispatch.Event{Kind: dispatch.EventMissing, At: tick, Attempt: -1}
	c := dispatch.Next(entry(), missing, bare())
	assert.Equal(t, "awaiting_request:", told(c))
	assert.Equal(t, c.Entry.SendUntil, c.Entry.Due, "nothing to do until its deadline")

	attached := dispatch.Next(c.Entry, dispatch.Event{Kind: dispatch.EventAttached, At: tick, Attempt: -1}, bare())
	assert.Equal(t, "planned:", told(attached))
	assert.Equal(t, tick, attached.Entry.Due)

	expired := dispatch.Next(c.Entry, dispatch.Event{Kind: dispatch.EventExpired, At: c.Entry.SendUntil, Attempt: -1}, bare())
	assert.Equal(t, "failed:", told(expired))
	assert.Equal(t, payout.ReasonExpired, expired.Entry.Failure.Reason)
	assert.Zero(t, expired.Entry.Due)

	t.Run("a patrol of an earlier attempt goes on meanwhile", func(t *testing.T) {
		failed := attempt(dispatch.StateFailed)
		failed.Next = tick.Add(time.Minute)
		e := entry(failed)
		e.State, e.Stopped = dispatch.StatePlanned, false
		c := dispatch.Next(e, missing, bare())
		assert.Equal(t, "awaiting_request: failed/1", told(c))
		assert.Equal(t, tick.Add(time.Minute), c.Entry.Due)
		o := event(dispatch.EventFound, answered(payout.StatusFailed))
		assert.Equal(t, "awaiting_request: failed/1", told(dispatch.Next(c.Entry, o, bare())))
	})
}

func TestExpired(t *testing.T) {
	expired := dispatch.Event{Kind: dispatch.EventExpired, At: tick}
	failed := attempt(dispatch.StateFailed)
	failed.Failure = payout.Failure{Reason: payout.ReasonInsufficientFunds}
	for _, row := range []struct {
		name, want string
		reason     payout.Reason
		e          dispatch.Entry
	}{
		{"never sent", "failed: unsent/0", payout.ReasonExpired, entry(planned(0))},
		{"proved absent", "failed: failed/1 released 1", payout.ReasonUnknown, entry(planned(1))},
		{"after one that failed", "failed: failed/1 unsent/0", payout.ReasonInsufficientFunds, func() dispatch.Entry {
			b := second(dispatch.StatePlanned)
			b.Transmissions, b.Reserved = 0, nil
			return entry(failed, b)
		}()},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := dispatch.Next(row.e, expired, bare())
			assert.Equal(t, row.want, told(c))
			assert.Equal(t, row.reason, c.Entry.Failure.Reason)
			assert.True(t, c.Entry.Stopped)
		})
	}
}

func TestDeferred(t *testing.T) {
	e := entry()
	var waits []time.Duration
	for range 6 {
		c := dispatch.Next(e, dispatch.Event{Kind: dispatch.EventDeferred, At: tick, Attempt: -1}, bare())
		assert.Equal(t, "planned:", told(c))
		waits = append(waits, c.Entry.Due.Sub(tick))
		e = c.Entry
	}
	assert.Equal(t, []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, time.Minute, time.Minute}, waits)
}

// A step that fails or panics is tried again, later each time, and at last parked.
func TestStrikes(t *testing.T) {
	struck := dispatch.Event{Kind: dispatch.EventStruck, At: tick, Attempt: -1}
	e := entry()
	var waits []time.Duration
	for range 4 {
		c := dispatch.Next(e, struck, bare())
		assert.Equal(t, "planned:", told(c))
		waits = append(waits, c.Entry.Due.Sub(tick))
		e = c.Entry
	}
	assert.Equal(t, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}, waits)

	c := dispatch.Next(e, dispatch.Event{Kind: dispatch.EventPoisoned, At: tick, Attempt: -1}, bare())
	assert.Equal(t, "review(poison): !poison", told(c))
	assert.Equal(t, 5, c.Entry.Strikes)
	assert.True(t, c.Entry.Stopped)

	for _, k := range []dispatch.EventKind{dispatch.EventMissing, dispatch.EventDeferred, dispatch.EventAttached} {
		assert.Zero(t, dispatch.Next(e, dispatch.Event{Kind: k, At: tick, Attempt: -1}, bare()).Entry.Strikes, "%s ends the row", k)
	}

	t.Run("what was sent is asked about all the same", func(t *testing.T) {
		c := dispatch.Next(entry(attempt(dispatch.StateUnknown)), dispatch.Event{Kind: dispatch.EventPoisoned, At: tick, Attempt: -1}, bare())
		assert.Equal(t, "review(poison): unknown/1 !poison", told(c))
		assert.Equal(t, tick.Add(reviewEvery), c.Entry.Due)
		c = dispatch.Next(c.Entry, event(dispatch.EventFound, answered(payout.StatusPaid)), bare())
		assert.Equal(t, "review(poison): paid/1", told(c), "known, and for a person")
	})
}
