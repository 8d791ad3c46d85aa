package conformance

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"time"
)

// authority signs the network's certificates.
type authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

// flaw is what is wrong with a certificate.
type flaw string

const (
	valid     flaw = ""
	expired   flaw = "expired"
	early     flaw = "not valid yet"
	wrongHost flaw = "for another host"
	forOther  flaw = "not for servers"
)

func newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "conformance suite"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return &authority{key, cert}, err
}

func (a *authority) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

// certificate is one for 127.0.0.1, with a flaw.
func (a *authority) certificate(f flaw) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "bank"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	switch f {
	case expired:
		template.NotBefore, template.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
	case early:
		template.NotBefore = time.Now().Add(time.Hour)
	case forOther:
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	case wrongHost:
		template.IPAddresses, template.DNSNames = nil, []string{"bank.invalid"}
	}
	parent, signer := a.cert, a.key
	if f == itself {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

const (
	stranger flaw = "signed by a stranger"
	itself   flaw = "signed by itself"
	oldTLS   flaw = "offered with TLS 1.1 only"
)

// impostor is a bank's address where somebody else answers, with a flaw that a
// careful client sees. It trusts the same roots as n.
func (n *network) impostor(f flaw) (*network, error) {
	ca := n.ca
	kind := f
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	switch f {
	case stranger:
		other, err := newAuthority()
		if err != nil {
			return nil, err
		}
		ca, kind = other, valid
	case oldTLS:
		kind = valid
		config.MinVersion, config.MaxVersion = tls.VersionTLS11, tls.VersionTLS11 // #nosec G402 -- what is to be refused
	}
	certificate, err := ca.certificate(kind)
	if err != nil {
		return nil, err
	}
	config.Certificates = []tls.Certificate{certificate}
	return serve(n.bank, n.bankRoots, n.ca, config)
}
