package bank_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox/bank"
)

// The same in memory, where no real time passes.
func TestInMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pipe := bank.NewPipe()
		b, err := startPlainBank(bank.Config{Listener: pipe, Rand: strings.NewReader(strings.Repeat("random", 100))})
		require.NoError(t, err)
		defer b.Close()
		client := trusting(b)
		client.Transport.(*http.Transport).DialContext = pipe.DialContext
		defer client.CloseIdleConnections()
		h := &harness{b, t, client}
		assert.Equal(t, "https://localhost", b.URL())

		began := time.Now()
		b.Script(bank.Script{Reference: "slow", Reply: bank.Reply{Drip: time.Hour}},
			bank.Script{Reference: "hidden", Operation: bank.Create, Lag: bank.Lag{Time: time.Hour}})
		assert.Equal(t, "paid", h.word(h.pay("slow")))
		assert.GreaterOrEqual(t, time.Since(began), 70*time.Hour)
		h.pay("hidden")
		assert.Equal(t, 404, h.ask("hidden").status)
		time.Sleep(time.Hour)
		assert.Equal(t, "paid", h.word(h.ask("hidden")))
		assert.Equal(t, began.Add(time.Since(began)).Unix(), b.Requests()[len(b.Requests())-1].Time.Unix())

		b.Drop(bank.Drop{Warm: true, Reset: true}) // which a pipe can't do: it just ends
		_, err = h.tryPay("dropped")
		require.Error(t, err)
		assert.Equal(t, 0, b.Count(bank.Create, "dropped"))
		b.Script(bank.Script{Reference: "lost", Reply: bank.Lost()})
		_, err = h.tryPay("lost")
		require.Error(t, err)
		assert.Equal(t, 1, b.Ledger().Times("lost"))

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.ErrorIs(t, b.WaitRequests(ctx, bank.Create, "nobody", 1), context.DeadlineExceeded)
		b.Close()
		_, err = pipe.DialContext(t.Context(), "tcp", "")
		require.ErrorIs(t, err, net.ErrClosed)
	})
}
