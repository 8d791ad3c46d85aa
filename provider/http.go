package provider

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"math"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/payoutkit/payout"
)

// HTTP is how an adapter reaches its bank. It is part of every adapter's Config:
// banks allow-list addresses, so platforms have proxies, roots and certificates of
// their own. Whatever is set here, the guards stay: https only, TLS 1.2 at least
// and certificates always checked, HTTP/1.1, no redirect followed, no request sent
// twice, nothing taken from the environment. That is why no RoundTripper can be
// given: one that retries pays twice.
//
// The zero value is ready to use. Nothing in it can be printed.
type HTTP struct {
	// Proxy is as in http.Transport; http.ProxyURL makes one. The request that it is
	// given has method and address alone. Nil: no proxy, whatever the environment says.
	Proxy func(*http.Request) (*url.URL, error)

	// Roots are the authorities trusted; nil: the system's.
	Roots *x509.CertPool

	// ClientCertificate is as tls.Config.GetClientCertificate.
	ClientCertificate func(*tls.CertificateRequestInfo) (*tls.Certificate, error)

	// Dial opens connections; nil: a net.Dialer. It must heed its context, which has a
	// deadline and no values, and must not return a connection that sends anything by
	// itself.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// Timeout bounds a whole call, from the dial to the last byte of the answer. 0: 60 s.
	Timeout time.Duration

	// ConnectTimeout bounds the dial and the TLS handshake, each. 0: 10 s. How long a
	// proxy takes to connect is bounded by Timeout.
	ConnectTimeout time.Duration

	// IdleTimeout is how long a connection is kept for the next call. Keep it below the
	// bank's: a connection that the bank closes just as it is used again looks like a
	// lost answer. 0: 5 s. Negative: connections are not reused. Only then is it certain
	// that net/http never writes a bank's bytes to the standard logger: it does so with
	// what arrives on an idle connection.
	IdleTimeout time.Duration

	// MaxAnswer bounds the body of an answer, in bytes. 0: 1 MiB.
	MaxAnswer int64
}

const (
	defaultTimeout        = 60 * time.Second
	defaultConnectTimeout = 10 * time.Second
	defaultIdleTimeout    = 5 * time.Second
	defaultMaxAnswer      = int64(1 << 20)
	maxHeader             = 64 << 10
)

// Open returns a Link to base, an absolute https address without query, such as
// https://api.example.com or https://gate.example.com/paynet. It does no I/O. The
// error is ErrInvalid and names base_url or the setting.
func (h HTTP) Open(base string) (*Link, error) { return h.open(base, nil) }

func (h HTTP) open(address string, connected func()) (*Link, error) {
	u, err := url.Parse(address)
	if err != nil {
		u = &url.URL{}
	}
	if err := Invalid(h.check(address, u)...); err != nil {
		return nil, err
	}
	transport := h.transport()
	base := *u
	base.Host, base.Path = strings.TrimSuffix(u.Host, ":"), cmp.Or(u.Path, "/")
	l := &line{
		transport: transport,
		base:      &base,
		timeout:   orDefault(h.Timeout, defaultTimeout),
		limit:     min(orDefault(h.MaxAnswer, defaultMaxAnswer), math.MaxInt64-1), // one more is read, to see that it is too much
		connected: connected,
	}
	return &Link{
		do:    l.do,
		close: transport.CloseIdleConnections,
		host:  strings.TrimSuffix(strings.ToLower(u.Host), ":443"),
	}, nil
}

func (h HTTP) check(base string, u *url.URL) []payout.Violation {
	var broken []payout.Violation
	if u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(base, "?#") {
		broken = append(broken, payout.Violation{Field: "base_url", Rule: "must be an absolute https address without user, query or fragment"})
	}
	const rule = "must not be negative"
	if h.Timeout < 0 {
		broken = append(broken, payout.Violation{Field: "http.timeout", Rule: rule})
	}
	if h.ConnectTimeout < 0 {
		broken = append(broken, payout.Violation{Field: "http.connect_timeout", Rule: rule})
	}
	if h.MaxAnswer < 0 {
		broken = append(broken, payout.Violation{Field: "http.max_answer", Rule: rule})
	}
	return broken
}

func (h HTTP) transport() *http.Transport {
	connect := orDefault(h.ConnectTimeout, defaultConnectTimeout)
	idle := orDefault(h.IdleTimeout, defaultIdleTimeout)
	dial := h.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  addressOnly(h.Proxy),
		OnProxyConnectResponse: onlyOpened,
		DialContext:            guarded(dial, connect),
		TLSHandshakeTimeout:    connect,
		TLSClientConfig: &tls.Config{
			MinVersion:           tls.VersionTLS12,
			RootCAs:              h.Roots,
			GetClientCertificate: h.ClientCertificate,
		},
		Protocols:              protocols,
		DisableCompression:     true,
		DisableKeepAlives:      idle < 0,
		IdleConnTimeout:        max(idle, 0),
		MaxIdleConnsPerHost:    64,
		MaxResponseHeaderBytes: maxHeader,
	}
}

// addressOnly keeps the headers and the body from proxy, which could read them, or
// set one that makes net/http send the request twice.
func addressOnly(proxy func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	if proxy == nil {
		return nil
	}
	return func(r *http.Request) (*url.URL, error) {
		address := *r.URL
		return proxy(&http.Request{Method: r.Method, URL: &address, Host: address.Host, Header: http.Header{}})
	}
}

// onlyOpened gives a proxy's refusal a name: net/http would return its text.
func onlyOpened(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return errProxy
	}
	return nil
}

func orDefault[T time.Duration | int64](given, otherwise T) T {
	if given == 0 {
		return otherwise
	}
	return given
}
