package drivertest

import (
	"context"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// Driver takes payouts on and decides when Step is called for them.
type Driver interface {
	// Submit takes a payout on, as [dispatch.Dispatcher.Submit] does: idempotent by the
	// reference, and a payout that waits for its request is given it back. A driver that is
	// not run takes payouts on for others.
	Submit(ctx context.Context, req payout.Request) (dispatch.Entry, error)
	// Run drives the payouts of the place until ctx ends, whoever took them on, and returns
	// why it ended. It returns when its last step has: what is being sent then is sent to
	// its end and written down, and nothing is begun any more.
	Run(ctx context.Context) error
	// Dispatcher is what is driven. People decide by it, and banks call it back.
	Dispatcher() *dispatch.Dispatcher
}

// Place is where payouts are kept, and drivers of one kind work on them.
type Place struct {
	// Open returns another driver on the place, as another process would have it. The
	// configuration lacks what belongs to the place: the journal, and an Allotter if it has
	// one. What it has is kept to, the observer included.
	Open func(dispatch.Config) (Driver, error)
	// Journal is that of the place, as another process sees it.
	Journal dispatch.Journal

	// NeedsSealer: a driver refuses a configuration without a Sealer.
	NeedsSealer bool
	// SharesRates: the rates of a provider are those of all drivers of the place together.
	// If not, each has them for itself.
	SharesRates bool
	// Late is how long after its time a step is made at most, on a machine that is not busy.
	// 0: 2 s.
	Late time.Duration
	// Lost is after what time at most a step that has not ended is taken to be lost with its
	// driver, so that others see to its payout. 0: at once.
	Lost time.Duration
}

// OnJournal returns the place of the embedded loop on a journal: [dispatch.Dispatcher.Run].
func OnJournal(j dispatch.Journal) Place {
	return Place{Journal: j, Open: func(c dispatch.Config) (Driver, error) {
		c.Journal = j
		return Loop(c)
	}}
}

// Loop returns the embedded loop as a driver.
func Loop(c dispatch.Config) (Driver, error) {
	d, err := dispatch.New(c)
	return loop{d}, err
}

type loop struct{ d *dispatch.Dispatcher }

func (l loop) Submit(ctx context.Context, req payout.Request) (dispatch.Entry, error) {
	ticket, err := l.d.Submit(ctx, req)
	return ticket.Entry, err
}

func (l loop) Run(ctx context.Context) error { return l.d.Run(ctx) }

func (l loop) Dispatcher() *dispatch.Dispatcher { return l.d }
