package all2pay

import (
	"io"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/internal/rbs"
	"github.com/payoutkit/payout/provider"
)

// The bank's addresses (all2pay:175-176).
const (
	Test       = "https://api.uat.all2pay.net"
	Production = "https://api.all2pay.net"
)

// SignatureForm is what of a body's hash is signed. The document contradicts itself,
// so it is configured, and one form is never tried after the other.
type SignatureForm uint8

const (
	// SignText signs the hash's base64 text, as the document's key, example and program do
	// (all2pay:810-823, 869-885).
	SignText SignatureForm = iota
	// SignDigest signs the hash's 32 bytes, as the vendor's payment gateway wants it; "in
	// the same way", the document says (all2pay:800).
	SignDigest
)

// Config is one account at all2pay. It can be printed: what is secret in it can't.
type Config struct {
	// Name of the instance; empty: "all2pay".
	Name string
	// BaseURL is [Test], [Production] or a simulated bank's. Required.
	BaseURL string
	// UserName and Password are the partner's, at most 30 characters each
	// (all2pay:303-305). Required.
	UserName string
	Password payout.Secret
	// MerchantLogin is the child merchant in whose name this account pays and saves source
	// cards (all2pay:317, 697). Empty: the partner itself.
	MerchantLogin string
	// SourceBindingID is a saved card to pay from, where that was agreed (all2pay:333).
	// Empty: the transit account.
	SourceBindingID string

	// SigningKey is a PEM private key; with it every request is signed
	// (all2pay:798-829). SigningKeyPassword decrypts it.
	SigningKey         payout.Secret
	SigningKeyPassword payout.Secret
	SignatureForm      SignatureForm

	// Balances turns on [payout.Balancer]. The document promises a balance and does not
	// say by which method (all2pay:26); it would be the one that the same module has at
	// other banks.
	Balances bool
	// CVC has the verification code of a payer's card sent as cvc, as the example has it
	// (all2pay:743), and not as cvv, as the table has it (all2pay:704).
	CVC bool

	// Dedup is what a second payout under one orderNumber meets, where a test of this very
	// account has shown it, as DedupEvidence says. The document is silent: the zero Dedup
	// assumes that it is paid again.
	Dedup         payout.Dedup
	DedupEvidence string
	// Absence is what it takes for "not found" to prove that there is no payout, where a
	// test of this very account has shown it. The zero Absence: nothing does, since the
	// same answer means a dozen other things (all2pay:893-905).
	Absence payout.Absence

	// HTTP is how the bank is reached.
	HTTP provider.HTTP

	// Now tells the time, for the end of pages and for the timestamps of encrypted cards,
	// which must be within 30 minutes of the bank's clock; nil: time.Now. Rand makes the
	// UUIDs of encrypted cards; nil: crypto/rand. Both are used by several goroutines at
	// once.
	Now  func() time.Time
	Rand io.Reader
}

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
	if c.SignatureForm > SignDigest {
		return nil, provider.Invalid(payout.Violation{Field: "signature_form", Rule: "must be SignText or SignDigest", Doc: "all2pay:800, 813"})
	}
	var off []payout.Ability
	if !c.Balances {
		off = append(off, payout.AbilityBalances)
	}
	module, err := rbs.New(dialect(), rbs.Config{
		Name: c.Name, BaseURL: c.BaseURL, UserName: c.UserName, Password: c.Password,
		MerchantLogin: c.MerchantLogin, SourceBindingID: c.SourceBindingID,
		SigningKey: key, SignDigest: c.SignatureForm == SignDigest, CVC: c.CVC, Off: off,
		Dedup: c.Dedup, DedupEvidence: c.DedupEvidence, Absence: c.Absence,
		HTTP: c.HTTP, Now: c.Now, Rand: c.Rand,
	})
	if err != nil {
		return nil, err
	}
	return &Provider{module}, nil
}
