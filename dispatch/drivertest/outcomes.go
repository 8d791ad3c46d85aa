package drivertest

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func outcomeCases() []Case {
	return []Case{
		{"outcomes", "every payout comes to its end, or is asked about, whatever its bank does; one that harms a step harms no other", outcomes},
		{"unknown", "a payout of which nobody knows whether it was sent is asked about, and sent nowhere again", unknown},
		{"together", "several drivers share the work, and pay each payout once", together},
	}
}

func outcomes(t *trial) {
	first, second := t.bank("first"), t.bank("second")
	pending, paid := becomes(payout.StatusPending), becomes(payout.StatusPaid)
	stories := []struct {
		name          string
		plan          plan
		state         dispatch.State
		first, second int // how often money moves
	}{
		{"paid", plan{}, dispatch.StatePaid, 1, 0},
		{"pending", plan{create: []turn{pending}, find: []turn{pending, paid}}, dispatch.StatePaid, 1, 0},
		{"paid-answer-lost", plan{create: []turn{lost(paid)}}, dispatch.StatePaid, 1, 0},
		{"failed-answer-lost", plan{create: []turn{lost(declines(payout.ReasonDestinationRestricted))}}, dispatch.StateFailed, 0, 0},
		{"request-lost", plan{create: []turn{fails(payout.ErrOutcomeUnknown)}}, dispatch.StateUnknown, 0, 0},
		{"declined", plan{create: []turn{declines(payout.ReasonDestinationRestricted)}}, dispatch.StateFailed, 0, 0},
		{"refused", plan{create: []turn{fails(payout.ErrRefused)}}, dispatch.StateFailed, 0, 0},
		{"no-funds", plan{create: []turn{declines(payout.ReasonInsufficientFunds)}}, dispatch.StatePaid, 0, 1},
		{"not-sent", plan{create: []turn{fails(payout.ErrNotSent), fails(payout.ErrNotSent), paid}}, dispatch.StatePaid, 1, 0},
		{"rate-limited", plan{create: []turn{fails(payout.ErrRateLimited), paid}}, dispatch.StatePaid, 1, 0},
		{"panics", plan{create: []turn{panics}}, dispatch.StateUnknown, 0, 0},
		{"questions-fail", plan{create: []turn{pending}, find: []turn{panics, fails(payout.ErrOutcomeUnknown), fails(payout.ErrNotFound), paid}}, dispatch.StatePaid, 1, 0},
	}
	d := t.start(t.open(t.config()))
	const each = 2
	for i := range each {
		for _, s := range stories {
			reference := fmt.Sprintf("%s-%d", s.name, i)
			first.plan(reference, s.plan)
			t.submit(d, reference)
		}
	}
	wantSecond := 0
	for i := range each {
		for _, s := range stories {
			reference := fmt.Sprintf("%s-%d", s.name, i)
			t.until(reference+" "+s.state.String(), t.all(s.state, reference))
			same(t, first.moved(reference), s.first, "how often the first bank paid %s", reference)
			wantSecond += s.second
		}
	}
	same(t, second.moved(""), wantSecond, "how often the second bank paid")
	for _, reference := range []string{"request-lost-0", "panics-0"} {
		asked := len(first.questions(reference))
		t.until(reference+" is asked about on", func() bool { return len(first.questions(reference)) >= asked+2 })
	}
}

func unknown(t *trial) {
	first, second := t.bank("first"), t.bank("second")
	first.plan("arrived", plan{create: []turn{lost(becomes(payout.StatusPending))}, find: []turn{tells, becomes(payout.StatusPaid)}})
	first.plan("vanished", plan{create: []turn{fails(payout.ErrOutcomeUnknown)}})
	d := t.start(t.open(t.config()))
	t.submit(d, "arrived", "vanished")
	t.until("a bank that has it is asked until it is paid", t.all(dispatch.StatePaid, "arrived"))
	t.until("a bank that does not know it is asked on", func() bool { return len(first.questions("vanished")) >= 5 })
	same(t, t.load("vanished").State, dispatch.StateUnknown, "the state of what may have been sent")
	same(t, [3]int{first.sends("arrived"), first.sends("vanished"), first.sends("") + second.sends("")}, [3]int{1, 1, 2}, "how often each was sent, and anything at all")
}

// counting counts the sendings that a driver has begun.
type counting struct {
	dispatch.Observer
	n atomic.Int64
}

// Moved implements [dispatch.Observer].
func (c *counting) Moved(_ context.Context, m dispatch.Moved) {
	if m.Event == dispatch.EventIntended {
		c.n.Add(1)
	}
}

func together(t *trial) {
	b := t.bank("bank")
	b.info.Polling = payout.Polling{{Every: 100 * time.Millisecond}}
	b.before = func(string) { t.watch(20*time.Millisecond, func() bool { return false }) }
	references := numbered("p", 60)
	for _, reference := range references {
		b.plan(reference, plan{create: []turn{becomes(payout.StatusPending)}, find: []turn{tells, becomes(payout.StatusPaid)}})
	}
	var drivers []*run
	var begun []*counting
	for range 2 {
		c := t.config()
		seen := &counting{Observer: dispatch.NoObserver()}
		c.Observer = seen
		begun, drivers = append(begun, seen), append(drivers, t.start(t.open(c)))
	}
	for i, reference := range references {
		t.submit(drivers[i%2], reference)
	}
	t.until("all are paid", t.all(dispatch.StatePaid, references...))
	same(t, b.moved(""), len(references), "how often money moved")
	same(t, b.sends(""), len(references), "how often anything was sent")
	if n := []int64{begun[0].n.Load(), begun[1].n.Load()}; slices.Min(n) == 0 {
		t.fail("of two drivers the first began %d sendings, and the other one %d", n[0], n[1])
	}
}
