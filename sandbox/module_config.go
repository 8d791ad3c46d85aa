package sandbox

import (
	"cmp"
	"crypto/rsa"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// What the documents' samples use is what the simulated banks know by default.
const (
	defaultUserName = "payout_api_username" // all2pay:267
	defaultPassword = "payout_api_password" // all2pay:268 // #nosec G101 -- printed in the document

	// All2PaySource and BerekeSource are values of source.bindingId (all2pay:807,
	// bereke:174).
	All2PaySource = "6e8eb975-e1ba-7072-9f7a-5b7848ca5a88"
	BerekeSource  = "4908a3c3-6c7c-75d3-9707-66ab06c12040"

	// SavedCardID is a value of target.bindingId, a card saved for the client.clientId
	// SavedCardClient (all2pay:451, 486).
	SavedCardID     = "83309cde-a56d-7409-88dd-c02e00ab3428"
	SavedCardClient = "12345abc-d67e-8901-23fg-h45i67jk8901"
)

// RestrictedCard is the test card that the simulated banks answer with 902, "Card is
// restricted", by default. Another test card, such as 4111111111111111, is paid.
const RestrictedCard = "4000000000000002"

// Duplicates is what the module does with an orderNumber that it knows: the documents
// do not say, so each of these may be real.
type Duplicates uint8

// Ways to treat a known orderNumber.
const (
	// RefuseWith1: errorCode 1, as the vendor's payment gateway does.
	RefuseWith1 Duplicates = iota
	// RefuseWith98: HTTP 400 and errorCode 98.
	RefuseWith98
	// AnswerFirst: the answer is that of the order's first request, in the form of its
	// method, whatever this one says: of a hosted payout the address of the same page.
	AnswerFirst
	// PayAgain: money moves a second time.
	PayAgain
)

// SavedCard is a recipient's card that the bank keeps for the partner.
type SavedCard struct {
	ClientID string // the client.clientId that it was saved for
	PAN      string // a test card's number
}

// ModuleConfig is how a simulated Payout Module is set up. The zero ModuleConfig has
// the credentials of the documents' samples and enough money for a test.
type ModuleConfig struct {
	// Bank is the listener, the clock and so on. Its NotFound is not used.
	Bank bank.Config

	// UserName and Password are the partner's; by default those of all2pay:267.
	UserName, Password string

	// Children are the logins that merchantLogin may name (all2pay only).
	Children []string
	// ChildrenHidden: getPayoutStatus.do, which takes no merchantLogin, does not find what
	// was made under one.
	ChildrenHidden bool

	// Balance is what the transit account holds; by default 10 000 000.00.
	Balance payout.Money
	// NoTransit: there is no transit account, every payout needs source.bindingId.
	NoTransit bool
	// Sources are the cards of the partner to pay from, by source.bindingId, and what
	// they hold; by default All2PaySource or BerekeSource with 1 000 000.00.
	Sources map[string]payout.Money
	// SavedSource is what a card holds that createSourceBindingId.do has saved; by default
	// 1 000 000.00.
	SavedSource payout.Money
	// NoThreeDS: createSourceBindingId.do saves the card at once, without 3-D Secure.
	NoThreeDS bool
	// Limit is how much may be paid out from one source in all; zero is no limit.
	Limit payout.Money
	// Fee is taken on top of each payout.
	Fee payout.Money

	// Cards are the recipients' saved cards, by target.bindingId; by default
	// SavedCardID.
	Cards map[string]SavedCard
	// PageCard is for those who have no browser: the number of a test card that the
	// recipient of every hosted payout enters at once. Without it the page of
	// registerPayout.do waits for somebody.
	PageCard string
	// Restricted are the card numbers answered with 902; by default RestrictedCard.
	Restricted []string

	// Keys are those of keys.do; by default one that the module makes.
	Keys []ModuleKey
	// KeyMarkers: the keys come between PEM's markers, as the table has it (all2pay:783);
	// without it they are as in the sample (all2pay:794).
	KeyMarkers bool
	// KeySeconds: keyExpiration is in seconds and not in milliseconds (all2pay:785, 795).
	KeySeconds bool

	// Signer, if set, is the partner's public key: then every POST has to have a right
	// X-Hash and X-Signature (all2pay only).
	Signer *rsa.PublicKey

	// Duplicates is what a known orderNumber gets.
	Duplicates Duplicates
	// Lag hides new orders from status calls for a while.
	Lag bank.Lag
	// TellOrderID: the answers hold orderId also where the samples lack it.
	TellOrderID bool
	// Balances turns on getAmount.do for all2pay, whose document promises it (all2pay:26)
	// and does not name the method. Bereke has it always.
	Balances bool
}

func (cfg ModuleConfig) withDefaults(d ModuleDialect) ModuleConfig {
	cfg.UserName = cmp.Or(cfg.UserName, defaultUserName)
	cfg.Password = cmp.Or(cfg.Password, defaultPassword)
	if cfg.Bank.Now == nil {
		cfg.Bank.Now = time.Now
	}
	if cfg.Balance == (payout.Money{}) {
		cfg.Balance = payout.FromMinor(10_000_000_00, d.Currency)
	}
	cfg.Sources = maps.Clone(cfg.Sources)
	if cfg.Sources == nil {
		cfg.Sources = map[string]payout.Money{d.source: payout.FromMinor(1_000_000_00, d.Currency)}
	}
	if cfg.SavedSource == (payout.Money{}) {
		cfg.SavedSource = payout.FromMinor(1_000_000_00, d.Currency)
	}
	cfg.Cards = maps.Clone(cfg.Cards)
	if cfg.Cards == nil {
		cfg.Cards = map[string]SavedCard{SavedCardID: {ClientID: SavedCardClient, PAN: "4111111111111111"}}
	}
	cfg.Restricted = slices.Clone(cfg.Restricted)
	if cfg.Restricted == nil {
		cfg.Restricted = []string{RestrictedCard}
	}
	cfg.Children = slices.Clone(cfg.Children)
	return cfg
}

func (cfg ModuleConfig) check(d ModuleDialect) error {
	amounts := slices.AppendSeq([]payout.Money{cfg.Balance, cfg.Limit, cfg.Fee, cfg.SavedSource}, maps.Values(cfg.Sources))
	for _, m := range amounts {
		if m != (payout.Money{}) && m.Currency() != d.Currency {
			return fmt.Errorf("sandbox: %s pays in %s, not in %s", d.Name, d.Currency, m.Currency())
		}
	}
	if cfg.PageCard != "" && !isCard(cfg.PageCard) {
		return errors.New("sandbox: PageCard is not the number of a card")
	}
	return nil
}
