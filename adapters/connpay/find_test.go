package connpay_test

import (
	"crypto/sha1"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// Where a question goes and what it says: by the reference, and by the gateway's id once
// that is known; to the endpoint that the answer named, also after a group; to the
// group, in the older way, while none is known.
func TestFindAsks(t *testing.T) {
	control := func(text string) string {
		sum := sha1.Sum([]byte(text + "test-merchant-control"))
		return hex.EncodeToString(sum[:])
	}
	unsigned := map[string]string{"Content-Type": formHeader["Content-Type"]}
	ref := request("p-1", "1234567890").Ref()
	known := ref
	known.ProviderID, known.Endpoint = "6982864", "39917"
	half := ref
	half.ProviderID = "6982864"
	for name, tt := range map[string]struct {
		endpoint connpay.Endpoint
		v2       bool
		ref      payout.Ref
		target   string
		body     string
		header   map[string]string
	}{
		"endpoint":           {endpoint, false, ref, "/v4/status/39915", "client_orderid=p-1&login=TestMerchant", formHeader},
		"endpoint, answered": {endpoint, false, known, "/v4/status/39917", "client_orderid=p-1&login=TestMerchant&orderid=6982864", formHeader},
		"group":              {group, false, ref, "/v2/status/group/1001", "client_orderid=p-1&control=" + control("TestMerchantp-1") + "&login=TestMerchant", unsigned},
		"group, answered":    {group, false, known, "/v4/status/39917", "client_orderid=p-1&login=TestMerchant&orderid=6982864", formHeader},
		"group, an id alone": {group, false, half, "/v2/status/group/1001", "client_orderid=p-1&control=" + control("TestMerchantp-16982864") + "&login=TestMerchant&orderid=6982864", unsigned},

		"v2, endpoint":           {endpoint, true, ref, "/v2/status/39915", "client_orderid=p-1&control=" + control("TestMerchantp-1") + "&login=TestMerchant", unsigned},
		"v2, endpoint, answered": {endpoint, true, known, "/v2/status/39917", "client_orderid=p-1&control=" + control("TestMerchantp-16982864") + "&login=TestMerchant&orderid=6982864", unsigned},
		"v2, group":              {group, true, ref, "/v2/status/group/1001", "client_orderid=p-1&control=" + control("TestMerchantp-1") + "&login=TestMerchant", unsigned},
		"v2, group, answered":    {group, true, known, "/v2/status/39917", "client_orderid=p-1&control=" + control("TestMerchantp-16982864") + "&login=TestMerchant&orderid=6982864", unsigned},
	} {
		capture, client := captured(t, connpay.Config{Endpoint: tt.endpoint, StatusV2: tt.v2})
		sent := capture.By(t, func() { _, _ = client.Find(t.Context(), tt.ref) })
		require.Equal(t, "POST /paynet/api"+tt.target, sent.Method+" "+sent.Target, name)
		require.Equal(t, tt.body, sent.Body, name)
		sent.RequireHeader(t, tt.header)
	}
	capture, client := captured(t, connpay.Config{})
	for _, id := range []string{"39917/../1", "group/1001", "39917?x=1", "x"} {
		known.Endpoint = id
		_, err := client.Find(t.Context(), known)
		require.ErrorIs(t, err, payout.ErrInvalid)
		require.ErrorContains(t, err, "ref.endpoint: must be digits (connpay:235)")
	}
	require.Empty(t, capture.Sent())
}

// A group whose answer was lost is asked in the older way, and the gateway knows.
func TestGroupAfterALostAnswer(t *testing.T) {
	gate, client := inSandbox(t, group)
	gate.Script(bank.Script{Reference: "p-1", Operation: bank.Create, Reply: bank.Lost()})
	_, err := client.Create(t.Context(), request("p-1", "1234567890"))
	require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
	p, err := client.Find(t.Context(), request("p-1", "1234567890").Ref())
	require.NoError(t, err)
	require.Equal(t, payout.StatusPaid, p.Status)
	require.Equal(t, "39915", p.Endpoint)
	_, err = client.Find(t.Context(), p.Ref()) // now at the endpoint
	require.NoError(t, err)
	var paths []string
	for _, r := range gate.Requests() {
		paths = append(paths, r.Path)
	}
	require.Equal(t, []string{"/paynet/api/v4/payout/group/1001", "/paynet/api/v2/status/group/1001", "/paynet/api/v4/status/39915"}, paths)
	require.Equal(t, 1, gate.Ledger().Times("p-1"))
	require.Empty(t, gate.Refusals())
}

// The older call, all the way, with a control that the gateway checks.
func TestStatusV2(t *testing.T) {
	for name, e := range map[string]connpay.Endpoint{"endpoint": endpoint, "group": group} {
		gate, client := simulate(t, sandbox.ConnPayConfig{Processing: -1}, connpay.Config{Endpoint: e, StatusV2: true})
		p, err := client.Create(t.Context(), request("p-1", "1234567890"))
		require.NoError(t, err, name)
		for range 2 { // by what the answer said, and by the reference alone
			found, err := client.Find(t.Context(), p.Ref())
			require.NoError(t, err, name)
			require.Equal(t, payout.StatusPaid, found.Status, name)
			p = payout.Payout{Reference: p.Reference, Amount: p.Amount}
		}
		require.Empty(t, gate.Refusals(), name)

		_, stranger := simulate(t, sandbox.ConnPayConfig{Control: "another key"}, connpay.Config{Endpoint: e, StatusV2: true})
		_, err = stranger.Find(t.Context(), request("p-1", "1234567890").Ref())
		require.ErrorIs(t, err, payout.ErrOutcomeUnknown, name)
	}
}

// The gateway says nothing about an order that it does not know that would prove
// anything.
func TestNotFoundProvesNothing(t *testing.T) {
	_, client := inSandbox(t, endpoint)
	_, err := client.Find(t.Context(), request("never-sent", "1234567890").Ref())
	require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
	require.Equal(t, payout.Absence{}, client.Info().Absence)
	require.Equal(t, payout.DedupNone, client.Info().Dedup)
}
