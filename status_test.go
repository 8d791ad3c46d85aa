package payout_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestStatuses(t *testing.T) {
	rows := []struct {
		status payout.Status
		text   string
		final  bool
		moved  payout.Moved
	}{
		{payout.StatusUnknown, "unknown", false, payout.MovedMaybe},
		{payout.StatusActionRequired, "action_required", false, payout.MovedMaybe},
		{payout.StatusPending, "pending", false, payout.MovedMaybe},
		{payout.StatusPaid, "paid", true, payout.MovedYes},
		{payout.StatusFailed, "failed", true, payout.MovedNo},
		{payout.StatusReturned, "returned", true, payout.MovedNo},
		{payout.StatusReview, "review", false, payout.MovedMaybe},
	}
	for i, row := range rows {
		// The numbers may be stored: none may ever change.
		require.Equal(t, payout.Status(i), row.status)
		require.Equal(t, row.text, row.status.String())
		require.Equal(t, row.final, row.status.Final(), row.text)
		require.Equal(t, row.moved, row.status.Moved(), row.text)

		text, err := json.Marshal(row.status)
		require.NoError(t, err)
		require.Equal(t, `"`+row.text+`"`, string(text))
		back := payout.Status(99)
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, row.status, back)
	}
}

func TestStatusOutOfRangeIsUnknown(t *testing.T) {
	for _, s := range []payout.Status{payout.StatusReview + 1, 99, 255} {
		require.Equal(t, "unknown", s.String())
		require.False(t, s.Final())
		require.Equal(t, payout.MovedMaybe, s.Moved())
		text, err := s.MarshalText()
		require.NoError(t, err)
		require.Equal(t, "unknown", string(text))
	}
}

func TestStatusRefusesOtherWords(t *testing.T) {
	for _, word := range []string{"", "Paid", "PAID", " paid", "paid\n", "approved", "3"} {
		s := payout.StatusPending
		require.ErrorContains(t, s.UnmarshalText([]byte(word)), "no such status", "%q", word)
		require.Equal(t, payout.StatusPending, s, "a refused text changes nothing")
	}
}

func TestMoved(t *testing.T) {
	var zero payout.Moved
	require.Equal(t, payout.MovedMaybe, zero)
	for m, want := range map[payout.Moved]string{payout.MovedMaybe: "maybe", payout.MovedNo: "no", payout.MovedYes: "yes", 77: "maybe"} {
		require.Equal(t, want, m.String())
	}
}

// Who never set it must not be told that something is proved.
func TestZeroValuesAreTheSafeOnes(t *testing.T) {
	var p payout.Payout
	require.Equal(t, payout.StatusUnknown, p.Status)
	require.False(t, p.Status.Final())
	require.Equal(t, payout.MovedMaybe, p.Status.Moved())
	require.Equal(t, payout.ReasonUnknown, p.Failure.Reason)
	require.True(t, p.Action.IsZero())

	var i payout.Info
	require.Equal(t, payout.DedupNone, i.Dedup)
	require.False(t, i.Absence.Proves)
	require.False(t, i.SourceCards)
	_, ok := i.Range(payout.RUB)
	require.False(t, ok)

	var e payout.Error
	require.Equal(t, payout.ErrOutcomeUnknown, e.Kind)
}
