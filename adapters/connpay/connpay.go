package connpay

import (
	"context"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// Provider pays through ConnPay. See the package's documentation.
type Provider struct {
	info      payout.Info
	link      *provider.Link
	oauth     oauth
	key       provider.PrivateKey
	control   payout.Secret
	endpoint  Endpoint
	statusV2  bool
	json      bool
	aliases   bool
	birthdays string
	callback  CallbackNames
	balance   Balance
}

var _ interface {
	payout.Provider
	payout.CallbackReader
	payout.Balancer
} = (*Provider)(nil)

// Info implements [payout.Provider].
func (p *Provider) Info() payout.Info { return p.info }

// CloseIdleConnections closes the connections that no call is using.
func (p *Provider) CloseIdleConnections() { p.link.CloseIdle() }

// Create implements [payout.Provider] by /api/v4/payout.
func (p *Provider) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	form, err := p.form(req)
	if err != nil {
		return payout.Payout{}, err
	}
	path, body := "/api/v4/payout/"+p.endpoint.path(), encoded(form)
	authorization, err := p.signed(path, body)
	if err != nil {
		return payout.Payout{}, err
	}
	a, f, err := p.ask(ctx, path, body, authorization)
	if err != nil {
		return payout.Payout{}, err
	}
	return p.created(a, f, req.Reference)
}

// Find implements [payout.Provider] by /api/v4/status, or by /api/v2/status if it is
// so configured, and for a group whose answer did not come.
func (p *Provider) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	if ref.Endpoint != "" && !digits(ref.Endpoint) {
		return payout.Payout{}, provider.Invalid(payout.Violation{Field: "ref.endpoint", Rule: "must be digits", Doc: "connpay:235"})
	}
	at, version := p.endpoint, "v4"
	if ref.Endpoint != "" {
		at = Endpoint{ID: ref.Endpoint}
	}
	if p.statusV2 || at.Group { // v4 is documented for endpoints only
		version = "v2"
	}
	path, form := "/api/"+version+"/status/"+at.path(), p.question(ref)
	if version == "v2" {
		form.Set("control", p.statusControl(ref))
	}
	var authorization string
	var err error
	body := encoded(form)
	if version == "v4" {
		if authorization, err = p.signed(path, body); err != nil {
			return payout.Payout{}, err
		}
	}
	a, f, err := p.ask(ctx, path, body, authorization)
	if err != nil {
		return payout.Payout{}, err
	}
	return found(a, f)
}
