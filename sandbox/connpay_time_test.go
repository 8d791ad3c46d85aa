package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// An order comes to its end by itself when its time has come.
func TestConnPayProcessingTime(t *testing.T) {
	p := &party{}
	cfg := sandbox.ConnPayConfig{ProcessingTime: time.Hour, Processing: 5, LateMoney: true}
	inMemory(t, p, cfg, func(t *testing.T, g *gatewayTest) {
		g.Script(bank.Script{Operation: bank.Create, Reference: "waits", Act: sandbox.AwaitReceiver()})
		g.pay("p", "")
		g.pay("waits", "")
		time.Sleep(59 * time.Minute)
		g.post("/paynet/api/v4/status/39915", "login=TestMerchant&client_orderid=p")
		assert.Empty(t, g.Ledger().Entries())
		time.Sleep(time.Minute)
		synctest.Wait()
		assert.Equal(t, 1, g.Ledger().Times("p"))
		assert.Equal(t, []string{"p approved"}, p.told())

		assert.False(t, g.Finish("waits"), "for its receiver, and not for time")
		form := fields(t, g.post("/paynet/api/v4/status/39915", "login=TestMerchant&client_orderid=waits").body).Get("redirect-to")
		g.ClearScripts()
		_, err := send(t, g.client, http.MethodPost, form, "", http.Header{})
		require.NoError(t, err)
		time.Sleep(time.Hour)
		synctest.Wait()
		assert.Equal(t, []string{"p approved", "waits approved"}, p.told())
	})
}

// A clock that goes by itself: RunDue does what it has made due.
func TestConnPayRunDue(t *testing.T) {
	clock := struct {
		sync.Mutex
		at time.Time
	}{at: time.Now().Truncate(time.Second)}
	now := func() time.Time {
		clock.Lock()
		defer clock.Unlock()
		return clock.at
	}
	p := &party{answer: func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(http.StatusInternalServerError) }}
	server := httptest.NewServer(p)
	defer server.Close()
	g := startConnPay(t, sandbox.ConnPayConfig{
		Bank: bank.Config{Now: now}, Key: &testKey().PublicKey, ProcessingTime: time.Hour,
		Callbacks: sandbox.ConnPayCallbacks{Transport: &http.Transport{}, AnyPort: true},
	})
	g.post("/paynet/api/v4/payout/39915", "account_number=1&amount=1&currency=USD&client_orderid=r&server_callback_url="+url.QueryEscape(server.URL+"/cb"))
	assert.Equal(t, 0, g.RunDue(t.Context()))
	calls := 0
	for range 30 {
		clock.Lock()
		clock.at = clock.at.Add(25 * time.Hour)
		clock.Unlock()
		g.RunDue(t.Context())
		require.Greater(t, len(p.got()), calls)
		calls = len(p.got())
	}
	assert.Equal(t, 30, calls)
	assert.Equal(t, now(), g.Callbacks()[29].Time)
	assert.Equal(t, 0, g.RunDue(t.Context()))
}
