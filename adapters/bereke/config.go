package bereke

import (
	"time"

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
	// (bereke:278-279). Required.
	UserName string
	Password payout.Secret
	// SourceBindingID is the corporate card to pay from (bereke:297, 559). Empty: the
	// transit account.
	SourceBindingID string

	// Dedup is what a second payout under one orderNumber meets, where a test of this very
	// account has shown it, as DedupEvidence says. The document is silent: the zero Dedup
	// assumes that it is paid again.
	Dedup         payout.Dedup
	DedupEvidence string
	// Absence is what it takes for "not found" to prove that there is no payout, where a
	// test of this very account has shown it. The zero Absence: nothing does, since the
	// same answer means a dozen other things (bereke:577-587).
	Absence payout.Absence

	// HTTP is how the bank is reached.
	HTTP provider.HTTP

	// Now tells the time, for the end of pages; nil: time.Now. It is used by several
	// goroutines at once.
	Now func() time.Time
}

// New checks a configuration and returns its provider. It does no I/O. The error is
// ErrInvalid and names what is wrong; it quotes no secret.
func New(c Config) (*Provider, error) {
	module, err := rbs.New(dialect(), rbs.Config{
		Name: c.Name, BaseURL: c.BaseURL, UserName: c.UserName, Password: c.Password,
		SourceBindingID: c.SourceBindingID,
		Dedup:           c.Dedup, DedupEvidence: c.DedupEvidence, Absence: c.Absence,
		HTTP: c.HTTP, Now: c.Now,
	})
	if err != nil {
		return nil, err
	}
	return &Provider{module}, nil
}
