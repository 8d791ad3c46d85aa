package drivertest

import (
	"fmt"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func lossCases() []Case {
	return []Case{
		{"lost", "what a lost driver was at goes on with another one, and is paid once, also if the lost one comes back", lose},
		{"stop", "when a driver is stopped, what is being sent ends and is written down before Run returns; after that nothing begins, and others go on", stop},
		{"restart", "a driver drives what others took on, and what others have begun", restart},
	}
}

// lose has a driver hang between an intent and the first byte, and be stopped: it may as
// well be gone. That its payout was not sent is proved by the bank, which shows what was
// sent later. In the end it comes back, and must not send any more.
func lose(t *trial) {
	b := t.bank("bank")
	b.info.Dedup = payout.DedupRefuses // which it does not
	b.info.Absence = payout.Absence{Proves: true, After: 100 * time.Millisecond, Times: 2, Evidence: "this case"}
	hang := t.gate()
	first := true
	b.before = func(reference string) {
		b.mu.Lock()
		hangs := first && reference == "lost"
		first = first && !hangs
		b.mu.Unlock()
		if hangs {
			hang.wait()
		}
	}
	gone := t.start(t.open(t.config()))
	t.submit(gone, "lost")
	t.arrives(hang)
	gone.cancel()

	d := t.start(t.open(t.config()))
	business, last := 0, time.Now()
	t.within(patience+t.Lost, "what the lost driver was at is paid", func() bool {
		if time.Since(last) > 500*time.Millisecond {
			reference := fmt.Sprintf("later-%02d", business)
			b.plan(reference, plan{create: []turn{becomes(payout.StatusPending)}, find: []turn{becomes(payout.StatusPaid)}})
			t.submit(d, reference)
			business, last = business+1, time.Now()
		}
		return t.load("lost").State == dispatch.StatePaid
	})
	same(t, t.load("lost").Attempts[0].Tries, 2, "intents: its own, and that of the lost one")
	hang.open()
	t.stop(gone)
	same(t, b.sends("lost"), 1, "how often it was sent, also by the one that came back")
	t.until("the others are paid", t.all(dispatch.StatePaid, numbered("later", business)...))
}

// arrives waits for a call that a gate holds up.
func (t *trial) arrives(g *gate) {
	t.until("a call arrives at the bank", func() bool {
		select {
		case <-g.came:
			return true
		default:
			return false
		}
	})
}

func stop(t *trial) {
	b, sending := t.bank("bank"), t.gate()
	b.after = func(string) { sending.wait() } // it has paid, and its answer takes a while
	c := t.config()
	c.Times.CallTimeout = patience
	d, references := t.open(c), numbered("p", 20)
	t.submit(d, references...)
	r := t.start(d)
	t.arrives(sending)
	r.cancel()
	t.never(300*time.Millisecond, "Run has returned while a payout is being sent", r.stopped)
	sending.open()
	t.stop(r)
	begun := b.sends("")
	if begun == len(references) {
		t.fail("it has begun all of %d payouts, with %d workers, while the first one was held up", begun, c.Workers)
	}
	t.never(1500*time.Millisecond, "something is sent after Run has returned", func() bool { return b.sends("") > begun })
	states, err := t.Journal.Count(t.ctx, dispatch.Filter{})
	t.ok(err, "Count")
	same(t, int(states[dispatch.StatePaid]), begun, "those that were being sent are written down")
	same(t, int(states[dispatch.StatePlanned]), len(references)-begun, "the others are as they were")

	t.start(t.open(t.config()))
	t.until("another one goes on", t.all(dispatch.StatePaid, references...))
	same(t, b.sends(""), len(references), "how often anything was sent")
}

func restart(t *trial) {
	b := t.bank("bank")
	opened, planned := numbered("open", 6), numbered("planned", 6)
	for _, reference := range opened {
		b.plan(reference, plan{create: []turn{becomes(payout.StatusPending)}})
	}
	first := t.open(t.config())
	t.submit(first, opened...)
	r := t.start(first)
	t.until("the bank has them", t.all(dispatch.StateOpen, opened...))
	t.stop(r)
	t.submit(first, planned...)
	for _, reference := range opened {
		b.plan(reference, plan{find: []turn{becomes(payout.StatusPaid)}})
	}
	t.start(t.open(t.config()))
	t.until("what another one has sent is asked about", t.all(dispatch.StatePaid, opened...))
	t.until("what another one took on is sent", t.all(dispatch.StatePaid, planned...))
	same(t, b.sends(""), 12, "how often anything was sent")
}
