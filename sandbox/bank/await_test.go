package bank_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// An order that waits for its recipient moves on only when he has done his part.
func TestAwait(t *testing.T) {
	h := start(t)
	h.Script(bank.Script{Reference: "p", Operation: bank.Create, Act: bank.Await().Then(bank.Pend(0)).Then(bank.Pay())})
	id := h.pay("p").json(t)["id"].(string)
	for range 3 {
		assert.Equal(t, "wait", h.word(h.ask("p")))
	}
	assert.True(t, h.Orders()[0].Waits)
	assert.False(t, h.Proceed(id), "time does not fill a form")
	for _, nobody := range []string{"", "0"} {
		assert.False(t, h.Resume(nobody))
		assert.False(t, h.Proceed(nobody))
	}
	require.True(t, h.Resume(id))
	assert.False(t, h.Orders()[0].Waits)
	assert.False(t, h.Resume(id), "it does not wait any more")
	assert.Equal(t, 0, h.Ledger().Times("p"))
	require.True(t, h.Proceed(id))
	assert.Equal(t, 1, h.Ledger().Times("p"), "nobody asked")
	assert.False(t, h.Proceed(id), "this was its last turn")
	assert.Equal(t, "paid", h.word(h.ask("p")))
	assert.Equal(t, 1, h.Ledger().Times("p"))
}

// Two orders under one reference; every turn of theirs is told.
func TestOldestAndTurned(t *testing.T) {
	var turns []string
	b, err := bank.Start(bank.Config{},
		bank.Route{Method: http.MethodPost, Path: "/{id}", Operation: bank.Create, Serve: func(c *bank.Call) bank.Answer {
			return c.Create(bank.Order{
				Reference: "p", ID: c.Param("id"), Money: payout.FromMinor(40, payout.EUR),
				Decide: func(bank.Funds) bank.Act { return bank.Pend(0).Then(bank.Pay()) },
				Turned: func(s bank.Statement) {
					turns = append(turns, s.ID+map[bank.State]string{bank.Pending: " wait", bank.Paid: " paid"}[s.State])
				},
			}, say, nil)
		}},
		bank.Route{Method: http.MethodGet, Path: "/{which}", Operation: bank.Status, Serve: func(c *bank.Call) bank.Answer {
			return c.Find(bank.Query{Reference: "p", Oldest: c.Param("which") == "oldest"}, say, bank.Answer{Status: http.StatusNotFound})
		}})
	require.NoError(t, err)
	defer b.Close()
	h := &harness{b, t, trusting(b)}
	defer h.client.CloseIdleConnections()
	do := func(method, path string) any {
		a, err := h.do(t.Context(), method, path, "")
		require.NoError(t, err)
		return a.json(t)["id"]
	}
	do(http.MethodPost, "/1")
	do(http.MethodPost, "/2")
	assert.Equal(t, "2", do(http.MethodGet, "/newest"))
	assert.Equal(t, "1", do(http.MethodGet, "/oldest"))
	assert.Equal(t, "1", do(http.MethodGet, "/oldest"))
	require.True(t, b.Advance("p", bank.Pend(0)))
	assert.Equal(t, []string{"1 wait", "2 wait", "2 paid", "1 paid", "1 paid", "2 wait"}, turns)
	for _, o := range b.Orders() {
		assert.Nil(t, o.Turned, "what is told holds no code")
	}
}

func TestGoEndsWithTheServer(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	b, err := startPlainBank(bank.Config{})
	require.NoError(t, err)
	began, ended := make(chan struct{}), false
	b.Go(func(ctx context.Context) {
		close(began)
		<-ctx.Done()
		ended = true
	})
	<-began
	b.Close()
	assert.True(t, ended, "Close waited")
}
