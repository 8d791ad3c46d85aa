package payout

import (
	"context"
	"errors"
	"time"
)

// maxRetryAfter bounds what a bank may ask for: its wish must not make a payout
// forgotten.
const maxRetryAfter = 10 * time.Minute

// Wait asks about a payout, on the provider's schedule, until its fate is known:
// until its status is final, or Review, which only a person can end. It sends
// nothing. Use it after Create where the process may live as long as the answer
// takes; package dispatch does it across restarts.
//
// It goes on after errors, ErrNotFound among them, for they say nothing about
// money, but not after ErrInvalid, ErrUnsupported and ErrUnauthorized, which asking
// again does not cure. When ctx ends, it returns what was last known and an
// ErrOutcomeUnknown that wraps the context's error.
func Wait(ctx context.Context, c *Client, ref Ref) (Payout, error) {
	known := Payout{
		Reference: ref.Reference, Provider: c.info.Name, Account: c.info.Account,
		ProviderID: ref.ProviderID, Endpoint: ref.Endpoint, Amount: ref.Amount,
	}
	begin := time.Now()
	for {
		p, err := c.Find(ctx, ref)
		delay := c.info.Polling.Next(time.Since(begin))
		if err == nil {
			known, ref = p, p.Ref()
			if p.Status.Final() || p.Status == StatusReview {
				return p, nil
			}
		} else {
			switch KindOf(err) {
			case ErrInvalid, ErrUnsupported, ErrUnauthorized:
				return known, err
			}
			delay = max(delay, min(retryAfter(err), maxRetryAfter))
		}
		timer := time.NewTimer(delay)
		select {
		case <-ctx.Done():
			timer.Stop()
			return known, &Error{
				Kind: ErrOutcomeUnknown, Provider: c.info.Name, Op: OpWait,
				Detail: "still not final: go on asking", Err: ctx.Err(),
			}
		case <-timer.C:
		}
	}
}

func retryAfter(err error) time.Duration {
	var e *Error
	if errors.As(err, &e) {
		return e.RetryAfter
	}
	return 0
}
