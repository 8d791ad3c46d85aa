package demo

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// Of all errors of Create only these end a payout. After any other one it is asked
// for, since it may have been paid.
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
		payout.ErrRefused:      {"refused", "malformed_for_the_bank"},
		payout.ErrUnauthorized: {"refused", "unauthorized"},
		payout.ErrRateLimited:  {"refused", "rate_limited"},
	} {
		r := Result{Unpaid: &payout.Error{Kind: kind}}
		require.Equal(t, want, [2]string{r.status(), r.reason()})
	}
	for s := payout.StatusUnknown; s <= payout.StatusReview; s++ {
		require.Contains(t, statuses(), Result{Payout: payout.Payout{Status: s}}.status(), "it would be counted nowhere")
	}
}
