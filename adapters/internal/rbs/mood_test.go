package rbs_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// What the module does with a second order under one number is documented nowhere.
// Whichever it is, no answer to it says that the first was not paid, and asking tells.
func TestASecondOrder(t *testing.T) {
	moods := map[string]struct {
		mood   sandbox.Duplicates
		second string // what the second Create tells
		times  int    // how often money moved
	}{
		"refused with 1":          {sandbox.RefuseWith1, "error: outcome unknown", 1},
		"refused with 400/98":     {sandbox.RefuseWith98, "error: refused by the bank", 1},
		"answered with the first": {sandbox.AnswerFirst, "paid", 1},
		"paid again":              {sandbox.PayAgain, "paid", 2},
	}
	both(t, func(t *testing.T, e edition) {
		for name, tt := range moods {
			module, client := e.configured(t, sandbox.ModuleConfig{Duplicates: tt.mood}, account{})
			req := e.request("p-1")
			_, err := client.Create(t.Context(), req)
			require.NoError(t, err, name)
			p, err := client.Create(t.Context(), req)
			require.Equal(t, tt.second, told(t, p, err), name)
			require.Equal(t, tt.times, module.Ledger().Times("p-1"), name)
			p, err = client.Find(t.Context(), req.Ref())
			require.Equal(t, "paid", told(t, p, err), name)

			// The same of a page: the second answer has it, or does not say that nobody is paid.
			page, err := client.Create(t.Context(), e.hosted("p-2"))
			require.NoError(t, err, name)
			p, err = client.Create(t.Context(), e.hosted("p-2"))
			want := tt.second
			if want == "paid" {
				want = "action_required"
			}
			require.Equal(t, want, told(t, p, err), name)
			require.Equal(t, tt.mood == sandbox.AnswerFirst, p.Action.URL == page.Action.URL, name)
			p, err = client.Find(t.Context(), e.hosted("p-2").Ref())
			require.Equal(t, "pending", told(t, p, err), name)
		}
	})
}

// A bank that does not know its own order yet has proved nothing.
func TestNotFoundThatLags(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		module, client := e.configured(t, sandbox.ModuleConfig{Lag: bank.Lag{Calls: 2}}, account{})
		module.Script(bank.Script{Operation: bank.Create, Reference: "p-1", Reply: bank.Lost()})
		_, err := client.Create(t.Context(), e.request("p-1"))
		require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
		for _, want := range []string{"error: not found", "error: not found", "paid"} {
			p, err := client.Find(t.Context(), e.request("p-1").Ref())
			require.Equal(t, want, told(t, p, err))
		}
		require.Equal(t, 1, module.Ledger().Times("p-1"))
		require.False(t, client.Info().Absence.Proves)
	})
}

// A status request does not name the merchant: a child's payout, though paid, may not
// be found for ever.
func TestAChildsOrderIsNotFound(t *testing.T) {
	e := all2payEdition
	module, client := e.configured(t, sandbox.ModuleConfig{Children: []string{"child"}, ChildrenHidden: true}, account{})
	req := e.request("p-1")
	req.Options = []payout.Option{all2pay.Order{MerchantLogin: "child"}}
	p, err := client.Create(t.Context(), req)
	require.Equal(t, "paid", told(t, p, err))
	p, err = client.Find(t.Context(), p.Ref())
	require.Equal(t, "error: not found", told(t, p, err))
	require.False(t, payout.ProvedUnpaid(err))
	require.Equal(t, 1, module.Ledger().Times("p-1"))
}

// Money that came back, which both documents say does not happen, is for a person.
func TestReturned(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		module, client := e.inSandbox(t)
		_, err := client.Create(t.Context(), e.request("p-1"))
		require.NoError(t, err)
		require.True(t, module.Advance("p-1", bank.Return()))
		p, err := client.Find(t.Context(), e.request("p-1").Ref())
		require.Equal(t, "review", told(t, p, err))
	})
}

// A request that lands after everybody has given up is found, and was sent once.
func TestALateOrder(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		module, client := e.inSandbox(t)
		gate := bank.NewGate()
		module.Script(bank.Script{Operation: bank.Create, Reference: "p-1", Hold: gate})
		ctx, cancel := contextUntil(t, func() error { return module.WaitRequests(t.Context(), bank.Create, "p-1", 1) })
		defer cancel()
		_, err := client.Create(ctx, e.request("p-1"))
		require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
		p, err := client.Find(t.Context(), e.request("p-1").Ref())
		require.Equal(t, "error: not found", told(t, p, err))
		gate.Open()
		require.NoError(t, module.Ledger().WaitTimes(t.Context(), "p-1", 1))
		p, err = client.Find(t.Context(), e.request("p-1").Ref())
		require.Equal(t, "paid", told(t, p, err))
		require.Equal(t, 1, module.Count(bank.Create, "p-1"))
	})
}

// contextUntil ends once something has happened.
func contextUntil(t *testing.T, happened func() error) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_ = happened()
		cancel()
	}()
	return ctx, cancel
}
