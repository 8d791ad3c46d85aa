package demo

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// Of all errors of Create only these prove anything. After any other one the answer
// counts as lost, and the payout is asked for, since it may have been paid.
func TestWhatProvesThatNobodyWasPaid(t *testing.T) {
	t.Parallel()
	for kind, want := range map[payout.ErrorKind]bool{
		payout.ErrInvalid:        true,
		payout.ErrUnsupported:    true,
		payout.ErrNotSent:        true,
		payout.ErrRefused:        true,
		payout.ErrUnauthorized:   true,
		payout.ErrRateLimited:    true,
		payout.ErrNotFound:       false,
		payout.ErrConflict:       false,
		payout.ErrOutcomeUnknown: false,
		payout.ErrorKind(200):    false,
	} {
		require.Equal(t, want, payout.ProvedUnpaid(&payout.Error{Kind: kind}), kind)
		require.Equal(t, want, payout.ProvedUnpaid(fmt.Errorf("more: %w", kind)), kind)
		for _, event := range []dispatch.EventKind{dispatch.EventCreated, dispatch.EventLate} {
			require.Equal(t, !want, lost(dispatch.Event{Kind: event, Outcome: dispatch.Outcome{Kind: kind}}), kind)
			require.False(t, lost(dispatch.Event{Kind: event, Outcome: dispatch.Outcome{Answered: true, Kind: kind}}))
		}
		require.False(t, lost(dispatch.Event{Kind: dispatch.EventFound, Outcome: dispatch.Outcome{Kind: kind}}), "a question's")
	}
	require.False(t, payout.ProvedUnpaid(errors.New("anything")))
	require.False(t, payout.ProvedUnpaid(errors.Join(payout.ErrInvalid, payout.ErrOutcomeUnknown)))
}

func TestWords(t *testing.T) {
	t.Parallel()
	for kind, want := range map[payout.ErrorKind][2]string{
		payout.ErrInvalid:      {"not_sent", "invalid"},
		payout.ErrUnsupported:  {"not_sent", "unsupported"},
		payout.ErrNotSent:      {"not_sent", "no_connection"},
		payout.ErrConflict:     {"not_sent", "reference_taken"},
		payout.ErrRefused:      {"refused", "malformed_for_the_bank"},
		payout.ErrUnauthorized: {"refused", "unauthorized"},
		payout.ErrRateLimited:  {"refused", "rate_limited"},
	} {
		r := Result{Unpaid: &payout.Error{Kind: kind}}
		require.Equal(t, want, [2]string{r.status(), r.reason()})
	}
	r := Result{Unpaid: noRoute{[]dispatch.Choice{{Route: "a", Why: "was tried"}, {Route: "b", Why: "is held"}}}}
	require.Equal(t, []string{"not_sent", "no_route_free"}, []string{r.status(), r.reason()})
	require.EqualError(t, r.Unpaid, "no route was free in time: a: was tried; b: is held")
	require.EqualError(t, noRoute{}, "no route was free in time")
	for s := payout.StatusUnknown; s <= payout.StatusReview; s++ {
		require.Contains(t, statuses(), Result{Payout: payout.Payout{Status: s}}.status(), "it would be counted nowhere")
	}
}
