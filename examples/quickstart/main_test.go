package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// TestMain fails where a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Example() {
	main()
	// Output: order-1001 1500.00 RUB card ******1111 paid
}

// Whatever the bank does with its answer, one request leaves and what comes out is
// what happened.
func TestPay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		script bank.Script
		want   payout.Status
		err    error
		moved  int
	}{
		{"paid", bank.Script{}, payout.StatusPaid, nil, 1},
		{"declined", bank.Script{Act: bank.Decline("")}, payout.StatusFailed, nil, 0},
		{"answer lost", bank.Script{Reply: bank.Lost()}, payout.StatusPaid, nil, 1},
		{"answer lost, declined", bank.Script{Act: bank.Decline(""), Reply: bank.Lost()}, payout.StatusFailed, nil, 0},
		{"pending", bank.Script{Act: bank.Pend(0).Then(bank.Pay())}, payout.StatusPaid, nil, 1},
		{"refused", bank.Script{Act: bank.Nothing(), Reply: bank.HTTP(401, "application/json", `{"errorCode":"90","errorMessage":"x"}`)}, payout.StatusUnknown, payout.ErrUnauthorized, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{})
			require.NoError(t, err)
			defer server.Close()
			p, err := all2pay.New(all2pay.Config{
				BaseURL: server.URL(), UserName: server.UserName(), Password: payout.NewSecret(server.Password()),
				HTTP: provider.HTTP{Roots: server.Roots()},
			})
			require.NoError(t, err)
			defer p.CloseIdleConnections()
			c.script.Operation = bank.Create
			server.Script(c.script)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			result, err := pay(ctx, payout.NewClient(p), payout.Request{
				Reference:   "p-1",
				Amount:      payout.MustMoney("1.00 RUB"),
				Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
				Recipient:   payout.Recipient{Name: payout.NewSecret("IVAN PETROV")},
			})
			require.ErrorIs(t, err, c.err)
			require.Equal(t, c.want, result.Status)
			require.Equal(t, 1, server.Count(bank.Create, ""))
			require.Equal(t, c.moved, server.Ledger().Times("p-1"))
		})
	}
}
