package sandbox_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// callback is a call as the connecting party gets it.
type callback struct {
	method, path string
	kind         string // Content-Type
	values       url.Values
	at           time.Time
}

// party is a connecting party that takes callbacks.
type party struct {
	mu     sync.Mutex
	calls  []callback
	answer func(w http.ResponseWriter, r *http.Request, n int) // to the nth call, from 1; nil is 200
}

func (p *party) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	values := r.URL.Query()
	if len(body) > 0 {
		if values, err = url.ParseQuery(string(body)); err != nil {
			return
		}
	}
	p.mu.Lock()
	p.calls = append(p.calls, callback{r.Method, r.URL.Path, r.Header.Get("Content-Type"), values, time.Now()})
	n := len(p.calls)
	p.mu.Unlock()
	if p.answer != nil {
		p.answer(w, r, n)
	}
}

func (p *party) got() []callback {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]callback{}, p.calls...)
}

// told is what was told, in order: reference and status.
func (p *party) told() (all []string) {
	for _, c := range p.got() {
		all = append(all, c.values.Get("client_orderid")+" "+c.values.Get("status"))
	}
	return all
}

// inMemory runs a gateway and a party in a bubble, where no socket is opened and no
// real time passes. The party is at http://localhost:8080.
func inMemory(t *testing.T, p *party, cfg sandbox.ConnPayConfig, test func(t *testing.T, g *gatewayTest)) {
	t.Helper()
	key := testKey() // made outside
	synctest.Test(t, func(t *testing.T) {
		pipe, there := bank.NewPipe(), bank.NewPipe()
		server := &http.Server{Handler: p}
		var served sync.WaitGroup
		served.Go(func() { _ = server.Serve(there) })
		t.Cleanup(func() {
			_ = server.Close()
			served.Wait()
		})
		cfg.Bank.Listener, cfg.Key = pipe, &key.PublicKey
		cfg.Callbacks.Transport = &http.Transport{DialContext: there.DialContext}
		g, err := sandbox.StartConnPay(cfg)
		require.NoError(t, err)
		t.Cleanup(g.Close)
		transport := &http.Transport{DialContext: pipe.DialContext, TLSClientConfig: &tls.Config{RootCAs: g.Roots(), MinVersion: tls.VersionTLS12}}
		t.Cleanup(transport.CloseIdleConnections)
		test(t, &gatewayTest{ConnPay: g, t: t, client: &http.Client{Transport: transport}})
	})
}

const here = "&server_callback_url=http%3A%2F%2Flocalhost%3A8080%2Fcb%3Ftenant%3D7"

// pay makes a payout that is to be called back about.
func (g *gatewayTest) pay(reference, more string) {
	g.t.Helper()
	a := g.post("/paynet/api/v4/payout/39915", "account_number="+sandbox.AccountApproved+"&amount=10.42&currency=USD&client_orderid="+reference+here+more)
	require.Contains(g.t, a.body, "async-response")
}
