// Package all2pay pays out roubles through all2pay: to cards of Russian banks, to
// saved cards, and to phone numbers in the System of Fast Payments.
//
// # Semantics
//
// Create is performPayout.do, Find is getPayoutStatus.do by orderNumber, which is
// the request's reference (all2pay:295, 494). The bank answers a payout at once
// with its status. Amounts are in kopecks (all2pay:309), the currency is 643 alone
// (all2pay:32). Nothing is assumed about a second order under one number: the
// document is silent, so Info says that the bank does not deduplicate and that "not
// found" proves nothing.
//
// # Destinations and source
//
// [payout.Card], [payout.SavedCard] (target.bindingId), [payout.SBP] (all2pay:337).
// Recipient.Name is required, at most 24 characters (all2pay:233, 904), and for a
// saved card Recipient.ID too (all2pay:321). A request may name a source card where
// that was agreed with the bank (all2pay:332).
//
// # Errors
//
// By (HTTP status, errorCode), from all2pay:890-923: 200 with 116, 121 or 902 and
// 502 with 204, 400 or 98 are payouts that failed; 400/98 is ErrRefused, 401/90
// ErrUnauthorized; all else is ErrOutcomeUnknown. A refusal is about the request that
// it answers: of an earlier one under the same reference it proves nothing.
//
// # Callbacks
//
// The document has none.
//
// # Limits
//
// References have at most 32 characters (all2pay:307): letters, digits, '-' and
// '_'. Amounts are of 1 to 999999999999 kopecks (all2pay:309).
//
// # Sandbox
//
// The bank's test host is [Test]. Package sandbox simulates it.
package all2pay

import (
	"context"
	"maps"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/internal/rbs"
	"github.com/payoutkit/payout/provider"
)

// The bank's addresses (all2pay:175-176).
const (
	Test       = "https://api.uat.all2pay.net"
	Production = "https://api.all2pay.net"
)

// Config is one account at all2pay. It can be printed: what is secret in it can't.
type Config struct {
	// Name of the instance; empty: "all2pay".
	Name string
	// BaseURL is [Test], [Production] or a simulated bank's. Required.
	BaseURL string
	// UserName and Password are the partner's, at most 30 characters each
	// (all2pay:206-208). Required.
	UserName string
	Password payout.Secret
	// SigningKey is a PEM private key; with it every request is signed
	// (all2pay:798-829). SigningKeyPassword decrypts it.
	SigningKey         payout.Secret
	SigningKeyPassword payout.Secret
	// SourceBindingID is a saved card to pay from, where that was agreed (all2pay:332).
	// Empty: the transit account.
	SourceBindingID string
	// HTTP is how the bank is reached.
	HTTP provider.HTTP
}

// Provider pays through all2pay. See the package's documentation.
type Provider struct{ module *rbs.Module }

var _ interface {
	payout.Provider
	payout.Pinger
} = (*Provider)(nil)

// New checks a configuration and returns its provider. It does no I/O. The error is
// ErrInvalid and names what is wrong; it quotes no secret.
func New(c Config) (*Provider, error) {
	var key provider.PrivateKey
	// A password alone is a mistake too: somebody believes that requests are signed.
	if !c.SigningKey.IsZero() || !c.SigningKeyPassword.IsZero() {
		var err error
		if key, err = provider.ParsePrivateKey(c.SigningKey, c.SigningKeyPassword); err != nil {
			return nil, provider.Invalid(payout.Violation{Field: "signing_key", Rule: err.Error(), Doc: "all2pay:813"})
		}
	}
	module, err := rbs.New(dialect(), rbs.Config{
		Name: c.Name, BaseURL: c.BaseURL, UserName: c.UserName, Password: c.Password,
		SourceBindingID: c.SourceBindingID, SigningKey: key, HTTP: c.HTTP,
	})
	if err != nil {
		return nil, err
	}
	return &Provider{module}, nil
}

func dialect() rbs.Dialect {
	errors := rbs.CommonErrors()
	maps.Copy(errors, rbs.DeclinesInOK()) // all2pay:890-892
	return rbs.Dialect{
		Adapter:  "all2pay",
		Currency: payout.RUB, // all2pay:32
		Exponent: 2,
		Destinations: []payout.Kind{
			payout.Card{}.Kind(), payout.SavedCard{}.Kind(), payout.SBP{}.Kind(),
		},
		SourceCards: true,
		Errors:      errors,
		Name:        rbs.AnyScript,
		Lines: rbs.Lines{
			UserName: "302-303", Password: "304-305", OrderNumber: "306-307", Amount: "308-309",
			ClientID: "320-321", Email: "322-323", Phone: "324-325", Name: "327-328, 904",
		},
	}
}

// Info implements [payout.Provider].
func (p *Provider) Info() payout.Info { return p.module.Info() }

// Create implements [payout.Provider] by performPayout.do.
func (p *Provider) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	return p.module.Create(ctx, req)
}

// Find implements [payout.Provider] by getPayoutStatus.do.
func (p *Provider) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	return p.module.Find(ctx, ref)
}

// Ping implements [payout.Pinger] by echo, which needs no credentials (all2pay:190).
func (p *Provider) Ping(ctx context.Context) error { return p.module.Ping(ctx) }

// CloseIdleConnections closes the connections that no call is using.
func (p *Provider) CloseIdleConnections() { p.module.CloseIdleConnections() }
