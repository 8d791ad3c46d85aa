package adapters_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// authority is who signs the certificates of these tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{key: newKey(t)}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	require.NoError(t, err)
	a.cert, err = x509.ParseCertificate(der)
	require.NoError(t, err)
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

func (a *authority) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// certificate is one for bank.test and 127.0.0.1, but for what is changed. It is signed by
// itself if a is nil.
func (a *authority) certificate(t *testing.T, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "bank.test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"bank.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if change != nil {
		change(template)
	}
	key := newKey(t)
	parent, signer := template, key
	if a != nil {
		parent, signer = a.cert, a.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// wiretap notes what arrives.
type wiretap struct {
	mu    sync.Mutex
	bytes bytes.Buffer
}

func (w *wiretap) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bytes.Write(b)
}

func (w *wiretap) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bytes.String()
}

// listen serves each connection on a port of its own until the test ends, over TLS unless
// config is nil.
func listen(t *testing.T, config *tls.Config, serve func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var busy sync.WaitGroup
	busy.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			busy.Go(func() {
				defer c.Close()
				if config == nil {
					serve(c)
					return
				}
				secure := tls.Server(c, config)
				if secure.HandshakeContext(t.Context()) == nil {
					serve(secure)
				}
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		busy.Wait()
	})
	return l.Addr().String()
}

// hears is a bank that notes the first bytes of what it is told, inside of TLS, and hangs up.
func hears(w *wiretap) func(net.Conn) {
	return func(c net.Conn) { _, _ = io.CopyN(w, c, 1) }
}

// connects is a proxy that leads every CONNECT to one address, and notes what passes it.
func connects(to string, asked, passed *wiretap) func(net.Conn) {
	return func(c net.Conn) {
		in := bufio.NewReader(c)
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.WriteString(asked, r.Method+" "+r.Host+" "+r.Header.Get("Proxy-Authorization")+"\n")
		far, err := net.Dial("tcp", to)
		if err != nil {
			return
		}
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
		var back sync.WaitGroup
		back.Go(func() {
			_, _ = io.Copy(c, far)
			_ = c.Close()
		})
		_, _ = io.Copy(io.MultiWriter(far, passed), in)
		_ = far.Close()
		back.Wait()
	}
}

// calls are all that a rail's adapter says to its bank.
func (s subject) calls() map[string]func(context.Context) error {
	out := map[string]func(context.Context) error{
		"Create": func(ctx context.Context) error { _, err := s.client.Create(ctx, s.request("p-1")); return err },
		"Find":   func(ctx context.Context) error { _, err := s.client.Find(ctx, s.request("p-1").Ref()); return err },
	}
	card := payout.SaveCardRequest{Reference: "s-1", OwnerID: "c-1", Card: payout.Card{Number: secret(pan)}}
	own := card
	own.Card.Expiry, own.CVV = secret("2034-12"), secret("826")
	for ability, call := range map[payout.Ability]func(context.Context) error{
		payout.AbilityBalances: func(ctx context.Context) error {
			_, err := s.client.Balances(ctx, payout.Source{})
			return err
		},
		payout.AbilityPing:           s.client.Ping,
		payout.AbilitySaveCard:       func(ctx context.Context) error { _, err := s.client.SaveCard(ctx, card); return err },
		payout.AbilitySaveSourceCard: func(ctx context.Context) error { _, err := s.client.SaveSourceCard(ctx, own); return err },
	} {
		if s.client.Supports(ability) {
			out[string(ability)] = call
		}
	}
	return out
}

// at is a rail whose bank is at an address.
func (r rail) at(t *testing.T, base string, h provider.HTTP) subject {
	t.Helper()
	p, _, err := r.open(base+r.path, h)
	require.NoError(t, err)
	t.Cleanup(p.CloseIdleConnections)
	return subject{rail: r, client: payout.NewClient(p)}
}

// Every call of every adapter, whichever way it takes, gives up before its first byte where
// the bank's certificate or its TLS is not right; and says that nothing was sent.
func TestNobodyElseIsTold(t *testing.T) {
	ours, others := newAuthority(t), newAuthority(t)
	with := func(a *authority, change func(*x509.Certificate)) *tls.Config {
		return &tls.Config{Certificates: []tls.Certificate{a.certificate(t, change)}}
	}
	old := func(version uint16) *tls.Config {
		c := with(ours, nil)
		c.MinVersion, c.MaxVersion = version, version
		return c
	}
	demanding := with(ours, nil)
	demanding.ClientAuth, demanding.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12
	for _, c := range []struct {
		name   string
		server *tls.Config
	}{
		{"expired", with(ours, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })},
		{"not valid yet", with(ours, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) })},
		{"for another host", with(ours, func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{"bank.example"}, nil })},
		{"not for servers", with(ours, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })},
		{"signed by a stranger", with(others, nil)},
		{"signed by itself", with(nil, nil)},
		{"TLS 1.0", old(tls.VersionTLS10)},
		{"TLS 1.1", old(tls.VersionTLS11)},
		{"no TLS", nil},
		{"wants a certificate of ours", demanding},
	} {
		t.Run(c.name, func(t *testing.T) {
			told := &wiretap{}
			serve := hears(told)
			if c.server == nil {
				serve = func(conn net.Conn) { _, _ = io.CopyN(io.Discard, conn, 5) } // of TLS
			}
			bank := listen(t, c.server, serve)
			asked, passed := &wiretap{}, &wiretap{}
			proxy := listen(t, nil, connects(bank, asked, passed))
			secureProxy := listen(t, with(ours, nil), connects(bank, asked, passed))
			for way, h := range map[string]provider.HTTP{
				"directly":        {},
				"through a proxy": {Proxy: proxyAt("http", proxy)}, "through a proxy with TLS": {Proxy: proxyAt("https", secureProxy)},
			} {
				base := "https://" + bank
				if h.Proxy != nil {
					base = "https://bank.test" // which the proxy resolves
				}
				h.Roots = ours.roots()
				for _, r := range rails {
					for name, call := range r.at(t, base, h).calls() {
						requireNotSent(t, call(t.Context()), r.name, name, way)
					}
				}
			}
			require.Empty(t, told.String(), "of what is said inside of TLS")
			require.Contains(t, asked.String(), "CONNECT bank.test:443 Basic ")
			for _, s := range secrets {
				require.NotContains(t, passed.String(), s)
			}
		})
	}
}

func requireNotSent(t *testing.T, err error, what ...string) {
	t.Helper()
	require.ErrorIs(t, err, payout.ErrNotSent, what)
	require.True(t, payout.SafeToRetry(err), what)
	requireOpaque(t, "error", err)
}

func proxyAt(scheme, address string) func(*http.Request) (*url.URL, error) {
	return http.ProxyURL(&url.URL{Scheme: scheme, Host: address, User: url.UserPassword("us", "proxy-password")})
}

// A proxy that is not who it should be learns neither the way, nor its password.
func TestNobodyElseIsTheProxy(t *testing.T) {
	ours := newAuthority(t)
	for name, certificate := range map[string]tls.Certificate{
		"expired":              ours.certificate(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }),
		"for another host":     ours.certificate(t, func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{"proxy.example"}, nil }),
		"signed by a stranger": newAuthority(t).certificate(t, nil),
	} {
		t.Run(name, func(t *testing.T) {
			told := &wiretap{}
			proxy := listen(t, &tls.Config{Certificates: []tls.Certificate{certificate}}, hears(told))
			for _, r := range rails {
				for name, call := range r.at(t, "https://bank.test", provider.HTTP{Roots: ours.roots(), Proxy: proxyAt("https", proxy)}).calls() {
					requireNotSent(t, call(t.Context()), r.name, name)
				}
			}
			require.Empty(t, told.String())
		})
	}
}

// A bank that wants to know who calls is shown the certificate of the configuration, by
// every call; somebody who is not the bank is not; and without the key nothing is sent.
func TestCertificateOfOurs(t *testing.T) {
	ours := newAuthority(t)
	own := ours.certificate(t, func(c *x509.Certificate) { c.Subject.CommonName = "the platform" })
	shown := func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &own, nil }
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			config := func(a *authority) *tls.Config {
				return &tls.Config{
					Certificates: []tls.Certificate{a.certificate(t, nil)}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ours.roots(),
					MinVersion: version, MaxVersion: version,
				}
			}
			told := &wiretap{}
			bank := listen(t, config(ours), func(c net.Conn) {
				_, _ = io.WriteString(told, c.(*tls.Conn).ConnectionState().PeerCertificates[0].Subject.CommonName+"\n")
				_, _ = http.ReadRequest(bufio.NewReader(c))
			})
			for _, r := range rails {
				for name, call := range r.at(t, "https://"+bank, provider.HTTP{Roots: ours.roots(), ClientCertificate: shown}).calls() {
					before := len(told.String())
					assert.ErrorIs(t, call(t.Context()), payout.ErrOutcomeUnknown, "%s %s: the request was read, and not answered", r.name, name)
					assert.Equal(t, "the platform\n", told.String()[before:])
				}
			}

			asked := false
			other := listen(t, config(newAuthority(t)), hears(told))
			heard := told.String()
			for _, r := range rails {
				for name, call := range r.at(t, "https://"+other, provider.HTTP{Roots: ours.roots(), ClientCertificate: func(i *tls.CertificateRequestInfo) (*tls.Certificate, error) {
					asked = true
					return shown(i)
				}}).calls() {
					requireNotSent(t, call(t.Context()), r.name, name)
				}
				for name, call := range r.at(t, "https://"+bank, provider.HTTP{Roots: ours.roots(), ClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
					return nil, io.ErrUnexpectedEOF
				}}).calls() {
					requireNotSent(t, call(t.Context()), r.name, name)
				}
			}
			require.False(t, asked, "the certificate is not even looked for")
			require.Equal(t, heard, told.String())
		})
	}
}
