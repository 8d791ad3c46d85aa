package config

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/provider"
)

// Account is a provider as the adapters make it.
type Account interface {
	payout.Provider
	CloseIdleConnections()
}

// Accounts makes the providers. It does no I/O but for reading secrets and certificates.
// The error names every one that is wrong.
func (f *File) Accounts(s Sources) ([]Account, error) {
	var out []Account
	var errs []error
	for i, p := range f.Providers {
		a, err := p.Account(s)
		if err != nil {
			errs = append(errs, each("providers: "+p.called(i), err))
			continue
		}
		out = append(out, a)
	}
	return out, errors.Join(errs...)
}

// each puts a name before every error of a joined one: each stands in a line of its own.
func each(name string, err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return fmt.Errorf("%s: %w", name, err)
	}
	var out []error
	for _, one := range joined.Unwrap() {
		out = append(out, fmt.Errorf("%s: %w", name, one))
	}
	return errors.Join(out...)
}

// Named returns a provider by name. "" is the only one, if there is one.
func (f *File) Named(name string) (Provider, error) {
	var names []string
	for i, p := range f.Providers {
		if p.called(i) == name || name == "" && len(f.Providers) == 1 {
			return p, nil
		}
		names = append(names, p.called(i))
	}
	return Provider{}, fmt.Errorf("there is no provider %q: say one of %s", name, strings.Join(names, ", "))
}

// called is how a provider is named in errors: by its own name, or its place.
func (p Provider) called(i int) string {
	switch {
	case p.All2Pay != nil:
		return cmp.Or(p.All2Pay.Name, "all2pay")
	case p.Bereke != nil:
		return cmp.Or(p.Bereke.Name, "bereke")
	case p.ConnPay != nil:
		return cmp.Or(p.ConnPay.Name, "connpay")
	default:
		return fmt.Sprintf("number %d", i+1)
	}
}

var errOneAdapter = errors.New("must name one adapter: all2pay, bereke or connpay")

// Account makes the provider.
func (p Provider) Account(s Sources) (Account, error) {
	n := 0
	for _, has := range []bool{p.All2Pay != nil, p.Bereke != nil, p.ConnPay != nil} {
		if has {
			n++
		}
	}
	switch {
	case n != 1:
		return nil, errOneAdapter
	case p.All2Pay != nil:
		return p.All2Pay.account(s)
	case p.Bereke != nil:
		return p.Bereke.account(s)
	default:
		return p.ConnPay.account(s)
	}
}

// reading collects what is wrong with the files and secrets that a provider needs.
type reading struct {
	Sources
	errs []error
}

func (r *reading) secret(where string, from *Secret) payout.Secret {
	secret, err := r.Sources.secret(where, from)
	r.errs = append(r.errs, err)
	return secret
}

func (c *All2Pay) account(s Sources) (Account, error) {
	r := reading{Sources: s}
	form := all2pay.SignText
	switch c.SignatureForm {
	case "", "text":
	case "digest":
		form = all2pay.SignDigest
	default:
		r.errs = append(r.errs, errors.New("signature_form: must be text or digest"))
	}
	config := all2pay.Config{
		Name: c.Name, BaseURL: c.URL, UserName: c.UserName, Password: r.secret("password", &c.Password),
		MerchantLogin: c.MerchantLogin, SourceBindingID: c.SourceBindingID,
		SigningKey: r.secret("signing_key", c.SigningKey), SigningKeyPassword: r.secret("signing_key_password", c.SigningKeyPassword),
		SignatureForm: form, Balances: c.Balances, CVC: c.CVC,
		Dedup: c.Proved.Dedup.Dedup, DedupEvidence: c.Proved.dedupEvidence(), Absence: c.Proved.absence(), HTTP: r.http(c.HTTP),
	}
	if err := errors.Join(r.errs...); err != nil {
		return nil, err
	}
	return made(all2pay.New(config))
}

func (c *Bereke) account(s Sources) (Account, error) {
	r := reading{Sources: s}
	config := bereke.Config{
		Name: c.Name, BaseURL: c.URL, UserName: c.UserName, Password: r.secret("password", &c.Password),
		SourceBindingID: c.SourceBindingID,
		Dedup:           c.Proved.Dedup.Dedup, DedupEvidence: c.Proved.dedupEvidence(), Absence: c.Proved.absence(), HTTP: r.http(c.HTTP),
	}
	if err := errors.Join(r.errs...); err != nil {
		return nil, err
	}
	return made(bereke.New(config))
}

func (c *ConnPay) account(s Sources) (Account, error) {
	r := reading{Sources: s}
	if (c.Endpoint == "") == (c.Group == "") {
		r.errs = append(r.errs, errors.New("endpoint, group: one of them is required"))
	}
	at := connpay.Endpoint{
		ID: cmp.Or(c.Endpoint, c.Group), Group: c.Group != "", Required: c.Required, RecurringPaymentID: c.RecurringPaymentID,
	}
	for _, currency := range c.Currencies {
		at.Currencies = append(at.Currencies, currency.Currency)
	}
	kinds := map[string]payout.Kind{}
	for _, k := range payout.Kinds() {
		kinds[k.Name()] = k
	}
	for _, name := range c.Destinations {
		k, ok := kinds[name]
		if !ok {
			r.errs = append(r.errs, fmt.Errorf("destinations: %q is none: must be %s", name, either(kinds)))
			continue
		}
		at.Destinations = append(at.Destinations, k)
	}
	balances := map[string]connpay.BalanceOf{
		"": connpay.NoBalance, "merchant": connpay.BalanceOfMerchant, "endpoint": connpay.BalanceOfEndpoint,
	}
	of, ok := balances[c.Balance]
	if !ok {
		r.errs = append(r.errs, errors.New("balance: must be merchant or endpoint"))
	}
	config := connpay.Config{
		Name: c.Name, BaseURL: c.URL, Login: c.Login,
		PrivateKey: r.secret("private_key", &c.PrivateKey), PrivateKeyPassword: r.secret("private_key_password", c.PrivateKeyPassword),
		Control: r.secret("control", c.Control), Endpoint: at, StatusV2: c.StatusV2, JSON: c.JSON, Aliases: c.Aliases,
		Birthdays: c.Birthdays, Balance: connpay.Balance{Of: of, Name: c.BalanceName}, HTTP: r.http(c.HTTP),
	}
	if err := errors.Join(r.errs...); err != nil {
		return nil, err
	}
	return made(connpay.New(config))
}

// made keeps a nil of a type from looking like a provider.
func made[P Account](p P, err error) (Account, error) {
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (p Proof) dedupEvidence() string {
	if p.Dedup.Dedup == payout.DedupNone {
		return ""
	}
	return p.Evidence
}

func (p Proof) absence() payout.Absence {
	if !p.Absence {
		return payout.Absence{}
	}
	return payout.Absence{Proves: true, After: p.After, Times: p.Times, Evidence: p.Evidence}
}

func (r *reading) http(c HTTP) provider.HTTP {
	out := provider.HTTP{
		Dial:    r.Dial,
		Timeout: c.Timeout, ConnectTimeout: c.ConnectTimeout, IdleTimeout: c.IdleTimeout, MaxAnswer: c.MaxAnswer,
	}
	if c.Proxy != "" {
		u, err := url.Parse(c.Proxy)
		if err != nil || u.Host == "" || u.User != nil {
			r.errs = append(r.errs, errors.New("http.proxy: must be an address such as http://proxy.example.com:3128, without a password"))
		}
		out.Proxy = http.ProxyURL(u)
	}
	if c.Roots != "" {
		text, err := r.file("http.roots", c.Roots)
		out.Roots = x509.NewCertPool()
		if err == nil && !out.Roots.AppendCertsFromPEM(text) {
			err = fmt.Errorf("http.roots: %s holds no certificate", c.Roots)
		}
		r.errs = append(r.errs, err)
	}
	if (c.Certificate == "") != (c.CertificateKey == nil) {
		r.errs = append(r.errs, errors.New("http.certificate, http.certificate_key: go together"))
	} else if c.Certificate != "" {
		text, err := r.file("http.certificate", c.Certificate)
		key := r.secret("http.certificate_key", c.CertificateKey)
		if err == nil {
			var pair tls.Certificate
			if pair, err = keyPair(text, key); err == nil {
				out.ClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
			}
		}
		r.errs = append(r.errs, err)
	}
	return out
}

func keyPair(certificate []byte, key payout.Secret) (tls.Certificate, error) {
	pair, err := tls.X509KeyPair(certificate, []byte(key.Reveal()))
	if err != nil {
		return pair, errors.New("http.certificate: it and its key can't be read, or do not belong together")
	}
	return pair, nil
}

// URL is where a provider is.
func (p Provider) URL() string {
	switch {
	case p.All2Pay != nil:
		return p.All2Pay.URL
	case p.Bereke != nil:
		return p.Bereke.URL
	case p.ConnPay != nil:
		return p.ConnPay.URL
	default:
		return ""
	}
}

// HTTP is how a provider is reached.
func (p Provider) HTTP(s Sources) (provider.HTTP, error) {
	r := reading{Sources: s}
	var out provider.HTTP
	switch {
	case p.All2Pay != nil:
		out = r.http(p.All2Pay.HTTP)
	case p.Bereke != nil:
		out = r.http(p.Bereke.HTTP)
	case p.ConnPay != nil:
		out = r.http(p.ConnPay.HTTP)
	}
	return out, errors.Join(r.errs...)
}
