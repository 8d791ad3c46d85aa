// Package bereke pays out tenge through Bereke Bank, to cards of banks of
// Kazakhstan, from the transit account or from a corporate card.
//
// # Semantics
//
// Create is performPayout.do, Find is getPayoutStatus.do by orderNumber, which is
// the request's reference (bereke:271, 416). The bank answers a payout at once with
// its status. Amounts are in tiyn (bereke:203), the currency is 398 alone
// (bereke:35). Nothing is assumed about a second order under one number: the
// document is silent, so Info says that the bank does not deduplicate and that "not
// found" proves nothing.
//
// # Destinations and source
//
// [payout.Card] and [payout.SavedCard] (target.bindingId, bereke:299-300).
// Recipient.Name is required, in Latin letters, at most 24 (bereke:295), and for a
// saved card Recipient.ID too (bereke:292). The source is the transit account, or a
// corporate card that was added in the bank's portal (bereke:296-297, 527-559), as
// Config.SourceBindingID or for one request as Source.SavedCard. The purpose code
// (KNP) is set in the portal too, before the first payout (bereke:561).
//
// # Errors
//
// By (HTTP status, errorCode), from bereke:576-603: 502 with 204, 400 or 98 are
// payouts that failed; 400/98 is ErrRefused, 401/90 ErrUnauthorized; all else is
// ErrOutcomeUnknown. A refusal is about the request that it answers: of an earlier
// one under the same reference it proves nothing. The document lists no code for
// insufficient funds: such a payout shows in its status.
//
// # Callbacks
//
// The document has none.
//
// # Limits
//
// References have at most 32 characters (bereke:317): letters, digits, '-' and '_'.
// Amounts are of 1 to 999999999999 tiyn (bereke:203).
//
// # Sandbox
//
// The bank's test host is [Test]. Package sandbox simulates it.
package bereke

import (
	"context"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/internal/rbs"
	"github.com/payoutkit/payout/provider"
)

// The bank's addresses (bereke:110-111).
const (
	Test       = "https://3dsec.berekebank.kz"
	Production = "https://securepayments.berekebank.kz"
)

// Config is one account at Bereke Bank. It can be printed: what is secret in it
// can't.
type Config struct {
	// Name of the instance; empty: "bereke". The transit account and a corporate card
	// are two accounts, and so two instances.
	Name string
	// BaseURL is [Test], [Production] or a simulated bank's. Required.
	BaseURL string
	// UserName and Password are the partner's, at most 30 characters each
	// (bereke:148-149). Required.
	UserName string
	Password payout.Secret
	// SourceBindingID is the corporate card to pay from (bereke:297, 559). Empty: the
	// transit account.
	SourceBindingID string
	// HTTP is how the bank is reached.
	HTTP provider.HTTP
}

// Provider pays through Bereke Bank. See the package's documentation.
type Provider struct{ module *rbs.Module }

var _ interface {
	payout.Provider
	payout.Pinger
	payout.Balancer
} = (*Provider)(nil)

// New checks a configuration and returns its provider. It does no I/O. The error is
// ErrInvalid and names what is wrong; it quotes no secret.
func New(c Config) (*Provider, error) {
	module, err := rbs.New(dialect(), rbs.Config{
		Name: c.Name, BaseURL: c.BaseURL, UserName: c.UserName, Password: c.Password,
		SourceBindingID: c.SourceBindingID, HTTP: c.HTTP,
	})
	if err != nil {
		return nil, err
	}
	return &Provider{module}, nil
}

func dialect() rbs.Dialect {
	return rbs.Dialect{
		Adapter:      "bereke",
		Currency:     payout.KZT, // bereke:35
		Exponent:     2,
		Destinations: []payout.Kind{payout.Card{}.Kind(), payout.SavedCard{}.Kind()}, // bereke:299-300
		SourceCards:  true,
		Errors:       rbs.CommonErrors(),
		Name:         rbs.Latin,
		Lines: rbs.Lines{
			UserName: "148", Password: "149", OrderNumber: "317", Amount: "285",
			ClientID: "292", Email: "293", Phone: "294", Name: "295",
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

// Ping implements [payout.Pinger] by echo, which needs no credentials (bereke:123).
func (p *Provider) Ping(ctx context.Context) error { return p.module.Ping(ctx) }

// Balances implements [payout.Balancer] by getAmount.do (bereke:141).
func (p *Provider) Balances(ctx context.Context, source payout.Source) ([]payout.Balance, error) {
	return p.module.Balances(ctx, source)
}

// CloseIdleConnections closes the connections that no call is using.
func (p *Provider) CloseIdleConnections() { p.module.CloseIdleConnections() }
