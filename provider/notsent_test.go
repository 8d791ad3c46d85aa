package provider_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// Each way to fail before a byte of the call has left: ErrNotSent, and a bank that
// has seen no request.

func TestNotSentWhenThereIsNoConnection(t *testing.T) {
	quoting := errors.New("the dialer's own words: 4111111111111111 s3cret-password")
	for _, c := range []struct {
		name   string
		h      provider.HTTP
		detail string
		cause  error
	}{
		{name: "refused", detail: "connection refused", cause: syscall.ECONNREFUSED},
		{name: "no such host", detail: "the host's name can't be resolved", h: provider.HTTP{
			Dial: (&net.Dialer{Resolver: &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
				return nil, quoting
			}}}).DialContext,
		}},
		{name: "the dialer fails", detail: "no connection", h: provider.HTTP{
			Dial: func(context.Context, string, string) (net.Conn, error) { return nil, quoting },
		}},
		{name: "the dialer returns nothing", detail: "no connection", h: provider.HTTP{
			Dial: func(context.Context, string, string) (net.Conn, error) { return nil, nil },
		}},
		{name: "the choice of a proxy fails", detail: "no connection", h: provider.HTTP{
			Proxy: func(*http.Request) (*url.URL, error) { return nil, quoting },
		}},
		{name: "the proxy can't be reached", detail: "connection refused", cause: syscall.ECONNREFUSED, h: provider.HTTP{
			Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: "127.0.0.1:1"}),
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			address := "https://127.0.0.1:1" // tcpmux: nobody listens
			if c.h.Dial != nil {
				address = "https://bank.invalid"
			}
			_, err := link(t, address, c.h).Do(t.Context(), post())
			e := proves(t, err, payout.ErrNotSent)
			assert.Equal(t, c.detail, e.Detail)
			assert.Equal(t, c.cause, e.Err)
		})
	}
}

func TestNotSentWhenTLSFails(t *testing.T) {
	with := func(change func(*x509.Certificate)) func(*testing.T) *tls.Config {
		return func(t *testing.T) *tls.Config {
			return &tls.Config{Certificates: []tls.Certificate{trusted().certificate(t, change)}}
		}
	}
	for _, c := range []struct {
		name   string
		server func(*testing.T) *tls.Config
		detail string
	}{
		{"expired", with(func(c *x509.Certificate) { c.NotAfter = early.Add(time.Hour) }), "TLS: the certificate is not valid"},
		{"not yet valid", with(func(c *x509.Certificate) { c.NotBefore = late.Add(-time.Hour) }), "TLS: the certificate is not valid"},
		{"wrong host", with(func(c *x509.Certificate) { c.IPAddresses = nil }), "TLS: the certificate is for another host"},
		{"not for servers", with(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), "TLS: the certificate is not valid"},
		{"unknown authority", func(t *testing.T) *tls.Config {
			return &tls.Config{Certificates: []tls.Certificate{newAuthority().certificate(t, nil)}}
		}, "TLS: the certificate is signed by an unknown authority"},
		{"TLS 1.1 alone", func(t *testing.T) *tls.Config {
			c := serverTLS(t)
			c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
			return c
		}, "TLS: the handshake failed"},
		{"a client certificate is missing", func(t *testing.T) *tls.Config {
			c := serverTLS(t)
			c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12
			return c
		}, "TLS: the handshake failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := openBank(t, c.server(t), answering)
			l := link(t, b.url, provider.HTTP{})
			_, err := l.Do(t.Context(), post())
			e := proves(t, err, payout.ErrNotSent)
			assert.Equal(t, c.detail, e.Detail)
			l.CloseIdle()
			assert.Empty(t, b.drained())
			assert.Equal(t, 1, b.connections())
		})
	}
}

func TestNotSentWhenTheOtherSideDoesNotSpeakTLS(t *testing.T) {
	for _, c := range []struct {
		name  string
		serve func(*exchange)
	}{
		{"plain HTTP", func(x *exchange) {
			_, _ = x.in.ReadByte()
			x.say("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
			x.untilClosed()
		}},
		{"closes at once", func(x *exchange) { _, _ = x.in.ReadByte() }},
		{"resets at once", func(x *exchange) { _, _ = x.in.ReadByte(); x.reset() }},
		{"rubbish", func(x *exchange) { x.say("\x15\x03\x01\xff\xff\xff\xff"); x.untilClosed() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := openBank(t, nil, c.serve)
			l := link(t, b.url, provider.HTTP{})
			_, err := l.Do(t.Context(), post())
			e := proves(t, err, payout.ErrNotSent)
			assert.Equal(t, "TLS: the handshake failed", e.Detail)
			l.CloseIdle()
			assert.Empty(t, b.drained())
		})
	}
}

// ErrNotSent says that the same call may be made again: here it is, and arrives once.
func TestALinkWorksAfterACallThatWasNotSent(t *testing.T) {
	b := openBank(t, serverTLS(t), answering)
	down := true
	l := link(t, b.url, provider.HTTP{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		if down {
			return nil, syscall.EHOSTUNREACH
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}})
	_, err := l.Do(t.Context(), post())
	proves(t, err, payout.ErrNotSent)
	require.ErrorIs(t, err, syscall.EHOSTUNREACH)

	down = false
	a, err := l.Do(t.Context(), post())
	require.NoError(t, err)
	assert.Equal(t, provider.Answer{Status: 200, Header: http.Header{"Content-Length": {"2"}}, Body: []byte("{}")}, a)
	l.CloseIdle()
	require.Len(t, b.drained(), 1)
	assert.Equal(t, payBody, b.drained()[0].body)
}

func TestNotSentWhenTheContextHasEnded(t *testing.T) {
	cancelled, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("a cause of the caller's: s3cret-password"))
	late, cancelLate := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer cancelLate()
	for _, c := range []struct {
		name string
		ctx  context.Context
		is   error
	}{
		{"cancelled", cancelled, context.Canceled},
		{"past its deadline", late, context.DeadlineExceeded},
	} {
		t.Run(c.name, func(t *testing.T) {
			dialled := false
			l := link(t, "https://bank.test", provider.HTTP{Dial: func(context.Context, string, string) (net.Conn, error) {
				dialled = true
				return nil, syscall.ECONNREFUSED
			}})
			_, err := l.Do(c.ctx, post())
			e := proves(t, err, payout.ErrNotSent)
			assert.Equal(t, c.is, e.Err)
			assert.False(t, dialled)
		})
	}
}
