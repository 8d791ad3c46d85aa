package sandbox_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

func TestConnPayCallsBack(t *testing.T) {
	p := &party{}
	inMemory(t, p, sandbox.ConnPayConfig{}, func(t *testing.T, g *gatewayTest) {
		g.pay("cb-1", "&merchant_data=VIP+%26+co")
		synctest.Wait()
		assert.Empty(t, p.got(), "it is processing")
		require.True(t, g.Finish("cb-1"))
		require.NoError(t, g.WaitCallbacks(t.Context(), "cb-1", 1))
		require.Len(t, p.got(), 1)
		c := p.got()[0]
		assert.Equal(t, []string{http.MethodGet, "/cb"}, []string{c.method, c.path})
		assert.Equal(t, url.Values{
			"tenant": {"7"}, // of the address itself
			"status": {"approved"}, "orderid": {"6982864"}, "client_orderid": {"cb-1"}, "merchant_order": {"cb-1"}, "type": {"payout"},
			"amount": {"10.42"}, "currency": {"USD"}, "merchant_data": {"VIP & co"},
			"control": {"9161a70c0d0d6eff06636b7d34d570c9ddca9981"}, // sha1sum of "approved6982864cb-1test-merchant-control"
		}, c.values)

		// Asked for its status again and again, the order is not told again.
		for range 3 {
			g.post("/paynet/api/v4/status/39915", "login=TestMerchant&client_orderid=cb-1")
		}
		assert.False(t, g.Finish("cb-1"))
		time.Sleep(15 * 24 * time.Hour)
		assert.Len(t, p.got(), 1)

		// Another final status is another thing to tell.
		require.True(t, g.Advance("cb-1", bank.Decline("51")))
		synctest.Wait()
		require.Len(t, p.got(), 2)
		v := p.got()[1].values
		assert.Equal(t, []string{"declined", "51", "Declined"}, []string{v.Get("status"), v.Get("error_code"), v.Get("error_message")})

		log := g.Callbacks()
		require.Len(t, log, 2)
		assert.Equal(t, sandbox.ConnPayCallback{
			Time: log[0].Time, Reference: "cb-1", OrderID: "6982864", Status: "approved", Method: http.MethodGet, Host: "localhost:8080", Attempt: 1, Answer: 200,
		}, log[0])
		assert.Empty(t, g.Refusals())
	})
}

// Every final status of the notes is told, and no other.
func TestConnPayCallsBackAtFinalStatuses(t *testing.T) {
	p := &party{}
	inMemory(t, p, sandbox.ConnPayConfig{}, func(t *testing.T, g *gatewayTest) {
		for _, word := range []string{"processing", "unknown", "approved", "declined", "filtered", "error", "reversed", "chargeback"} {
			g.Script(bank.Script{Operation: bank.Create, Reference: word, Act: bank.Say(bank.Pending, word)})
			g.pay(word, "")
		}
		synctest.Wait()
		assert.Equal(t, []string{"approved approved", "declined declined", "filtered filtered", "error error"}, p.told())
	})
}

// Until it is answered by 200 a callback comes 30 times in 14 days.
func TestConnPayCallsBackUntil200(t *testing.T) {
	for name, test := range map[string]struct {
		answer func(w http.ResponseWriter, r *http.Request, n int)
		times  int
		last   int // the answer to the last one
	}{
		"never":      {func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(http.StatusInternalServerError) }, 30, 500},
		"no content": {func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(http.StatusNoContent) }, 30, 204},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request, _ int) {
			if r.URL.Path == "/cb" {
				http.Redirect(w, r, "/other", http.StatusFound)
			}
		}, 30, 302},
		"cut off": {func(http.ResponseWriter, *http.Request, int) { panic(http.ErrAbortHandler) }, 30, 0},
		"hangs":   {func(_ http.ResponseWriter, r *http.Request, _ int) { <-r.Context().Done() }, 30, 0},
		"the third": {func(w http.ResponseWriter, _ *http.Request, n int) {
			if n < 3 {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		}, 3, 200},
	} {
		t.Run(name, func(t *testing.T) {
			p := &party{answer: test.answer}
			inMemory(t, p, sandbox.ConnPayConfig{Processing: -1}, func(t *testing.T, g *gatewayTest) {
				g.pay("cb-1", "")
				began := time.Now()
				require.True(t, g.Finish("cb-1"))
				require.NoError(t, g.WaitCallbacks(t.Context(), "cb-1", test.times))
				time.Sleep(100 * 24 * time.Hour)
				calls := p.got()
				require.Len(t, calls, test.times)
				assert.Equal(t, began, calls[0].at, "at once")
				span := calls[len(calls)-1].at.Sub(began)
				assert.LessOrEqual(t, span, 14*24*time.Hour)
				if test.times == 30 {
					assert.Greater(t, span, 13*24*time.Hour)
				}
				for i, c := range calls {
					assert.Equal(t, "/cb", c.path, "no redirect is followed")
					assert.Equal(t, calls[0].values, c.values, "the same, %d times", i+1)
				}
				log := g.Callbacks()
				assert.Equal(t, test.times, log[len(log)-1].Attempt)
				assert.Equal(t, test.last, log[len(log)-1].Answer)
			})
		})
	}
}

func TestConnPayCallbackSchedule(t *testing.T) {
	p := &party{answer: func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(http.StatusInternalServerError) }}
	cfg := sandbox.ConnPayConfig{Callbacks: sandbox.ConnPayCallbacks{Pauses: []time.Duration{time.Second, time.Hour}}}
	inMemory(t, p, cfg, func(t *testing.T, g *gatewayTest) {
		g.pay("cb-1", "")
		began := time.Now()
		g.Finish("cb-1")
		time.Sleep(24 * time.Hour)
		var after []time.Duration
		for _, c := range p.got() {
			after = append(after, c.at.Sub(began))
		}
		assert.Equal(t, []time.Duration{0, time.Second, time.Hour + time.Second}, after)
	})
	p = &party{answer: p.answer}
	inMemory(t, p, sandbox.ConnPayConfig{Callbacks: sandbox.ConnPayCallbacks{Pauses: []time.Duration{}}}, func(t *testing.T, g *gatewayTest) {
		g.pay("cb-1", "")
		g.Finish("cb-1")
		time.Sleep(24 * time.Hour)
		assert.Len(t, p.got(), 1)
	})
}

// Callbacks come twice, late, in another order, changed on their way, or not at all.
func TestConnPayScriptedCallbacks(t *testing.T) {
	p := &party{}
	inMemory(t, p, sandbox.ConnPayConfig{}, func(t *testing.T, g *gatewayTest) {
		g.ScriptCallback(
			sandbox.CallbackScript{Reference: "late", Delay: time.Hour},
			sandbox.CallbackScript{Reference: "twice", Copies: 2},
			sandbox.CallbackScript{Reference: "lost", Lose: true},
			sandbox.CallbackScript{Reference: "forged", Times: 1, Alter: func(v url.Values) { v.Set("status", "approved") }},
			sandbox.CallbackScript{Reference: "empty", Alter: func(v url.Values) { clear(v) }},
		)
		for _, reference := range []string{"late", "twice", "lost", "forged", "empty", "plain"} {
			if reference == "forged" {
				g.Script(bank.Script{Operation: bank.Create, Reference: reference, Act: bank.Pend(0).Then(bank.Decline(""))})
			}
			g.pay(reference, "")
			require.True(t, g.Finish(reference))
			synctest.Wait()
		}
		time.Sleep(2 * time.Hour)
		assert.Equal(t, []string{"twice approved", "twice approved", "twice approved", "forged approved", " ", "plain approved", "late approved"}, p.told())
		assert.Equal(t, url.Values{"tenant": {"7"}}, p.got()[4].values)

		// The forged one was declined, which its control says still.
		assert.Equal(t, "30d7a9b13419b6b6fad31e1f7fc983dea2e7e60f", p.got()[3].values.Get("control"), "sha1sum of declined6982867forgedtest-merchant-control")
		assert.Equal(t, 0, g.Ledger().Times("forged"))
		require.True(t, g.Advance("forged", bank.Pay()))
		synctest.Wait()
		require.Len(t, p.got(), 8)
		assert.NotEqual(t, p.got()[3].values.Get("control"), p.got()[7].values.Get("control"), "and that script is used up")
	})
}

// A copy is one of a call that was answered.
func TestConnPayCopiesComeAfter200(t *testing.T) {
	p := &party{answer: func(w http.ResponseWriter, _ *http.Request, n int) {
		if n == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}}
	inMemory(t, p, sandbox.ConnPayConfig{Callbacks: sandbox.ConnPayCallbacks{Pauses: []time.Duration{time.Hour}}}, func(t *testing.T, g *gatewayTest) {
		g.ScriptCallback(sandbox.CallbackScript{Copies: 1})
		g.pay("cb-1", "")
		began := time.Now()
		g.Finish("cb-1")
		time.Sleep(24 * time.Hour)
		calls := p.got()
		require.Len(t, calls, 3)
		assert.Equal(t, began.Add(time.Hour), calls[1].at)
		assert.Equal(t, began.Add(time.Hour), calls[2].at)
	})
}

// By hand: now, whatever was told before and however far the order is.
func TestConnPayNotify(t *testing.T) {
	p := &party{}
	inMemory(t, p, sandbox.ConnPayConfig{}, func(t *testing.T, g *gatewayTest) {
		g.pay("a", "")
		g.pay("b", "")
		for _, reference := range []string{"b", "a", "b"} {
			c, err := g.Notify(t.Context(), reference)
			require.NoError(t, err)
			assert.Equal(t, 200, c.Answer)
			assert.Equal(t, 0, c.Attempt)
		}
		assert.Equal(t, []string{"b processing", "a processing", "b processing"}, p.told())
		g.Finish("a")
		require.NoError(t, g.WaitCallbacks(t.Context(), "a", 2))
		assert.Equal(t, "a approved", p.told()[3])
		_, err := g.Notify(t.Context(), "nobody")
		require.ErrorContains(t, err, "no order")
		g.post("/paynet/api/v4/payout/39915", "account_number=1&amount=1&currency=USD&client_orderid=quiet")
		_, err = g.Notify(t.Context(), "quiet")
		require.ErrorContains(t, err, "no server_callback_url")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, g.WaitCallbacks(ctx, "quiet", 1), context.Canceled)
	})
}

// By POST, under names of the connecting party's own.
func TestConnPayPostsUnderOtherNames(t *testing.T) {
	p := &party{}
	cfg := sandbox.ConnPayConfig{
		Control: "AF4B5DE6-3468-424C-A922-C1DAD7CB4509",
		Callbacks: sandbox.ConnPayCallbacks{
			Post: true, Names: map[string]string{"client_orderid": "order", "control": "sum"},
		},
	}
	inMemory(t, p, cfg, func(t *testing.T, g *gatewayTest) {
		g.pay("cb-1", "")
		g.Finish("cb-1")
		synctest.Wait()
		require.Len(t, p.got(), 1)
		c := p.got()[0]
		assert.Equal(t, []string{http.MethodPost, "/cb", "application/x-www-form-urlencoded"}, []string{c.method, c.path, c.kind})
		assert.Equal(t, url.Values{
			"status": {"approved"}, "orderid": {"6982864"}, "order": {"cb-1"}, "merchant_order": {"cb-1"}, "type": {"payout"},
			"amount": {"10.42"}, "currency": {"USD"},
			"sum": {"2470455db63ce60e56c76442051beacffacb6995"}, // sha1sum of "approved6982864cb-1AF4B5DE6-3468-424C-A922-C1DAD7CB4509"
		}, c.values)
		assert.Equal(t, http.MethodPost, g.Callbacks()[0].Method)
	})
}

// The gateway calls this machine only, and the documented ports.
func TestConnPayCallsThisMachineOnly(t *testing.T) {
	p := &party{}
	const elsewhere, port = "the host is not on this machine", "the port is not one of 80, 8080, 443 and 8443"
	addresses := map[string]string{
		"https://httpstat.us/200": elsewhere, "http://192.168.0.1/": elsewhere, "http://localhost.example/": elsewhere,
		"http://[2001:db8::1]/": elsewhere, "http://127.0.0.1.example:8080/": elsewhere, "http://0.0.0.0/": elsewhere,
		"http://localhost:8081/": port, "http://127.0.0.1:1/": port, "http://[::1]:22/": port,
		"http://localhost/": "", "http://LOCALHOST:80/": "", "http://127.0.0.1:8080/": "", "http://[::1]:8443/": "", "http://127.8.9.1:443/": "",
		"http://platform.example:8443/": "", "http://other.example/": elsewhere,
	}
	inMemory(t, p, sandbox.ConnPayConfig{Callbacks: sandbox.ConnPayCallbacks{Hosts: []string{"platform.example"}}}, func(t *testing.T, g *gatewayTest) {
		for address, want := range addresses {
			before := len(p.got())
			g.post("/paynet/api/v4/payout/39915", "account_number=1&amount=1&currency=USD&client_orderid=x&server_callback_url="+url.QueryEscape(address))
			g.Finish("x")
			synctest.Wait()
			log := g.Callbacks()
			last := log[len(log)-1]
			assert.Equal(t, want, last.Refused, address)
			assert.Equal(t, want == "", last.Answer == 200)
			assert.Equal(t, want == "", len(p.got()) > before)
		}
		time.Sleep(24 * time.Hour)
		assert.Len(t, g.Callbacks(), len(addresses), "what is refused does not come again")
		assert.Empty(t, g.Refusals(), "the requests were not malformed")
	})
}

// Close ends a call that is under way, and leaves no goroutine and no connection.
func TestConnPayCloseEndsCallbacks(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	arrived := make(chan struct{})
	p := &party{answer: func(_ http.ResponseWriter, r *http.Request, n int) {
		if n == 2 {
			close(arrived)
			<-r.Context().Done()
		}
	}}
	server := httptest.NewServer(p)
	defer server.Close()
	g, err := sandbox.StartConnPay(sandbox.ConnPayConfig{
		Key: &testKey().PublicKey, Callbacks: sandbox.ConnPayCallbacks{Transport: &http.Transport{}, AnyPort: true},
	})
	require.NoError(t, err)
	client := newClient(t, g.Server)
	defer client.CloseIdleConnections()
	h := &gatewayTest{ConnPay: g, t: t, client: client}
	for _, reference := range []string{"a", "b", "c"} {
		h.post("/paynet/api/v4/payout/39915", "account_number=1&amount=1&currency=USD&client_orderid="+reference+"&server_callback_url="+url.QueryEscape(server.URL))
		g.Finish(reference)
	}
	<-arrived
	g.Close()
	assert.Len(t, p.got(), 2)
	assert.Equal(t, 0, g.Callbacks()[1].Answer)
}

func TestConnPayWithoutTransportCallsNobody(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
	g.post("/paynet/api/v4/payout/39915", connPayRequest) // to httpstat.us
	g.Finish("1")
	assert.Equal(t, 0, g.RunDue(t.Context()))
	assert.Empty(t, g.Callbacks())
	_, err := g.Notify(t.Context(), "1")
	require.ErrorContains(t, err, "no Transport")
}

func TestConnPayCallbackConfigIsChecked(t *testing.T) {
	for rule, cfg := range map[string]sandbox.ConnPayCallbacks{
		"below zero":             {Pauses: []time.Duration{time.Second, -1}},
		"callbacks is below":     {Timeout: -1},
		`no parameter "orderID"`: {Names: map[string]string{"orderID": "id"}},
		`no parameter "orderid"`: {Names: map[string]string{"orderid": ""}},
	} {
		_, err := sandbox.StartConnPay(sandbox.ConnPayConfig{Key: &testKey().PublicKey, Callbacks: cfg})
		require.ErrorContains(t, err, rule)
	}
}

// The log of callbacks names no path, no parameter and no key.
func TestConnPayCallbackLogIsClean(t *testing.T) {
	p := &party{}
	inMemory(t, p, sandbox.ConnPayConfig{}, func(t *testing.T, g *gatewayTest) {
		g.post("/paynet/api/v4/payout/39915", "credit_card_number=4111111111111111&cvv2=9757&expire_month=12&expire_year=2034&amount=1&currency=USD&client_orderid=p-1"+
			"&merchant_data=their-own-business&server_callback_url="+url.QueryEscape("http://user:pass-4711@localhost:8080/path-4711?token=t-4711"))
		g.Finish("p-1")
		synctest.Wait()
		require.Len(t, p.got(), 1)
		control := p.got()[0].values.Get("control")
		require.Len(t, control, 40)
		r := &recorder{}
		r.Errorf("%v %+v %#v\n", g.Callbacks(), g.Callbacks(), g.Callbacks())
		assert.Equal(r, nil, g.Callbacks())
		text := r.String() + known(t, g.Server)
		require.Contains(t, text, "p-1")
		for _, secret := range []string{"4111111111111111", "9757", "their-own-business", "4711", control, "test-merchant-control"} {
			assert.False(t, strings.Contains(text, secret), secret)
		}
	})
}
