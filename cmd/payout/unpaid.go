package main

import (
	"errors"
	"fmt"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// unpaid is how a payout stands that is not paid, and what follows. Who reads "not paid"
// pays in another way: that is said only where it is proved.
func unpaid(e dispatch.Entry) findings {
	const other = "it must not be paid in another way"
	ask := fmt.Sprintf("run payout worker, which asks the bank, and see payout status %s", e.Reference)
	switch e.State {
	case dispatch.StateFailed, dispatch.StateCancelled:
		return findings("it is " + e.State.String() + ", and not paid")
	case dispatch.StateReturned:
		return "it was paid, and the bank says that the money came back"
	case dispatch.StatePlanned:
		return findings("it is not sent yet, and will be: " + other + " before payout cancel has withdrawn it; to have it sent run payout worker, or the same command again")
	case dispatch.StateAwaiting:
		return findings("it is not sent yet, and waits for its request: run the same command again; " + other + " before payout cancel has withdrawn it")
	case dispatch.StateOpen:
		return findings("the bank has it and is not done: it may be paid yet, and " + other + "; " + ask)
	case dispatch.StateClosed:
		return findings("the bank says that it is not paid, and has to say so once more: until then " + other + "; " + ask)
	case dispatch.StateReview:
		return findings("a person must look: it may have been paid, and " + other + " before that is known; see payout resolve --help")
	default: // unknown, sending
		return findings("its fate is not known yet: it may have been paid, and " + other + "; " + ask)
	}
}

// unsent reports whether an error of Submit proves that nothing was sent, and will be.
func unsent(err error) bool {
	return errors.Is(err, payout.ErrInvalid) || errors.Is(err, payout.ErrUnsupported) || errors.Is(err, payout.ErrConflict) ||
		errors.Is(err, dispatch.ErrNotBegun)
}

// brokeOff has a command that broke off, when something may have been sent, end with
// another status than one that has sent nothing. It says what to do about it.
func brokeOff(says string, err error) error {
	if err == nil || errors.As(err, new(findings)) {
		return err
	}
	return fmt.Errorf("%w: %w", findings(says), err)
}
