package newbank

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// The bank's addresses (newbank:4).
const (
	Test       = "https://api.test.newbank.example"
	Production = "https://api.newbank.example"
)

// Config is one merchant at Newbank. It can be printed: what is secret in it can't.
type Config struct {
	// Name of the instance; empty: "newbank".
	Name string
	// BaseURL is [Test], [Production] or a simulated bank's. Required.
	BaseURL string
	// Merchant is the merchant's id, 6 to 12 digits (newbank:6). Required.
	Merchant string
	// Key signs requests, and proves the bank's notices: at least 32 characters
	// (newbank:9). Required.
	Key payout.Secret
	// HTTP is how the bank is reached.
	HTTP provider.HTTP
}

// Provider pays through Newbank. See the package's documentation.
type Provider struct {
	info     payout.Info
	link     *provider.Link
	merchant string
	key      payout.Secret
}

var _ payout.Provider = (*Provider)(nil)

// New checks a configuration and returns its provider. It does no I/O. The error is
// ErrInvalid and names what is wrong; it quotes no secret.
func New(c Config) (*Provider, error) {
	var bad []payout.Violation
	if len(c.Merchant) < 6 || len(c.Merchant) > 12 || strings.Trim(c.Merchant, "0123456789") != "" {
		bad = append(bad, payout.Violation{Field: "merchant", Rule: "must be 6 to 12 digits", Doc: "newbank:6"})
	}
	if len(c.Key.Reveal()) < 32 { //nolint:forbidigo // only its length leaves
		bad = append(bad, payout.Violation{Field: "key", Rule: "must be at least 32 characters", Doc: "newbank:9"})
	}
	if err := provider.Invalid(bad...); err != nil {
		return nil, err
	}
	link, err := c.HTTP.Open(c.BaseURL)
	if err != nil {
		return nil, err
	}
	if c.Name == "" {
		c.Name = "newbank"
	}
	return &Provider{info: c.info(link.Host()), link: link, merchant: c.Merchant, key: c.Key}, nil
}

func (c Config) info(host string) payout.Info {
	return payout.Info{
		Adapter: "newbank",
		Name:    c.Name,
		Account: host + "/" + c.Merchant,
		Amounts: []payout.AmountRange{ // newbank:14
			{Min: payout.MustMoney("1.000 TND"), Max: payout.MustMoney("5000.000 TND")},
			{Min: payout.MustMoney("100 XOF"), Max: payout.MustMoney("2000000 XOF")},
		},
		Destinations: []payout.Kind{mobileWalletKind},
		Reference:    payout.ReferenceRule{Max: 20, Alphabet: payout.Alphanumeric + "-", Doc: "newbank:12"},
		Description:  35,                                                                                        // newbank:18
		Polling:      payout.Polling{{Every: 5 * time.Second, For: 2 * time.Minute}, {Every: 10 * time.Minute}}, // newbank:35
		Dedup:        payout.DedupReplays,                                                                       // newbank:23-24
		Absence:      payout.Absence{Proves: true, After: 2 * time.Minute, Times: 2, Evidence: "newbank:36-37"},
	}
}

// Info implements [payout.Provider].
func (p *Provider) Info() payout.Info { return p.info }

// CloseIdleConnections closes the connections that no call is using.
func (p *Provider) CloseIdleConnections() { p.link.CloseIdle() }

// Create implements [payout.Provider] by POST /v1/transfers (newbank:11).
func (p *Provider) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	body, err := transferOf(req)
	if err != nil {
		return payout.Payout{}, err
	}
	a, w, err := p.send(ctx, http.MethodPost, "/v1/transfers", body)
	if err != nil {
		return payout.Payout{}, err
	}
	return created(a, w)
}

// Find implements [payout.Provider] by GET /v1/transfers/{reference} (newbank:26).
func (p *Provider) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	a, w, err := p.send(ctx, http.MethodGet, "/v1/transfers/"+ref.Reference, nil)
	if err != nil {
		return payout.Payout{}, err
	}
	return found(a, w)
}
