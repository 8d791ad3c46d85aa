package provider_test

import (
	"crypto/tls"
	"crypto/x509"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/provider"
)

func TestWhatTheLinkOffersInTLS(t *testing.T) {
	config := serverTLS(t)
	config.NextProtos = []string{"h2", "http/1.1"}
	hello := make(chan tls.ClientHelloInfo, 1)
	config.GetConfigForClient = func(info *tls.ClientHelloInfo) (*tls.Config, error) {
		hello <- *info
		return nil, nil
	}
	negotiated := make(chan string, 1)
	b := openBank(t, config, func(x *exchange) {
		negotiated <- x.Conn.(*tls.Conn).ConnectionState().NegotiatedProtocol
		answering(x)
	})
	_, err := link(t, b.url, provider.HTTP{}).Do(t.Context(), post())
	require.NoError(t, err)
	offered := <-hello
	assert.NotContains(t, offered.SupportedProtos, "h2")
	assert.NotEqual(t, "h2", <-negotiated)
	assert.EqualValues(t, tls.VersionTLS12, slices.Min(offered.SupportedVersions))
	assert.EqualValues(t, tls.VersionTLS13, slices.Max(offered.SupportedVersions))
}

func TestTLSVersionsThatAreAccepted(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			config := serverTLS(t)
			config.MinVersion, config.MaxVersion = version, version
			b := openBank(t, config, answering)
			_, err := link(t, b.url, provider.HTTP{}).Do(t.Context(), post())
			require.NoError(t, err)
		})
	}
}

func TestClientCertificate(t *testing.T) {
	own := trusted().certificate(t, func(c *x509.Certificate) { c.Subject.CommonName = "the platform" })
	config := serverTLS(t)
	config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, trusted().roots()
	name := make(chan string, 1)
	b := openBank(t, config, func(x *exchange) {
		name <- x.Conn.(*tls.Conn).ConnectionState().PeerCertificates[0].Subject.CommonName
		answering(x)
	})
	_, err := link(t, b.url, provider.HTTP{
		ClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &own, nil },
	}).Do(t.Context(), post())
	require.NoError(t, err)
	assert.Equal(t, "the platform", <-name)
}
