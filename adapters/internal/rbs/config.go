package rbs

import (
	"crypto/rand"
	"io"
	"net/url"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// Config is what the adapters' configurations have in common.
type Config struct {
	Name            string
	BaseURL         string
	UserName        string
	Password        payout.Secret
	MerchantLogin   string
	SourceBindingID string
	SigningKey      provider.PrivateKey
	SignDigest      bool // sign the 32 bytes of the hash, and not its base64 text
	CVC             bool // the verification code travels as cvc, and not as cvv
	Off             []payout.Ability
	Dedup           payout.Dedup
	DedupEvidence   string
	Absence         payout.Absence
	HTTP            provider.HTTP
	Now             func() time.Time
	Rand            io.Reader
}

// New checks a configuration. It does no I/O.
func New(d Dialect, c Config) (*Module, error) {
	if err := provider.Invalid(c.check(d)...); err != nil {
		return nil, err
	}
	link, err := c.HTTP.Open(c.BaseURL)
	if err != nil {
		return nil, err
	}
	if c.Name == "" {
		c.Name = d.Adapter
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	return &Module{
		dialect: d, link: link, userName: c.UserName, password: c.Password, merchant: c.MerchantLogin, source: c.SourceBindingID,
		signer: signer{c.SigningKey, c.SignDigest}, cvc: c.CVC, keys: newKeyring(), now: c.Now, rand: c.Rand,
		info: payout.Info{
			Adapter: d.Adapter,
			Name:    c.Name,
			Account: c.account(link.Host()),
			Amounts: []payout.AmountRange{{
				Min: payout.FromMinor(1, d.Currency),
				Max: payout.FromMinor(maxAmount, d.Currency),
			}},
			Destinations: d.destinations(c.SourceBindingID),
			Options:      options(d),
			SourceCards:  d.Perform.takes("source.bindingId"),
			Reference:    payout.ReferenceRule{Max: maxOrderNumber, Doc: d.doc(d.Perform.Params["orderNumber"])},
			Description:  maxDescription,
			Fields:       d.fields(),
			// Polling: the documents advise nothing. Dedup and Absence: 400/98 stands for a
			// dozen faults, and no document says what a second order under one number does. So
			// nothing is assumed but what a configuration vouches for.
			Dedup:   c.Dedup,
			Absence: c.Absence,
			Off:     c.Off,
		},
	}, nil
}

func options(d Dialect) []payout.Kind {
	if d.Order.Name() == "" {
		return nil
	}
	return []payout.Kind{d.Order}
}

// account is where money and references live.
func (c Config) account(host string) string {
	account := host + "/" + url.PathEscape(c.UserName)
	if c.MerchantLogin != "" {
		account += "/merchant/" + url.PathEscape(c.MerchantLogin)
	}
	if c.SourceBindingID != "" {
		account += "/" + url.PathEscape(c.SourceBindingID)
	}
	return account
}

func (c Config) check(d Dialect) []payout.Violation {
	var bad []payout.Violation
	add := func(field, rule string) {
		if rule != "" {
			bad = append(bad, payout.Violation{Field: field, Rule: rule})
		}
	}
	for _, p := range params {
		var text string
		switch p.name {
		case "userName":
			text = c.UserName
		case "password":
			text = c.Password.Reveal()
		case "merchantLogin":
			text = c.MerchantLogin
		case "source.bindingId":
			text = c.SourceBindingID
		default:
			continue
		}
		if rule := d.broken(d.Perform, p, text, text != ""); rule != "" {
			bad = append(bad, payout.Violation{Field: p.config(), Rule: rule + " (" + p.name + ")", Doc: d.doc(d.Perform.Params[p.name])})
		}
	}
	if c.Dedup != payout.DedupNone && c.DedupEvidence == "" {
		add("dedup_evidence", "is required: what shows that this account's bank treats a known orderNumber so")
	}
	if a := c.Absence; a.Proves {
		if a.Evidence == "" {
			add("absence.evidence", "is required: what shows that this account's bank says 400/98 only of orders that will never be paid")
		}
		if a.After <= 0 || a.Times < 1 {
			add("absence", "must say after which time, and how often it has to be seen")
		}
		if c.MerchantLogin != "" {
			add("absence", "can't be proved of a child merchant's orders: a status request does not name the merchant")
		}
	}
	return bad
}
