package provider_test

import (
	"bytes"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// The permit is asked when the connection is up and nothing is written: one that ran
// out during the dial stops the call.
func TestPermitIsAskedBeforeTheFirstByte(t *testing.T) {
	for name, warm := range map[string]int{"new connection": 0, "reused connection": 2} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bank, p := openPipeBank(t, serverTLS(t), answering)
				var refused atomic.Bool
				calls := 0
				l := hookedLink(t, pipeURL, provider.HTTP{Dial: p.dial}, func() {
					calls++
					refused.Store(calls == warm+1)
				})
				ctx := payout.WithSendPermit(t.Context(), func() bool { return !refused.Load() })
				for range warm {
					_, err := l.Do(ctx, post())
					require.NoError(t, err)
				}
				_, err := l.Do(ctx, post())
				e := proves(t, err, payout.ErrNotSent)
				assert.Equal(t, "the permit to send was refused", e.Detail)

				a, err := l.Do(ctx, post())
				require.NoError(t, err, "the next call has its own")
				assert.Equal(t, http.StatusOK, a.Status)
				l.CloseIdle()
				assert.Len(t, bank.drained(), warm+1)
			})
		})
	}
}

// Once the first byte has left, the rest follows: half a request helps nobody.
func TestPermitIsForTheFirstByteOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bank, p := openPipeBank(t, serverTLS(t), answering)
		l := link(t, pipeURL, provider.HTTP{Dial: p.dial})
		var asked atomic.Int64
		ctx := payout.WithSendPermit(t.Context(), func() bool { return asked.Add(1) == 1 })
		call := post()
		call.Body = bytes.Repeat([]byte("1"), 1<<18)
		_, err := l.Do(ctx, call)
		require.NoError(t, err)
		assert.EqualValues(t, 1, asked.Load())
		l.CloseIdle()
		require.Len(t, bank.drained(), 1)
	})
}
