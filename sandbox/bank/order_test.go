package bank_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// A bank that looks at its funds, hides new orders from the first status call, asks by
// its own number, and pays a reference twice.
func TestOrdersByTheBanksOwnRules(t *testing.T) {
	b, err := bank.Start(bank.Config{},
		bank.Route{Method: http.MethodPost, Path: "/{reference}/{id}", Operation: bank.Create, Serve: func(c *bank.Call) bank.Answer {
			return c.Create(bank.Order{
				Reference: c.Param("reference"), ID: c.Param("id"), Money: payout.FromMinor(40, payout.EUR), Account: "a",
				Lag: bank.Lag{Calls: 1},
				Decide: func(f bank.Funds) bank.Act {
					if f.Limited && f.Balance < 40 {
						return bank.Decline("dry")
					}
					return bank.Act{} // as usual
				},
			}, say, nil)
		}},
		bank.Route{Method: http.MethodGet, Path: "/{id}", Operation: bank.Status, Serve: func(c *bank.Call) bank.Answer {
			return c.Find(bank.Query{ID: c.Param("id")}, say, bank.Answer{Status: http.StatusNotFound})
		}})
	require.NoError(t, err)
	t.Cleanup(b.Close)
	h := &harness{b, t, trusting(b)}
	t.Cleanup(h.client.CloseIdleConnections)
	do := func(method, path string) answer {
		a, err := h.do(t.Context(), method, path, "")
		require.NoError(t, err)
		return a
	}
	b.Ledger().Fund("a", payout.FromMinor(100, payout.EUR))

	assert.Equal(t, "paid", h.word(do(http.MethodPost, "/p/1")))
	assert.Equal(t, "paid", h.word(do(http.MethodPost, "/p/2")))
	assert.Equal(t, 2, b.Ledger().Times("p"))
	assert.Equal(t, "dry", do(http.MethodPost, "/q/3").json(t)["code"])
	b.Script(bank.Script{Reference: "r", Operation: bank.Create, Act: bank.Pay(), Lag: bank.Lag{Calls: 2}})
	assert.Equal(t, "paid", h.word(do(http.MethodPost, "/r/4")), "scripted, without looking at the funds")
	assert.Equal(t, int64(-20), b.Ledger().Funds("a").Balance)

	assert.Equal(t, 404, do(http.MethodGet, "/1").status, "hidden once")
	assert.Equal(t, "1", do(http.MethodGet, "/1").json(t)["id"])
	assert.Equal(t, 2, b.Count(bank.Status, "p"), "asked by number, counted by reference")
	assert.Equal(t, 404, do(http.MethodGet, "/5").status)
	for _, want := range []int{404, 404, 200} {
		assert.Equal(t, want, do(http.MethodGet, "/4").status, "as scripted")
	}

	b.Script(bank.Script{Reference: "p", Operation: bank.Status, Times: 1, Act: bank.Nothing()})
	h.client.CloseIdleConnections() // on a warm one net/http would send a GET again
	_, err = h.do(t.Context(), http.MethodGet, "/2", "")
	require.Error(t, err)
	assert.Equal(t, 404, do(http.MethodGet, "/2").status, "a status call that was lost does not count for the bank")
}

// A status call that is held finds what landed meanwhile.
func TestHeldStatusCall(t *testing.T) {
	h := start(t)
	gate := bank.NewGate()
	h.Script(bank.Script{Operation: bank.Status, Hold: gate})
	done := make(chan answer)
	go func() { done <- h.ask("p") }()
	require.NoError(t, h.WaitRequests(t.Context(), bank.Status, "p", 1))
	h.pay("p")
	gate.Open()
	assert.Equal(t, "paid", h.word(<-done))
}

func TestWaitTimesLooksAtItsReferenceOnly(t *testing.T) {
	h := start(t)
	done := make(chan error, 1)
	go func() { done <- h.Ledger().WaitTimes(t.Context(), "p", 1) }()
	h.pay("q")
	h.Script(bank.Script{Reference: "q", Operation: bank.Status, Act: bank.Return()})
	h.ask("q")
	select {
	case <-done:
		t.Fatal("nothing was paid for p")
	default:
	}
	h.pay("p")
	require.NoError(t, <-done)
}
