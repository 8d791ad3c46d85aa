package river

import (
	"context"
	"time"

	"github.com/payoutkit/payout/dispatch"
)

// step is what is heard of a step that a job makes.
type step struct{ provider string }

type stepKey struct{}

// hearing hears what a dispatcher does.
type hearing struct {
	dispatch.Observer
	engine *Engine
}

// Moved implements dispatch.Observer. A payout that moves outside of a job, by a person or
// a callback, may be due now.
func (h hearing) Moved(ctx context.Context, m dispatch.Moved) {
	h.Observer.Moved(ctx, m)
	if s, ok := ctx.Value(stepKey{}).(*step); ok {
		if m.Provider != "" {
			s.provider = m.Provider
		}
		return
	}
	select {
	case h.engine.news <- m.Reference:
	default: // the sweep finds it
	}
}

// listen has jobs run now of payouts that are due before their time.
func (e *Engine) listen(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case reference := <-e.news:
			entry, err := e.config.Journal.Load(ctx, reference)
			if err != nil || entry.Due.IsZero() || entry.Due.After(e.config.Dispatch.Now().Add(time.Second)) {
				continue
			}
			_ = e.wake(ctx, reference) // or the sweep does
		}
	}
}
