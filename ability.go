package payout

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// Ability is something that a provider may be able to do beside paying and being
// asked. Each is a one-method interface; [Client.Supports] is the only test.
type Ability string

const (
	AbilityPing           Ability = "ping"
	AbilityBalances       Ability = "balances"
	AbilitySaveCard       Ability = "save_card"
	AbilitySaveSourceCard Ability = "save_source_card"
	AbilityCallback       Ability = "callback"
)

// Pinger can be reached.
type Pinger interface {
	// Ping makes the bank's cheapest call that proves that it is there. It moves
	// nothing. It does not prove that the credentials work unless the adapter says so.
	Ping(ctx context.Context) error
}

// Balancer knows what is left to pay from.
type Balancer interface {
	// Balances returns the balances of a source, one for each currency.
	Balances(ctx context.Context, source Source) ([]Balance, error)
}

// Balance is what an account holds. It is a bank's statement at that moment, not a
// promise that a payout will pass.
type Balance struct {
	Available Money     // may be negative
	OnHold    Money     // of payouts under way; zero if not said
	At        time.Time // when the bank was asked
}

// CardSaver has the bank keep a recipient's card, to be paid to as a [SavedCard].
type CardSaver interface {
	// SaveCard saves a card. No money moves to anybody. The reference is one of the
	// same kind as a payout's and must not be shared with one.
	SaveCard(ctx context.Context, req SaveCardRequest) (CardSaved, error)
}

// SourceCardSaver has the bank keep a card of the platform's own, to pay from it as
// [Source.SavedCard].
type SourceCardSaver interface {
	// SaveSourceCard saves a card. The bank usually wants the payer to act first.
	SaveSourceCard(ctx context.Context, req SaveCardRequest) (CardSaved, error)
}

// SaveCardRequest asks a bank to keep a card.
type SaveCardRequest struct {
	Reference string
	OwnerID   string // the platform's own id of the person or company
	Card      Card
	CVV       Secret // only where the bank asks for it; never stored
}

// CardSaved is what a bank says about a card that it was asked to keep.
type CardSaved struct {
	Reference  string
	ProviderID string
	ID         string // for [SavedCard.ID] or [Source.SavedCard]; "" while it is not saved
	Masked     string // the card's number as far as it may be shown
	Action     Action // what the owner must do first, if anything
}

// CallbackReader understands the calls that a bank makes to the platform.
type CallbackReader interface {
	// ReadCallback verifies a call and returns which payout it is about: its reference,
	// and the bank's id if it is there. A callback is a hint to ask, and nothing else:
	// it never carries a status. The error is ErrUnauthorized if the call does not prove
	// that it comes from the bank, and ErrInvalid if it is not a callback.
	ReadCallback(r *http.Request) (Ref, error)
}

// supports is the one place that joins methods and configuration.
func supports(p Provider, off []Ability, a Ability) bool {
	var has bool
	switch a {
	case AbilityPing:
		_, has = p.(Pinger)
	case AbilityBalances:
		_, has = p.(Balancer)
	case AbilitySaveCard:
		_, has = p.(CardSaver)
	case AbilitySaveSourceCard:
		_, has = p.(SourceCardSaver)
	case AbilityCallback:
		_, has = p.(CallbackReader)
	}
	return has && !slices.Contains(off, a)
}
