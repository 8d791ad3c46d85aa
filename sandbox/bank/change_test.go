package bank_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// startWaiting is a bank whose orders wait for somebody to enter the destination, for
// an hour of its clock; without money it only keeps a card.
func startWaiting(t *testing.T, money payout.Money) (*harness, *atomic.Int64, func(method, path string) answer) {
	t.Helper()
	var hours atomic.Int64
	start := time.Now()
	now := func() time.Time { return start.Add(time.Duration(hours.Load()) * time.Hour) }
	hold := bank.Act{Turns: []bank.Turn{{State: bank.Registered}}}
	missing := bank.Answer{Status: http.StatusNotFound}
	b, err := bank.Start(bank.Config{Now: now},
		bank.Route{Method: http.MethodPost, Path: "/orders/{reference}", Operation: bank.Create, Serve: func(c *bank.Call) bank.Answer {
			deadline := c.Now().Add(time.Hour)
			return c.Create(bank.Order{
				Reference: c.Param("reference"), ID: c.Param("reference"), Money: money, Untold: true,
				Decide: func(bank.Funds) bank.Act { return hold },
				Expire: func(at bank.Turn, now time.Time) bank.Act {
					if at.State == bank.Registered && !now.Before(deadline) {
						return bank.Decline("late")
					}
					return bank.Act{}
				},
			}, say, say)
		}},
		bank.Route{Method: http.MethodGet, Path: "/orders/{reference}", Operation: bank.Status, Serve: func(c *bank.Call) bank.Answer {
			return c.Find(bank.Query{Reference: c.Param("reference")}, say, missing)
		}},
		bank.Route{Method: http.MethodPost, Path: "/page", Query: true, Operation: "submit", Serve: func(c *bank.Call) bank.Answer {
			return c.Change(bank.Query{ID: c.Query.Get("id")}, func(o *bank.Order, at bank.Turn, f bank.Funds) bank.Act {
				if at.State != bank.Registered {
					return bank.Act{}
				}
				o.Destination = "XXXX"
				if f.Limited && f.Balance < o.Money.Minor() {
					return bank.Decline("dry")
				}
				return bank.Pay()
			}, say, missing)
		}})
	require.NoError(t, err)
	t.Cleanup(b.Close)
	h := &harness{b, t, trusting(b)}
	t.Cleanup(h.client.CloseIdleConnections)
	return h, &hours, func(method, path string) answer {
		a, err := h.do(t.Context(), method, path, "")
		require.NoError(t, err)
		return a
	}
}

func TestAnOrderThatWaitsForAPage(t *testing.T) {
	h, hours, do := startWaiting(t, payout.FromMinor(40, payout.EUR))
	h.Ledger().Fund("", payout.FromMinor(50, payout.EUR))
	do(http.MethodPost, "/orders/p")
	assert.Empty(t, h.Ledger().Entries())

	var calls sync.WaitGroup
	for range 8 {
		calls.Go(func() {
			a, err := h.do(t.Context(), http.MethodPost, "/page?id=p", "")
			if assert.NoError(t, err) {
				assert.Equal(t, 200, a.status)
			}
		})
	}
	calls.Wait()
	require.Equal(t, 1, h.Ledger().Times("p"), "sent in eight times, paid once")
	assert.Equal(t, "XXXX", h.Ledger().Entries()[0].Destination)
	assert.Equal(t, 8, h.Count("submit", "p"), "the page is counted by the order's reference")
	assert.Equal(t, 404, do(http.MethodPost, "/page?id=q").status)
	assert.Equal(t, 404, do(http.MethodPost, "/page?id=%zz").status, "no query that can be read")

	do(http.MethodPost, "/orders/dry")
	assert.Equal(t, "dry", do(http.MethodPost, "/page?id=dry").json(t)["code"])

	for _, reference := range []string{"late", "again", "unasked"} {
		do(http.MethodPost, "/orders/"+reference)
	}
	hours.Store(1)
	assert.Equal(t, "no", h.word(do(http.MethodPost, "/page?id=late")))
	assert.Equal(t, "late", do(http.MethodGet, "/orders/late").json(t)["code"])
	assert.Equal(t, "paid", h.word(do(http.MethodGet, "/orders/p")), "what was paid does not expire")
	assert.Equal(t, "late", do(http.MethodPost, "/orders/again").json(t)["code"], "a second request sees it")
	require.Len(t, h.Orders(), 5)
	assert.Equal(t, bank.Declined, h.Orders()[4].State, "whoever looks sees it")
}

// What the bank would do is scripted, and what it can't do is not.
func TestAScriptedChange(t *testing.T) {
	h, _, do := startWaiting(t, payout.FromMinor(40, payout.EUR))
	do(http.MethodPost, "/orders/p")
	h.Script(bank.Script{Operation: "submit", Times: 1, Act: bank.PendPaid(1)}, bank.Script{Operation: "submit", Act: bank.Pay()})
	assert.Equal(t, "wait", h.word(do(http.MethodPost, "/page?id=p")))
	assert.Equal(t, 1, h.Ledger().Times("p"))
	assert.Equal(t, "wait", h.word(do(http.MethodPost, "/page?id=p")), "it waits for nobody any more")
	assert.Equal(t, 1, h.Ledger().Times("p"))
	assert.Equal(t, "wait", h.word(do(http.MethodGet, "/orders/p")))
	assert.Equal(t, "wait", h.word(do(http.MethodGet, "/orders/p")))

	h.ClearScripts()
	do(http.MethodPost, "/orders/q")
	h.Script(bank.Script{Operation: "submit", Act: bank.Nothing()})
	_, err := h.do(t.Context(), http.MethodPost, "/page?id=q", "")
	require.Error(t, err)
	assert.Equal(t, 0, h.Ledger().Times("q"))
}

// The first status call tells the first turn of an order whose answer was silent.
func TestAnUntoldTurn(t *testing.T) {
	h, _, do := startWaiting(t, payout.FromMinor(40, payout.EUR))
	h.Script(bank.Script{Operation: bank.Create, Act: bank.PendPaid(0).Then(bank.Decline("x"))})
	do(http.MethodPost, "/orders/p")
	assert.Equal(t, 1, h.Ledger().Times("p"), "it stands from the start")
	for _, want := range []string{"wait", "no", "no"} {
		assert.Equal(t, want, h.word(do(http.MethodGet, "/orders/p")))
	}
}

// An order without money is paid and moves none.
func TestAnOrderWithoutMoney(t *testing.T) {
	h, _, do := startWaiting(t, payout.Money{})
	do(http.MethodPost, "/orders/card")
	assert.Equal(t, "paid", h.word(do(http.MethodPost, "/page?id=card")))
	assert.Empty(t, h.Ledger().Entries())
}
