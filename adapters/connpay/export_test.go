package connpay

import (
	"maps"
	"net/url"
	"slices"

	"github.com/payoutkit/payout"
)

// Parameters are the names that the adapter knows a rule of.
func Parameters() []string { return slices.Sorted(maps.Keys(parameters)) }

// Form is the body that a request becomes.
func (p *Provider) Form(req payout.Request) (url.Values, error) { return p.form(req) }

// Signed is the body that a form becomes, whatever is in it, and its header.
func (p *Provider) Signed(path string, form url.Values) (body, header string, err error) {
	encoded := encoded(form)
	header, err = p.signed(path, encoded)
	return encoded.String(), header, err
}
