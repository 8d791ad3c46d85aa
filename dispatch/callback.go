package dispatch

import (
	"context"
	"errors"
	"net/http"

	"github.com/payoutkit/payout"
)

// Callback returns the handler of a provider's callbacks. A callback that proves that
// it is from the bank, and is about a payout of this journal, has it asked about soon;
// it never says what became of it. Repeated ones do no harm. The answer is 200 as soon
// as the hint is written down, also for payouts that nobody knows, so that the bank
// does not go on. For a name that is no provider's it is always 404, and no alarm: the
// name may come from a request's path.
func (d *Dispatcher) Callback(provider string) http.Handler {
	l, ok := d.named[provider]
	if !ok {
		return http.NotFoundHandler()
	}
	return payout.CallbackHandler(l.client, func(ctx context.Context, ref payout.Ref) error {
		return d.hint(ctx, l, ref.Reference)
	})
}

// hint has an attempt asked about now, unless it is going to be anyway.
func (d *Dispatcher) hint(ctx context.Context, l *lane, reference string) error {
	for {
		e, err := d.journal.FindAttempt(ctx, l.info.Account, reference)
		if errors.Is(err, ErrNoEntry) {
			return nil
		}
		if err != nil {
			return err
		}
		now := d.now()
		for n, a := range e.Attempts {
			if a.Account != l.info.Account || a.Reference != reference {
				continue
			}
			if a.State == StateSending || a.State == StatePlanned || !a.Next.IsZero() && !a.Next.After(now) {
				return nil
			}
			_, err = d.commit(ctx, e, Event{Kind: EventHinted, At: now, Attempt: n})
			break
		}
		if !errors.Is(err, ErrStale) {
			d.awake(Ask)
			return err
		}
	}
}
