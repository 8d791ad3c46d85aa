package payout_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestReasons(t *testing.T) {
	for i, text := range []string{
		"unknown", "insufficient_funds", "limit_exceeded", "destination_invalid",
		"destination_restricted", "declined", "fraud_control", "expired", "cancelled",
	} {
		// The numbers may be stored: none may ever change.
		r := payout.Reason(i)
		require.Equal(t, text, r.String())
		encoded, err := json.Marshal(payout.Failure{Reason: r})
		require.NoError(t, err)
		require.JSONEq(t, `{"Reason":"`+text+`","Code":""}`, string(encoded))
		var back payout.Failure
		require.NoError(t, json.Unmarshal(encoded, &back))
		require.Equal(t, r, back.Reason)
	}
	require.Equal(t, payout.ReasonCancelled, payout.Reason(8))
	require.Equal(t, payout.ReasonInsufficientFunds, payout.Reason(1))
}

func TestReasonOutOfRangeIsUnknown(t *testing.T) {
	for _, r := range []payout.Reason{payout.ReasonCancelled + 1, 255} {
		require.Equal(t, "unknown", r.String())
		text, err := r.MarshalText()
		require.NoError(t, err)
		require.Equal(t, "unknown", string(text))
	}
}

func TestReasonOfANewerVersionIsUnknown(t *testing.T) {
	for _, word := range []string{"", "sanctioned", "Declined", "declined "} {
		r := payout.ReasonDeclined
		require.NoError(t, r.UnmarshalText([]byte(word)))
		require.Equal(t, payout.ReasonUnknown, r, "%q", word)
	}
}
