package drivertest

import (
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func holdCases() []Case {
	return []Case{
		{"hold", "a provider that a person holds is sent nothing by any driver, and is asked all the same; released, it gets what has waited", hold},
		{"check", "a provider that turned our credentials down is held, and sent to again once a check has succeeded", check},
		{"cancel", "what a person cancels before it is sent is never sent", cancel},
	}
}

func hold(t *trial) {
	b := t.bank("bank")
	b.plan("open", plan{create: []turn{becomes(payout.StatusPending)}})
	desk := t.open(t.config()) // which drives nothing
	set := func() { t.ok(desk.Dispatcher().Hold(t.ctx, "bank", "A. Person", "a look first"), "Hold") }
	release := func() { t.ok(desk.Dispatcher().Release(t.ctx, "bank", "A. Person"), "Release") }
	deferred := func(references []string) {
		t.until("all have been looked at, and wait", func() bool {
			for _, reference := range references {
				if t.load(reference).Deferred == 0 {
					return false
				}
			}
			return true
		})
	}

	set()
	d := t.start(t.open(t.config()))
	early := numbered("early", 4)
	t.submit(d, early...)
	deferred(early)
	same(t, b.sends(""), 0, "sendings by a driver that was started while the provider was held")
	release()
	t.until("released, they are paid", t.all(dispatch.StatePaid, early...))

	t.submit(d, "open")
	t.until("the bank has it", t.all(dispatch.StateOpen, "open"))
	set()
	t.until("a driver that runs knows of the hold", func() bool {
		choices, err := d.Dispatcher().Explain(t.ctx, order("next"))
		t.ok(err, "Explain")
		return !choices[0].Taken
	})
	sent, late := b.sends(""), numbered("late", 4)
	t.submit(d, late...)
	deferred(late)
	same(t, b.sends(""), sent, "sendings by a driver that was running when the provider was held")
	b.plan("open", plan{find: []turn{becomes(payout.StatusPaid)}})
	t.until("it is asked all the same", t.all(dispatch.StatePaid, "open"))
	release()
	t.until("released again, they are paid", t.all(dispatch.StatePaid, late...))
	same(t, b.moved(""), 9, "how often money moved")
}

func check(t *trial) {
	b := t.bank("bank")
	b.locked = true
	d := t.start(t.open(t.config()))
	t.submit(d, "p-1", "p-2")
	t.until("the provider is held", func() bool {
		holds, err := t.Journal.Holds(t.ctx)
		t.ok(err, "Holds")
		return len(holds) == 1 && holds[0].Reason == dispatch.HeldUnauthorized && holds[0].Times > 0
	})
	b.mu.Lock()
	b.locked = false
	b.mu.Unlock()
	t.until("a check has lifted the hold, and they are paid", t.all(dispatch.StatePaid, "p-1", "p-2"))
	same(t, b.moved(""), 2, "how often money moved")
}

func cancel(t *trial) {
	b := t.bank("bank")
	desk, d := t.open(t.config()), t.open(t.config())
	undo := func(reference string) {
		e, err := desk.Dispatcher().Cancel(t.ctx, reference, "A. Person", "a mistake")
		t.ok(err, "Cancel")
		same(t, e.State, dispatch.StateCancelled, "its state")
	}
	t.submit(d, "p-1", "p-2")
	undo("p-1")
	t.start(d)
	t.until("the other one is paid", t.all(dispatch.StatePaid, "p-2"))
	_, err := desk.Dispatcher().Cancel(t.ctx, "p-2", "A. Person", "too late")
	t.is(err, payout.ErrInvalid, "Cancel of what is paid")

	t.ok(d.Dispatcher().Hold(t.ctx, "bank", "A. Person", ""), "Hold")
	t.submit(d, "p-3", "p-4")
	t.until("they wait", func() bool { return t.load("p-3").Deferred > 0 && t.load("p-4").Deferred > 0 })
	undo("p-3")
	t.ok(d.Dispatcher().Release(t.ctx, "bank", "A. Person"), "Release")
	t.until("the other one is paid", t.all(dispatch.StatePaid, "p-4"))
	t.never(time.Second, "anything else is sent", func() bool { return b.sends("") > 2 })
	t.until("what is cancelled stays so", t.all(dispatch.StateCancelled, "p-1", "p-3"))
	same(t, [2]int{b.sends("p-2"), b.sends("p-4")}, [2]int{1, 1}, "how often the others were sent")
}
