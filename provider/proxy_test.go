package provider_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// overheard is what passed through a proxy.
type overheard struct {
	mu    sync.Mutex
	bytes bytes.Buffer
}

func (o *overheard) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.bytes.Write(b)
}

// tunnel serves CONNECT, whatever the name: every host is where dial leads.
func tunnel(dial func(context.Context, string, string) (net.Conn, error), o *overheard) func(*exchange) {
	return func(x *exchange) {
		if !x.request() {
			return
		}
		far, err := dial(context.Background(), "", "")
		if err != nil {
			return
		}
		defer far.Close()
		x.say("HTTP/1.1 200 Connection established\r\n\r\n")
		var back sync.WaitGroup
		back.Go(func() {
			_, _ = io.Copy(x.Conn, far)
			_ = x.Close()
		})
		_, _ = io.Copy(io.MultiWriter(far, o), x.in)
		_ = far.Close()
		back.Wait()
	}
}

// proxies are the two ways to reach a proxy: openly, and by TLS of its own.
var proxies = []struct {
	scheme string
	config func(testing.TB) *tls.Config
}{
	{"http", func(testing.TB) *tls.Config { return nil }},
	{"https", serverTLS},
}

func proxyBy(scheme string) func(*http.Request) (*url.URL, error) {
	return http.ProxyURL(&url.URL{Scheme: scheme, Host: "bank.test:3128", User: url.UserPassword("us", "proxy-password")})
}

// behind opens a bank, a proxy before it and a link through that, all in memory.
func behind(t *testing.T, scheme string, config *tls.Config, proxyConfig *tls.Config, serve func(*exchange)) (b, proxy *bank, heard *overheard, l *provider.Link) {
	heard = &overheard{}
	b, way := openPipeBank(t, config, serve)
	proxy, near := openPipeBank(t, proxyConfig, tunnel(way.dial, heard))
	return b, proxy, heard, link(t, pipeURL, provider.HTTP{Dial: near.dial, Proxy: proxyBy(scheme)})
}

func TestThroughAProxy(t *testing.T) {
	for _, through := range proxies {
		t.Run(through.scheme, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, proxy, heard, l := behind(t, through.scheme, serverTLS(t), through.config(t), answering)
				for range 3 {
					_, err := l.Do(t.Context(), post())
					require.NoError(t, err)
				}
				l.CloseIdle()

				connects := proxy.drained()
				require.Len(t, connects, 1, "the tunnel is used again")
				assert.Equal(t, http.MethodConnect, connects[0].method)
				assert.Equal(t, "bank.test:443", connects[0].host)
				assert.Equal(t, "Basic dXM6cHJveHktcGFzc3dvcmQ=", connects[0].header.Get("Proxy-Authorization"))
				assert.Empty(t, connects[0].header.Get("Authorization"))

				arrived := b.drained()
				require.Len(t, arrived, 3)
				assert.Empty(t, arrived[0].header.Get("Proxy-Authorization"))
				assert.Equal(t, payBody, arrived[0].body)
				assert.NotEmpty(t, heard.bytes.String())
				for _, secret := range secrets {
					assert.NotContains(t, heard.bytes.String(), secret)
				}
			})
		})
	}
}

// The counter must not take the way to the bank for the call, nor the call for the way.
func TestWhatFailsBehindAProxy(t *testing.T) {
	for _, through := range proxies {
		for _, c := range []struct {
			name   string
			server func(testing.TB) *tls.Config
			serve  func(*exchange)
			kind   payout.ErrorKind
			calls  int // that went well before
			seen   int
		}{
			{"answer lost", serverTLS, says(""), payout.ErrOutcomeUnknown, 0, 1},
			{"answer lost on a reused connection", serverTLS, warm(says("")), payout.ErrOutcomeUnknown, 1, 2},
			{"truncated", serverTLS, says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"), payout.ErrOutcomeUnknown, 0, 1},
			{"wrong host", func(t testing.TB) *tls.Config {
				return &tls.Config{Certificates: []tls.Certificate{trusted().certificate(t, func(c *x509.Certificate) { c.DNSNames = []string{"other.test"} })}}
			}, answering, payout.ErrNotSent, 0, 0},
			{"no TLS", func(testing.TB) *tls.Config { return nil }, func(x *exchange) { x.touch() }, payout.ErrNotSent, 0, 0},
		} {
			t.Run(through.scheme+" "+c.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					b, _, _, l := behind(t, through.scheme, c.server(t), through.config(t), c.serve)
					for range c.calls {
						_, err := l.Do(t.Context(), post())
						require.NoError(t, err)
					}
					_, err := l.Do(t.Context(), post())
					proves(t, err, c.kind)
					l.CloseIdle()
					assert.Len(t, b.drained(), c.seen)
				})
			})
		}
	}
}

// Behind a proxy that is itself reached by TLS nobody can see whether the bank said
// goodbye, or the connection was cut.
func TestABodyWithoutLengthBehindAProxy(t *testing.T) {
	for _, through := range proxies {
		t.Run(through.scheme, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, _, _, l := behind(t, through.scheme, serverTLS(t), through.config(t), says("HTTP/1.1 200 OK\r\n\r\n{}"))
				a, err := l.Do(t.Context(), post())
				if through.scheme == "https" {
					e := proves(t, err, payout.ErrOutcomeUnknown)
					assert.Equal(t, 200, e.HTTPStatus)
					return
				}
				require.NoError(t, err)
				assert.Equal(t, "{}", string(a.Body))
			})
		})
	}
}

func proxyAt(scheme string, b *bank) func(*http.Request) (*url.URL, error) {
	return http.ProxyURL(&url.URL{Scheme: scheme, Host: b.listen.Addr().String()})
}

// On a real network, and by name: the proxy resolves it.
func TestThroughARealProxy(t *testing.T) {
	for _, through := range proxies {
		t.Run(through.scheme, func(t *testing.T) {
			b := openBank(t, serverTLS(t), answering)
			proxy := openBank(t, through.config(t), tunnel(func(ctx context.Context, _, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, "tcp", b.listen.Addr().String())
			}, &overheard{}))
			l := link(t, "https://bank.test:8443", provider.HTTP{Proxy: proxyAt(through.scheme, proxy)})
			_, err := l.Do(t.Context(), post())
			require.NoError(t, err)
			l.CloseIdle()
			assert.Len(t, b.drained(), 1)
			connects := proxy.drained()
			require.Len(t, connects, 1)
			assert.Equal(t, "bank.test:8443", connects[0].host)
		})
	}
}

func TestNotSentWhenAProxyRefuses(t *testing.T) {
	for _, through := range proxies {
		for _, c := range []struct{ name, said, detail string }{
			{"403", "HTTP/1.1 403 s3cret-password\r\n\r\n", "the proxy refused to connect"},
			{"407", "HTTP/1.1 407 4111111111111111\r\n\r\n", "the proxy refused to connect"},
			{"502", "HTTP/1.1 502\r\n\r\n", "the proxy refused to connect"},
			{"a redirect", "HTTP/1.1 302 Found\r\nLocation: https://bank.test/\r\n\r\n", "the proxy refused to connect"},
			{"closes", "", "no connection"},
			{"rubbish", "s3cret-password\r\n\r\n", "no connection"},
		} {
			t.Run(through.scheme+" "+c.name, func(t *testing.T) {
				proxy := openBank(t, through.config(t), says(c.said))
				l := link(t, "https://bank.test", provider.HTTP{Proxy: proxyAt(through.scheme, proxy)})
				_, err := l.Do(t.Context(), post())
				e := proves(t, err, payout.ErrNotSent)
				assert.Equal(t, c.detail, e.Detail)
				l.CloseIdle()
				requests := proxy.drained()
				require.Len(t, requests, 1)
				assert.Equal(t, http.MethodConnect, requests[0].method)
			})
		}
	}
}

// A proxy that can't be trusted never learns the password for it.
func TestNotSentWhenTheProxyItselfIsNotTrusted(t *testing.T) {
	proxy := openBank(t, &tls.Config{Certificates: []tls.Certificate{newAuthority().certificate(t, nil)}}, answering)
	l := link(t, "https://bank.test", provider.HTTP{Proxy: proxyAt("https", proxy)})
	_, err := l.Do(t.Context(), post())
	e := proves(t, err, payout.ErrNotSent)
	assert.Equal(t, "TLS: the certificate is signed by an unknown authority", e.Detail)
	l.CloseIdle()
	assert.Empty(t, proxy.drained())
}

// net/http reads the environment once in the life of a process: the test is a
// process of its own.
func TestTheEnvironmentsProxiesAreIgnored(t *testing.T) {
	const inside = "PROVIDER_TEST_INSIDE"
	if os.Getenv(inside) == "" {
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		c.Env = append(os.Environ(), inside+"=1", "NO_PROXY=", "no_proxy=")
		for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
			c.Env = append(c.Env, name+"=http://proxy.test:3128")
		}
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Contains(t, string(out), "--- PASS: "+t.Name())
		return
	}
	var dialled []string
	_, err := link(t, "https://bank.test", provider.HTTP{Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		dialled = append(dialled, address)
		return nil, errNoDial
	}}).Do(t.Context(), post())
	proves(t, err, payout.ErrNotSent)
	assert.Equal(t, []string{"bank.test:443"}, dialled)
}

// What chooses the proxy sees an address, and can't reach into the call.
func TestTheChoiceOfAProxySeesTheAddressAlone(t *testing.T) {
	b := openBank(t, serverTLS(t), answering)
	var seen *http.Request
	l := link(t, b.url, provider.HTTP{Proxy: func(r *http.Request) (*url.URL, error) {
		clone := *r
		seen = &clone
		address := *r.URL
		seen.URL = &address
		r.Method, r.URL.Path, r.Host = "GET", "/elsewhere", "elsewhere"
		r.Header.Set("Idempotency-Key", "1")
		return nil, nil
	}})
	_, err := l.Do(t.Context(), post())
	require.NoError(t, err)
	assert.Equal(t, "POST", seen.Method)
	assert.Equal(t, b.url+"/pay", seen.URL.String())
	assert.Empty(t, seen.Header.Get("Authorization"))
	assert.Nil(t, seen.Body)
	l.CloseIdle()
	arrived := b.drained()
	require.Len(t, arrived, 1)
	assert.Equal(t, "POST", arrived[0].method)
	assert.Equal(t, "/pay", arrived[0].path)
	assert.Empty(t, arrived[0].header.Get("Idempotency-Key"))
}
