package all2pay

import (
	"context"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/internal/rbs"
)

// Provider pays through all2pay. See the package's documentation. It is safe for
// concurrent use.
type Provider struct{ module *rbs.Module }

var _ interface {
	payout.Provider
	payout.Pinger
	payout.Balancer
	payout.CardSaver
	payout.SourceCardSaver
} = (*Provider)(nil)

// Info implements [payout.Provider].
func (p *Provider) Info() payout.Info { return p.module.Info() }

// Create implements [payout.Provider] by performPayout.do, or registerPayout.do for a
// [payout.HostedPage].
func (p *Provider) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	order, _ := payout.OptionOf[Order](req)
	return p.module.Create(ctx, req, rbs.Order(order))
}

// Find implements [payout.Provider] by getPayoutStatus.do.
func (p *Provider) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	return p.module.Find(ctx, ref)
}

// Ping implements [payout.Pinger] by echo, which needs no credentials (all2pay:190).
func (p *Provider) Ping(ctx context.Context) error { return p.module.Ping(ctx) }

// Balances implements [payout.Balancer] by getAmount.do, which the document does not
// name: see [Config.Balances].
func (p *Provider) Balances(ctx context.Context, source payout.Source) ([]payout.Balance, error) {
	return p.module.Balances(ctx, source)
}

// SaveCard implements [payout.CardSaver] by createTargetBindingId.do. It takes no CVV,
// and sends none. After ErrOutcomeUnknown ask with FindCard.
func (p *Provider) SaveCard(ctx context.Context, req payout.SaveCardRequest) (payout.CardSaved, error) {
	return p.module.SaveCard(ctx, req)
}

// SaveSourceCard implements [payout.SourceCardSaver] by createSourceBindingId.do. It
// needs the card's CVV (all2pay:705). If the owner has to pass 3-D Secure, the answer
// has an Action and no ID: ask with FindCard once they have.
func (p *Provider) SaveSourceCard(ctx context.Context, req payout.SaveCardRequest) (payout.CardSaved, error) {
	return p.module.SaveSourceCard(ctx, req)
}

// FindCard asks by getPayoutStatus.do what became of a card that was to be saved under
// a reference (all2pay:638, which says it of recipients' cards). It changes nothing
// and moves no money. ID is empty while the card is not saved, and ErrRefused says that
// it will not be. ErrNotFound proves nothing; neither does any other error.
func (p *Provider) FindCard(ctx context.Context, reference string) (payout.CardSaved, error) {
	return p.module.FindCard(ctx, reference)
}

// EncryptCard makes a destination that only the bank can read: a seToken of the card's
// number for the payout with that reference (all2pay:774). Only the number enters it. It
// is good for 30 minutes.
// The bank's public key is fetched by keys.do (all2pay:773) and kept until it expires, or
// the bank refuses a payout to an encrypted card: it may have withdrawn the key. Nothing
// else is sent. An error proves that nothing of the card has left: it is
// ErrInvalid or ErrNotSent.
func (p *Provider) EncryptCard(ctx context.Context, reference string, card payout.Card) (payout.EncryptedCard, error) {
	return p.module.EncryptCard(ctx, reference, card)
}

// CloseIdleConnections closes the connections that no call is using.
func (p *Provider) CloseIdleConnections() { p.module.CloseIdleConnections() }
