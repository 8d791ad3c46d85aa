package bank_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout/sandbox/bank"
)

// Orders go on though nobody asks, and every turn of theirs is told.
func TestProceed(t *testing.T) {
	var turns []bank.State
	b, err := startPlainBank(bank.Config{Turned: func(s bank.Statement) { turns = append(turns, s.State) }})
	require.NoError(t, err)
	defer b.Close()
	h := &harness{b, t, trusting(b)}
	defer h.client.CloseIdleConnections()
	h.Script(bank.Script{Reference: "p", Operation: bank.Create, Act: bank.Pend(1).Then(bank.Pay())})
	id := h.pay("p").json(t)["id"].(string)
	assert.True(t, h.Proceed(id))
	assert.Equal(t, 0, h.Ledger().Times("p"))
	assert.True(t, h.Proceed(id))
	assert.Equal(t, 1, h.Ledger().Times("p"), "nobody asked")
	assert.False(t, h.Proceed(id), "this was its last turn")
	assert.Equal(t, "paid", h.word(h.ask("p")))
	assert.True(t, h.Advance("p", bank.Return()))
	assert.Equal(t, []bank.State{bank.Pending, bank.Pending, bank.Paid, bank.Paid, bank.Returned}, turns)
	for _, nobody := range []string{"", "0"} {
		assert.False(t, h.Proceed(nobody))
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
