// Package connpay pays out through ConnPay's /api/v4/payout.
//
// # Semantics
//
// Create is POST /api/v4/payout, to an endpoint or a group of endpoints
// (connpay:8-11), form-encoded and signed with OAuth 1.0a RSA-SHA256. The request's
// reference is client_orderid. The answer only says that the order was received
// (connpay:191): Create returns Pending, and the fate comes from Find. Amounts are
// in major units with a dot, at most 10 characters (connpay:22-23).
//
// Find is POST /api/v4/status at the endpoint that the answer to Create named, or,
// for a group while that is not known, /api/v2/status/group, which is signed with
// the merchant's control key. Neither is in connpay.txt: they are documented on the
// platform's pages.
//
// The bank does not refuse a client_orderid that it has seen: two orders may stand
// under one, and nothing proves that there is none.
//
// # Destinations and source
//
// [payout.BankAccount] (connpay:76-117). The source is the endpoint's.
//
// # Errors
//
// validation-error is ErrRefused; of an earlier request under the same reference that
// proves nothing. type=error, whatever its code, is ErrOutcomeUnknown: no table of
// codes is published. So is the 403 page "Access is
// denied" (connpay:236-274), with Hold set: it may come from a firewall that cut
// the answer off. The status "error" is Review; a status that is not listed is
// Unknown.
//
// # Callbacks
//
// CallbackURL is sent as server_callback_url (connpay:36).
//
// # Limits
//
// References have at most 128 characters (connpay:20), descriptions 64
// (connpay:30).
//
// # Sandbox
//
// The bank's test gateway is [Sandbox]; there the account number decides: 1234567890
// is approved, 0987654321 declined, 1987654321 ends in an error (connpay:278-280).
// Package sandbox simulates it.
package connpay

import (
	"context"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// Provider pays through ConnPay. See the package's documentation.
type Provider struct {
	info     payout.Info
	link     *provider.Link
	signer   signer
	control  payout.Secret
	endpoint Endpoint
}

var _ payout.Provider = (*Provider)(nil)

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
	path := "/api/v4/payout/"
	if p.endpoint.Group {
		path += "group/"
	}
	a, f, err := p.post(ctx, path+p.endpoint.ID, form, true)
	if err != nil {
		return payout.Payout{}, err
	}
	return created(a, f, req.Reference)
}

// Find implements [payout.Provider] by /api/v4/status, or by /api/v2/status for a
// group whose answer did not come.
func (p *Provider) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	q := statusQuery{Login: p.signer.login, ClientOrderID: ref.Reference, OrderID: ref.ProviderID}
	path, signed := "/api/v4/status/"+p.endpoint.ID, true
	switch {
	case ref.Endpoint != "" && !digits(ref.Endpoint):
		return payout.Payout{}, provider.Invalid(payout.Violation{Field: "ref.endpoint", Rule: "must be digits", Doc: "connpay:235"})
	case ref.Endpoint != "":
		path = "/api/v4/status/" + ref.Endpoint
	case p.endpoint.Group:
		path, signed = "/api/v2/status/group/"+p.endpoint.ID, false
		q.Control = p.controlOf(q)
	}
	a, f, err := p.post(ctx, path, q, signed)
	if err != nil {
		return payout.Payout{}, err
	}
	return found(a, f)
}
