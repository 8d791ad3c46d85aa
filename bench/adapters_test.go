package bench

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// A sending is a payout that is made in two ways: by an adapter, and by what anybody would
// write who needs nothing but that one request: net/http and encoding/json, or a form.
// Both send the same bytes to the same server, which answers with the same bytes.
type sending struct {
	name   string
	path   string // of the request
	answer string
	// signed says that the Authorization header differs from one request to the next.
	signed  bool
	request payout.Request
	open    func(baseURL string, h provider.HTTP) (payout.Provider, error)
	bare    func(client *http.Client, url string) func(ctx context.Context) error
}

// key is the one that requests are signed with: 2048 bits.
var key = func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(nil, 2048)
	if err != nil {
		log.Panic(err)
	}
	return k
}()

func keyPEM() payout.Secret {
	return payout.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})))
}

// contest is a sending with its server running.
type contest struct {
	ours, bare           func() error
	oursDials, bareDials *atomic.Int64
	arrived              atomic.Pointer[arrival] // what arrived last, if it is kept
	keep                 bool
}

type arrival struct {
	target string
	header http.Header
	body   string
}

func (c *contest) serve(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		if c.keep {
			c.arrived.Store(&arrival{r.Method + " " + r.RequestURI, r.Header.Clone(), string(body)})
		}
		_, _ = io.WriteString(w, answer)
	}
}

func start(tb testing.TB, s sending) *contest {
	c := &contest{oursDials: new(atomic.Int64), bareDials: new(atomic.Int64)}
	server := httptest.NewUnstartedServer(c.serve(s.answer))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	tb.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())

	p, err := s.open(server.URL, provider.HTTP{Roots: roots, Dial: counting(c.oursDials)})
	require.NoError(tb, err)
	tb.Cleanup(p.(interface{ CloseIdleConnections() }).CloseIdleConnections)
	client := payout.NewClient(p)
	c.ours = func() error {
		_, err := client.Create(context.Background(), s.request)
		return err
	}

	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	transport := &http.Transport{
		DialContext: counting(c.bareDials), TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		Protocols: protocols, DisableCompression: true, IdleConnTimeout: 5 * time.Second,
	}
	tb.Cleanup(transport.CloseIdleConnections)
	send := s.bare(&http.Client{Transport: transport, Timeout: time.Minute}, server.URL+s.path)
	c.bare = func() error { return send(context.Background()) }
	for _, warm := range []func() error{c.ours, c.bare} {
		require.NoError(tb, warm())
	}
	return c
}

func counting(dials *atomic.Int64) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		dials.Add(1)
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
}

// send is the bare way to send a body and to read what comes back.
func send(ctx context.Context, client *http.Client, url string, header http.Header, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header = header
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// BenchmarkCreate makes each payout in both ways.
func BenchmarkCreate(b *testing.B) {
	for _, s := range sendings {
		b.Run(s.name, func(b *testing.B) { create(b, s) })
	}
}

// create makes a payout in both ways by turns, so that a slow phase of the machine meets
// both, and compares the medians. The server is in the same process, and its work is part of
// both. added-ns/op is what the adapter takes more.
func create(b *testing.B, s sending) {
	c := start(b, s)
	var ours, bare []float64
	for b.Loop() {
		begin := time.Now()
		if err := c.ours(); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		if err := c.bare(); err != nil {
			b.Fatal(err)
		}
		ours, bare = append(ours, float64(middle.Sub(begin))), append(bare, float64(time.Since(middle)))
	}
	x, y := median(ours), median(bare)
	b.ReportMetric(x, "ns/op") // without the bare one
	b.ReportMetric(x-y, "added-ns/op")
	b.ReportMetric(x/y, "x-bare")
	b.ReportMetric(allocations(b, c.ours)-allocations(b, c.bare), "added-allocs/op")
	b.ReportMetric(float64(c.oursDials.Load()), "dials")
}

func median(figures []float64) float64 {
	slices.Sort(figures)
	return figures[len(figures)/2]
}

// BenchmarkCreateAlone is for profiles.
func BenchmarkCreateAlone(b *testing.B) {
	for _, s := range sendings {
		for _, way := range []string{"adapter", "bare"} {
			b.Run(s.name+"/"+way, func(b *testing.B) {
				c := start(b, s)
				call := c.ours
				if way == "bare" {
					call = c.bare
				}
				b.ReportAllocs()
				for b.Loop() {
					if err := call(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// allocations are those of one call, the server's among them.
func allocations(tb testing.TB, call func() error) float64 {
	return testing.AllocsPerRun(200, func() {
		if err := call(); err != nil {
			tb.Fatal(err)
		}
	})
}

// A ratio says something only if both ways send the same.
func TestSameBytes(t *testing.T) {
	for _, s := range sendings {
		t.Run(s.name, func(t *testing.T) {
			c := start(t, s)
			c.keep = true
			require.NoError(t, c.ours())
			ours := *c.arrived.Load()
			require.NoError(t, c.bare())
			bare := *c.arrived.Load()
			if s.signed {
				for _, a := range []arrival{ours, bare} {
					assert.True(t, strings.HasPrefix(a.header.Get("Authorization"), "OAuth "))
					a.header.Del("Authorization")
				}
			}
			assert.Equal(t, bare, ours)
			assert.Equal(t, int64(1), c.oursDials.Load(), "connections of the adapter's")
			assert.Equal(t, int64(1), c.bareDials.Load())
		})
	}
}
