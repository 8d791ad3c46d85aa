package newbank

import (
	"context"
	"net/http"
	"time"

	"github.com/payoutkit/payout"
)

var _ interface {
	payout.Pinger
	payout.Balancer
	payout.CallbackReader
} = (*Provider)(nil)

// Ping implements [payout.Pinger] (newbank:50). It proves that the credentials work.
func (p *Provider) Ping(ctx context.Context) error {
	a, w, err := p.send(ctx, http.MethodGet, "/v1/ping", nil)
	if err == nil && (a.Status != http.StatusOK || w.Merchant.Value != p.merchant) {
		err = refused(a, w)
	}
	return err
}

// Balances implements [payout.Balancer] (newbank:49).
func (p *Provider) Balances(ctx context.Context, _ payout.Source) ([]payout.Balance, error) {
	a, w, err := p.send(ctx, http.MethodGet, "/v1/balances", nil)
	if err != nil {
		return nil, err
	}
	if a.Status != http.StatusOK || len(w.Balances) == 0 {
		return nil, refused(a, w)
	}
	var out []payout.Balance
	for _, b := range w.Balances {
		available, ok := money(b.Available, b.Currency)
		hold, readable := money(b.OnHold, b.Currency)
		if !ok || !readable || available == (payout.Money{}) {
			return nil, a.Unknown("a balance can't be read")
		}
		out = append(out, payout.Balance{Available: available, OnHold: hold, At: time.Now()})
	}
	return out, nil
}
