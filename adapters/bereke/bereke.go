package bereke

import (
	"context"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/internal/rbs"
)

// Provider pays through Bereke Bank. See the package's documentation. It is safe for
// concurrent use.
type Provider struct{ module *rbs.Module }

var _ interface {
	payout.Provider
	payout.Pinger
	payout.Balancer
} = (*Provider)(nil)

// Info implements [payout.Provider].
func (p *Provider) Info() payout.Info { return p.module.Info() }

// Create implements [payout.Provider] by performPayout.do, or registerPayout.do for a
// [payout.HostedPage].
func (p *Provider) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	order, _ := payout.OptionOf[Order](req)
	return p.module.Create(ctx, req, rbs.Order{SessionTimeoutSecs: order.SessionTimeoutSecs})
}

// Find implements [payout.Provider] by getPayoutStatus.do.
func (p *Provider) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	return p.module.Find(ctx, ref)
}

// Ping implements [payout.Pinger] by echo, which needs no credentials (bereke:123).
func (p *Provider) Ping(ctx context.Context) error { return p.module.Ping(ctx) }

// Balances implements [payout.Balancer] by getAmount.do (bereke:143).
func (p *Provider) Balances(ctx context.Context, source payout.Source) ([]payout.Balance, error) {
	return p.module.Balances(ctx, source)
}

// CloseIdleConnections closes the connections that no call is using.
func (p *Provider) CloseIdleConnections() { p.module.CloseIdleConnections() }
