package conformance

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"

	"github.com/payoutkit/payout"
)

// prepared has the harness complete a request.
func (w *world) prepared(r payout.Request) payout.Request {
	if w.t.h.Prepare == nil {
		return r
	}
	out, err := w.t.h.Prepare(w.t.ctx, w.provider, r)
	if err != nil {
		w.t.fatalf("Harness.Prepare failed for a payout to %s: %v", r.Destination.Kind(), err)
	}
	return out
}

// act does what a payout waits for. Nothing may have moved before.
func (w *world) act(p payout.Payout) {
	w.t.Helper()
	if n := len(w.bank.Moved(p.Reference)); n > 0 {
		w.t.Errorf("somebody has to act first, and money moved %d times", n)
	}
	if p.Action.URL.IsZero() {
		w.t.fatalf("somebody has to act, and the payout does not say where")
	}
	w.t.lookAction(p)
	if w.t.h.Act == nil {
		w.t.fatalf("a payout is answered with %s, and Harness.Act is not given", p.Status)
	}
	browser := w.browser()
	defer browser.CloseIdleConnections()
	if err := w.t.h.Act(w.t.ctx, browser, p.Action); err != nil {
		w.t.fatalf("Harness.Act failed: %v", err)
	}
}

// browser is somebody's. A bank may name its pages by the host that it was reached
// through, which is the network's.
func (w *world) browser() *http.Client {
	transport := func(roots *x509.CertPool) *http.Transport {
		return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	}
	return &http.Client{
		Transport:     &window{network: w.net.url, through: transport(w.net.roots), direct: transport(w.bank.Roots())},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type window struct {
	network         string
	through, direct *http.Transport
}

// RoundTrip implements [http.RoundTripper].
func (b *window) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme+"://"+r.URL.Host == b.network {
		return b.through.RoundTrip(r)
	}
	return b.direct.RoundTrip(r)
}

// CloseIdleConnections is for [http.Client.CloseIdleConnections].
func (b *window) CloseIdleConnections() {
	b.through.CloseIdleConnections()
	b.direct.CloseIdleConnections()
}
