package all2pay_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// #34: a balance is promised and its method is not named (all2pay:26).
func TestNoBalance(t *testing.T) {
	server, client := inSandbox(t, sandbox.ModuleConfig{Balances: true})
	require.False(t, client.Supports(payout.AbilityBalances))
	_, err := client.Balances(t.Context(), payout.Source{})
	require.ErrorIs(t, err, payout.ErrUnsupported)
	require.Empty(t, server.Requests())
}

// What the bank does by itself: limits, empty accounts, restricted cards, and an order
// that is not done at once.
func TestOutcomes(t *testing.T) {
	server, client := inSandbox(t, sandbox.ModuleConfig{
		Balance: payout.FromMinor(400_000, payout.RUB), Limit: payout.FromMinor(300_000, payout.RUB),
	})
	create := func(reference string, minor int64, pan string) payout.Payout {
		t.Helper()
		req := request(payout.Card{Number: payout.NewSecret(pan)})
		req.Reference, req.Amount = reference, payout.FromMinor(minor, payout.RUB)
		p, err := client.Create(t.Context(), req)
		require.NoError(t, err)
		return p
	}
	const card = "4111111111111111"
	require.Equal(t, payout.Failure{Reason: payout.ReasonDestinationRestricted, Code: "902"},
		create("restricted", 100, sandbox.RestrictedCard).Failure)
	require.Equal(t, payout.Failure{Reason: payout.ReasonLimitExceeded, Code: "121"}, create("limit", 300_001, card).Failure)
	require.Equal(t, payout.StatusPaid, create("paid", 300_000, card).Status)

	server.Script(bank.Script{Reference: "slow", Operation: bank.Create, Act: bank.PendPaid(1).Then(bank.Pay())})
	p := create("slow", 100, card)
	require.Equal(t, payout.StatusPending, p.Status)
	for _, want := range []payout.Status{payout.StatusPending, payout.StatusPaid} {
		p, err := client.Find(t.Context(), p.Ref())
		require.NoError(t, err)
		require.Equal(t, want, p.Status)
	}
	// A decline is found as one, with its reason.
	p, err := client.Find(t.Context(), payout.Ref{Reference: "limit", Amount: payout.FromMinor(300_001, payout.RUB)})
	require.NoError(t, err)
	require.Equal(t, payout.Failure{Reason: payout.ReasonLimitExceeded, Code: "121"}, p.Failure)
}
