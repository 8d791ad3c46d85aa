package demo

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"sync"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/cmd/payout/internal/run"
	"github.com/payoutkit/payout/dispatch"
)

// watch observes the calls to the banks, and what the dispatcher makes of them. It
// keeps the alarms and why payouts did not get to a bank, says when a fate is known,
// and tracks how far the payouts are.
type watch struct {
	tracker *run.Tracker
	mu      sync.Mutex
	alarms  []alarm
	created map[place]error
	waiting map[string]chan struct{}
}

// alarm is one of either observer.
type alarm struct {
	place
	text string
}

// place is where a bank keeps an order: its reference is the attempt's.
type place struct{ provider, reference string }

func newWatch() *watch {
	// How many payouts are under way is bounded where they are handed out.
	return &watch{tracker: run.NewTracker(math.MaxInt32), created: map[place]error{}, waiting: map[string]chan struct{}{}}
}

// until returns a channel that is closed when a payout's fate is known, or with a
// person.
func (w *watch) until(reference string) <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, ok := w.waiting[reference]
	if !ok {
		c = make(chan struct{})
		w.waiting[reference] = c
	}
	return c
}

// failed returns the error of an attempt's last Create, nil if the bank answered about
// the payout. The journal does not have its text.
func (w *watch) failed(a dispatch.Attempt) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.created[place{a.Provider, a.Reference}]
}

func (w *watch) alarmed(provider, reference, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alarms = append(w.alarms, alarm{place{provider, reference}, text})
}

// findings are the alarms, of payouts rather than of references at banks.
func (w *watch) findings(payoutOf func(provider, reference string) string) (out []Finding) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range w.alarms {
		out = append(out, Finding{payoutOf(a.provider, a.reference), a.text})
	}
	return out
}

// calls observes the clients, and logs if there is a logger.
func (w *watch) calls(logger *slog.Logger) payout.Observer {
	if logger == nil {
		return calls{payout.NoObserver(), w}
	}
	return calls{payout.LogObserver(logger), w}
}

type calls struct {
	payout.Observer
	watch *watch
}

// Start implements [payout.Observer].
func (c calls) Start(ctx context.Context, call payout.Call) (context.Context, func(payout.Outcome)) {
	ctx, ended := c.Observer.Start(ctx, call)
	return ctx, func(o payout.Outcome) {
		if call.Op == payout.OpCreate {
			c.watch.mu.Lock()
			c.watch.created[place{call.Provider, call.Reference}] = o.Err
			c.watch.mu.Unlock()
		}
		if ended != nil {
			ended(o)
		}
	}
}

// Alarm implements [payout.Observer].
func (c calls) Alarm(ctx context.Context, a payout.Alarm) {
	c.watch.alarmed(a.Provider, a.Reference, fmt.Sprintf("%s contradicted itself or us: %s", a.Provider, words(string(a.Kind))))
	c.Observer.Alarm(ctx, a)
}

// commits observes the dispatcher, and logs if there is a logger.
func (w *watch) commits(logger *slog.Logger) dispatch.Observer {
	if logger == nil {
		return commits{dispatch.NoObserver(), w}
	}
	return commits{dispatch.LogObserver(logger), w}
}

type commits struct {
	dispatch.Observer
	watch *watch
}

// Moved implements [dispatch.Observer].
func (m commits) Moved(ctx context.Context, moved dispatch.Moved) {
	m.watch.tracker.Moved(ctx, moved)
	if run.Settled(moved.To) {
		m.watch.mu.Lock()
		if c, ok := m.watch.waiting[moved.Reference]; ok {
			close(c)
			delete(m.watch.waiting, moved.Reference)
		}
		m.watch.mu.Unlock()
	}
	m.Observer.Moved(ctx, moved)
}

// Alarm implements [dispatch.Observer].
func (m commits) Alarm(ctx context.Context, a dispatch.Alarm) {
	switch a.Kind {
	case dispatch.AlarmReview, dispatch.AlarmReturned: // the row's status says so
	case dispatch.AlarmLifted, dispatch.AlarmJournalBack: // good news
	case dispatch.AlarmHeld:
		m.watch.alarmed(a.Provider, a.Reference, a.Provider+" was held: it got no more payouts until a check call succeeded")
	case dispatch.AlarmJournal:
		m.watch.alarmed(a.Provider, a.Reference, "the journal could not be read: meanwhile nothing new was sent or asked")
	case dispatch.AlarmContradiction:
		m.watch.alarmed(a.Provider, a.Reference, a.Provider+" took back what it had said")
	case dispatch.AlarmDouble:
		m.watch.alarmed(a.Provider, a.Reference, "more than one attempt at it is paid, or may be")
	default:
		m.watch.alarmed(a.Provider, a.Reference, fmt.Sprintf("an alarm of the dispatcher about %s: %s", a.Provider, words(string(a.Kind))))
	}
	m.Observer.Alarm(ctx, a)
}
