package bank_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

func TestScriptsNameTheirCalls(t *testing.T) {
	h := start(t)
	h.Script(
		bank.Script{Operation: bank.Create, Reference: "p", Times: 1, Reply: bank.HTTP(500, "text/plain", "first")},
		bank.Script{Operation: bank.Create, Reference: "p", Times: 1, Reply: bank.HTTP(500, "text/plain", "second")},
		bank.Script{Operation: bank.Status, Reply: bank.HTTP(503, "text/plain", "always")},
	)
	assert.Equal(t, 200, h.pay("q").status)
	assert.Equal(t, "first", h.pay("p").body)
	assert.Equal(t, "second", h.pay("p").body)
	assert.Equal(t, 200, h.pay("p").status)
	assert.Equal(t, 503, h.ask("p").status)
	assert.Equal(t, 503, h.ask("q").status)
	h.Script(bank.Script{Times: 1, Reply: bank.Empty()}) // the next request, whatever it is
	h.ClearScripts()
	assert.Equal(t, 200, h.ask("q").status)
	h.Script(bank.Script{Times: 1, Reply: bank.Empty()})
	assert.Empty(t, h.ask("q").body)
	assert.NotEmpty(t, h.ask("q").body)
}

func TestRefusalsUseUpNoScript(t *testing.T) {
	h := start(t)
	h.Script(bank.Script{Times: 1, Reply: bank.HTTP(500, "text/plain", "scripted")})
	a, err := h.do(t.Context(), http.MethodPost, "/payments", `{"reference":"p"}`)
	require.NoError(t, err)
	assert.Equal(t, 400, a.status)
	require.Len(t, h.Refusals(), 1)
	assert.Equal(t, "p", h.Refusals()[0].Reference)
	assert.Equal(t, "scripted", h.pay("p").body)
}

func TestAlteredStatements(t *testing.T) {
	for name, test := range map[string]struct {
		alter func(*bank.Statement)
		body  string
	}{
		"amount":       {bank.Claim(payout.FromMinor(7, payout.EUR)), `{"id":"1","reference":"p","amount":7,"currency":"EUR","status":"paid"}`},
		"currency":     {bank.Claim(payout.FromMinor(1050, payout.USD)), `{"id":"1","reference":"p","amount":1050,"currency":"USD","status":"paid"}`},
		"reference":    {bank.ClaimReference("other"), `{"id":"1","reference":"other","amount":1050,"currency":"EUR","status":"paid"}`},
		"word":         {bank.ClaimWord("hm"), `{"id":"1","reference":"p","amount":1050,"currency":"EUR","status":"hm"}`},
		"no status":    {bank.Omit(bank.StatusWord), `{"id":"1","reference":"p","amount":1050,"currency":"EUR"}`},
		"no money":     {bank.Omit(bank.Amount, bank.Currency), `{"id":"1","reference":"p","status":"paid"}`},
		"no reference": {bank.Omit(bank.Reference), `{"id":"1","amount":1050,"currency":"EUR","status":"paid"}`},
		"no id":        {bank.Omit(bank.OrderID), `{"reference":"p","amount":1050,"currency":"EUR","status":"paid"}`},
	} {
		t.Run(name, func(t *testing.T) {
			h := start(t)
			h.Script(bank.Script{Operation: bank.Create, Alter: test.alter})
			assert.Equal(t, test.body, h.pay("p").body)
			e := h.Ledger().Moved("p")
			require.Len(t, e, 1)
			assert.Equal(t, payout.FromMinor(1050, payout.EUR), e[0].Money, "the ledger says what happened")
			assert.Contains(t, h.ask("p").body, `"reference":"p","amount":1050,"currency":"EUR","status":"paid"`)
		})
	}
}

// A request that lands after its client has given up.
func TestLateLanding(t *testing.T) {
	h := start(t)
	gate := bank.NewGate()
	h.Script(bank.Script{Reference: "p", Operation: bank.Create, Hold: gate})
	ctx, cancel := context.WithCancel(t.Context())
	var calls sync.WaitGroup
	calls.Go(func() {
		_, err := h.do(ctx, http.MethodPost, "/payments", payBody("p"))
		assert.Error(t, err)
	})
	require.NoError(t, h.WaitRequests(t.Context(), bank.Create, "p", 1))
	cancel()
	calls.Wait()
	assert.Equal(t, 404, h.ask("p").status)
	assert.Equal(t, 0, h.Ledger().Times("p"))
	gate.Open()
	require.NoError(t, h.Ledger().WaitTimes(t.Context(), "p", 1))
	assert.Equal(t, "paid", h.word(h.ask("p")))
}

func TestLag(t *testing.T) {
	h := start(t)
	h.Script(bank.Script{Reference: "p", Operation: bank.Create, Lag: bank.Lag{Calls: 2}})
	h.pay("p")
	for i, want := range []int{404, 404, 200, 200} {
		assert.Equal(t, want, h.ask("p").status, i)
	}
}

func TestDuplicateGetsTheFirstAnswer(t *testing.T) {
	h := start(t)
	first := h.pay("p").body
	a, err := h.do(t.Context(), http.MethodPost, "/payments", `{"reference":"p","amount":7,"card":"4111111111111111"}`)
	require.NoError(t, err)
	assert.Equal(t, first, a.body)
	assert.Equal(t, 1, h.Ledger().Times("p"))
	assert.Equal(t, 2, h.Count(bank.Create, "p"))
}
