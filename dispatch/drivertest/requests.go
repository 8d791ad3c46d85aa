package drivertest

import (
	"context"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func requestCases() []Case {
	return []Case{
		{"request", "a payout whose request is not at hand waits for it, and goes on when it is submitted again; other content under its reference is refused", request},
		{"deadline", "what could not be sent in its time fails, and is not sent", deadline},
	}
}

func request(t *trial) {
	b := t.bank("bank")
	c := t.config()
	c.Journal, c.Sealer = t.Journal, nil
	unsealing, err := dispatch.New(c) // which is nobody's driver
	t.ok(err, "New")
	_, err = unsealing.Submit(t.ctx, order("p-1"))
	t.ok(err, "Submit")

	c = t.config()
	if !t.NeedsSealer {
		c.Sealer = nil
	}
	d := t.start(t.open(c))
	t.until("it waits for its request", t.all(dispatch.StateAwaiting, "p-1"))
	same(t, b.sends(""), 0, "sendings without a request")
	other := order("p-1")
	other.Amount = payout.MustMoney("1500.01 RUB")
	_, err = d.Submit(t.ctx, other)
	t.is(err, payout.ErrConflict, "Submit of other content under its reference")
	t.submit(d, "p-1")
	t.until("with its request it is paid", t.all(dispatch.StatePaid, "p-1"))
	same(t, b.sends("p-1"), 1, "how often it was sent")
}

func deadline(t *trial) {
	b := t.bank("bank")
	c := t.config()
	c.Times.SendFor = 500 * time.Millisecond
	d := t.open(c)
	t.submit(d, "p-1")
	until := t.load("p-1").SendUntil
	t.until("its time is over", func() bool { return time.Now().After(until) })
	t.start(d)
	t.until("it has failed", t.all(dispatch.StateFailed, "p-1"))
	same(t, t.load("p-1").Failure.Reason, payout.ReasonExpired, "why")
	same(t, b.sends(""), 0, "sendings")
}

func failureCases() []Case {
	return []Case{
		{"poison", "a payout whose steps fail is come back to, until it is parked for a person; the others go on", poison},
	}
}

// fragile is a sealer that panics when it is to open the request of one payout.
type fragile struct {
	unsealed
	reference string
}

// Open implements [dispatch.Sealer].
func (s fragile) Open(ctx context.Context, text []byte, bound string) ([]byte, error) {
	if bound == s.reference {
		panic("a sealer panics")
	}
	return s.unsealed.Open(ctx, text, bound)
}

func poison(t *trial) {
	b := t.bank("bank")
	const poisoned = "p-poisoned"
	desk, references := t.open(t.config()), numbered("p", 10)
	t.submit(desk, poisoned)
	c := t.config()
	c.Sealer, c.Workers = fragile{reference: poisoned}, 1
	d := t.start(t.open(c))
	t.until("a step has failed", func() bool { return t.load(poisoned).Strikes > 0 })
	t.submit(desk, references...)
	t.until("the others are paid", t.all(dispatch.StatePaid, references...))
	// Five times, with twice as long between them each time, beginning with a second.
	t.within(patience+5*t.Late, "it is parked", t.all(dispatch.StateReview, poisoned))
	same(t, t.load(poisoned).Review, dispatch.ReviewPoison, "why")
	same(t, b.sends(poisoned), 0, "how often it was sent")
	t.submit(d, "p-later")
	t.until("and what comes later goes on", t.all(dispatch.StatePaid, "p-later"))
}
