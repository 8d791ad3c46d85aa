package connpay_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// alarms are what the client's observer hears.
type alarms struct{ heard []payout.Alarm }

func (a *alarms) Start(ctx context.Context, _ payout.Call) (context.Context, func(payout.Outcome)) {
	return ctx, nil
}

func (a *alarms) Alarm(_ context.Context, alarm payout.Alarm) { a.heard = append(a.heard, alarm) }

// The gateway makes a second order of a second request, so nothing is ever sent again
// by itself: not after an answer that was lost, not while asking.
func TestSentOnce(t *testing.T) {
	for name, reply := range map[string]bank.Reply{
		"lost": bank.Lost(), "a proxy's page": bank.ProxyPage(), "a firewall's page": bank.Forbidden(), "nothing": bank.Empty(),
	} {
		gate, client := inSandbox(t, endpoint)
		req := request("p-1", "1234567890")
		_, err := client.Create(t.Context(), request("warm", "1234567890"))
		require.NoError(t, err)
		gate.Script(bank.Script{Reference: "p-1", Operation: bank.Create, Reply: reply})
		_, err = client.Create(t.Context(), req)
		require.ErrorIs(t, err, payout.ErrOutcomeUnknown, name)
		require.False(t, payout.SafeToRetry(err), name)
		require.False(t, payout.ProvedUnpaid(err), name)
		for range 2 {
			p, err := client.Find(t.Context(), req.Ref())
			require.NoError(t, err, name)
			require.Equal(t, payout.StatusPaid, p.Status, name)
		}
		require.Equal(t, 1, gate.Count(bank.Create, "p-1"), name)
		require.Equal(t, 1, gate.Ledger().Times("p-1"), name)
	}
}

// The page that denies access (connpay:236-274) proves nothing about the payout, and
// says that the provider should be held.
func TestDeniedAccessHolds(t *testing.T) {
	gate, client := inSandbox(t, endpoint)
	gate.Script(bank.Script{Reference: "p-1", Operation: bank.Create, Reply: gate.AccessDenied()}) // it paid all the same
	_, err := client.Create(t.Context(), request("p-1", "1234567890"))
	var e *payout.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, payout.ErrOutcomeUnknown, e.Kind)
	require.True(t, e.Hold)
	require.Equal(t, 403, e.HTTPStatus)
	require.Equal(t, 1, gate.Ledger().Times("p-1"))
}

// Two orders under one client_orderid, which the gateway allows: about another one than
// was recorded a person decides, with an alarm, and nothing of the stranger's sticks.
func TestTwoOrdersUnderOneReference(t *testing.T) {
	gate, client := simulate(t, sandbox.ConnPayConfig{Processing: -1}, connpay.Config{})
	seen := &alarms{}
	client = payout.NewClient(client.Provider(), payout.WithObserver(seen))
	require.Equal(t, payout.DedupNone, client.Info().Dedup)
	require.Equal(t, payout.Absence{}, client.Info().Absence)

	req := request("p-1", "1234567890")
	first, err := client.Create(t.Context(), req)
	require.NoError(t, err)
	second, err := client.Create(t.Context(), req) // by a caller that broke the rule
	require.NoError(t, err)
	require.NotEqual(t, first.ProviderID, second.ProviderID)
	require.Equal(t, 2, gate.Ledger().Times("p-1"))

	for _, order := range []payout.Payout{first, second} { // each is found by its id
		found, err := client.Find(t.Context(), order.Ref())
		require.NoError(t, err)
		require.Equal(t, payout.StatusPaid, found.Status)
		require.Equal(t, order.ProviderID, found.ProviderID)
	}
	require.Empty(t, seen.heard)

	// Asked by the reference alone, the gateway may tell of either: what matters is that
	// its id is compared with the one that was recorded. The first's is, and the second
	// is what there is an answer about.
	gate.Script(bank.Script{Operation: bank.Status, Alter: func(s *bank.Statement) { s.ID = second.ProviderID }})
	found, err := client.Find(t.Context(), first.Ref())
	require.NoError(t, err)
	require.Equal(t, payout.StatusReview, found.Status)
	require.Equal(t, first.ProviderID, found.ProviderID)
	require.Len(t, seen.heard, 1)
	require.Equal(t, payout.AlarmProviderIDDiffers, seen.heard[0].Kind)
}

// A gateway that does refuse a client_orderid that it has seen: the refusal is of the
// second request, and the first order stands.
func TestRefusedDuplicate(t *testing.T) {
	for _, asked := range []bool{false, true} {
		gate, client := simulate(t, sandbox.ConnPayConfig{Processing: -1, RefuseDuplicates: true}, connpay.Config{JSON: asked})
		req := request("p-1", "1234567890")
		_, err := client.Create(t.Context(), req)
		require.NoError(t, err)
		_, err = client.Create(t.Context(), req)
		require.ErrorIs(t, err, payout.ErrRefused)
		require.False(t, payout.SafeToRetry(err))
		p, err := client.Find(t.Context(), req.Ref())
		require.NoError(t, err)
		require.Equal(t, payout.StatusPaid, p.Status)
		require.Equal(t, 1, gate.Ledger().Times("p-1"))
	}
}

// An answer about another paynet-order-id than the recorded one: whatever it says, and
// in whichever way it was asked for.
func TestAnotherOrder(t *testing.T) {
	for name, c := range map[string]connpay.Config{"v4": {}, "v2": {StatusV2: true}, "group": {Endpoint: group}, "JSON": {JSON: true}} {
		for _, word := range []string{"approved", "declined", "processing", "unknown", "error"} {
			capture, client := captured(t, c)
			seen := &alarms{}
			client = payout.NewClient(client.Provider(), payout.WithObserver(seen))
			capture.Say(200, stated(change{"paynet-order-id": "7000000", "status": word, "end-point-id": "1", "redirect-to": "https://a.example/"}))
			ref := request("p-1", "1234567890").Ref()
			ref.ProviderID, ref.Endpoint = "6982864", "39915"
			p, err := client.Find(t.Context(), ref)
			require.NoError(t, err)
			require.Equal(t, payout.Payout{
				Reference: "p-1", Provider: "connpay", Account: client.Info().Account, ProviderID: "6982864", Endpoint: "39915",
				Amount: payout.FromMinor(1042, payout.USD), Status: payout.StatusReview,
			}, p, name+" "+word)
			require.Equal(t, []payout.Alarm{{
				Kind: payout.AlarmProviderIDDiffers, Provider: "connpay", Op: payout.OpFind, Reference: "p-1", Want: "6982864", Got: "7000000",
			}}, seen.heard)
		}
	}
}

// Whatever the gateway says to a question about nothing, it proves nothing.
func TestAbsenceProvesNothing(t *testing.T) {
	for _, v2 := range []bool{false, true} {
		capture, client := captured(t, connpay.Config{StatusV2: v2})
		for _, body := range []string{
			refused(change{"type": "error", "error-message": "Order not found", "error-code": "404"}),
			refused(change{"error-message": "Order not found", "error-code": "404"}),
			stated(change{"status": "-"}),
		} {
			for _, status := range []int{200, 404} {
				capture.Say(status, body)
				p, err := client.Find(t.Context(), request("p-1", "1234567890").Ref())
				require.NotErrorIs(t, err, payout.ErrNotFound)
				require.Equal(t, payout.StatusUnknown, p.Status)
				require.Equal(t, payout.MovedMaybe, p.Status.Moved())
			}
		}
	}
}
