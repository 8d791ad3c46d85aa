package connpay

import (
	"crypto/rand"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// The gateways (connpay:8-11). White labels have others.
const (
	Sandbox    = "https://sandbox.connpay.com/paynet"
	Production = "https://gate.connpay.com/paynet"
)

// Config is one endpoint, or one group, of a merchant at ConnPay. It can be
// printed: what is secret in it can't.
type Config struct {
	// Name of the instance; empty: "connpay".
	Name string
	// BaseURL is [Sandbox], [Production], another gateway's or a simulated bank's, with
	// the path above /api. Required.
	BaseURL string
	// Login is the merchant's login, sent as oauth_consumer_key. Required.
	Login string
	// PrivateKey is the merchant's RSA key as PEM, 2048 bits or more (connpay:283).
	// PrivateKeyPassword decrypts it. Required.
	PrivateKey         payout.Secret
	PrivateKeyPassword payout.Secret
	// Control is the merchant's control key. Required for a group: an order whose
	// answer was lost can only be found by the older status call, which it signs.
	Control payout.Secret
	// Endpoint is where payouts go. Required.
	Endpoint Endpoint
	// HTTP is how the gateway is reached.
	HTTP provider.HTTP
	// Rand makes nonces; nil: crypto/rand. Now tells the time for signatures; nil:
	// time.Now. Both are used by several goroutines at once.
	Rand io.Reader
	Now  func() time.Time
}

// Endpoint is an ENDPOINTID or ENDPOINTGROUPID (connpay:8-11) with what it can do.
type Endpoint struct {
	ID         string // digits
	Group      bool   // ID is that of a group
	Currencies []payout.Currency
}

// New checks a configuration and returns its provider. It does no I/O. The error is
// ErrInvalid and names what is wrong; it quotes no secret.
func New(c Config) (*Provider, error) {
	var bad []payout.Violation
	broken := func(field, rule, doc string) {
		bad = append(bad, payout.Violation{Field: field, Rule: rule, Doc: doc})
	}
	if c.Login == "" {
		broken("login", "is required", "")
	}
	if !digits(c.Endpoint.ID) {
		broken("endpoint.id", "must be digits", "connpay:8-11")
	}
	amounts, rule := ranges(c.Endpoint.Currencies)
	if rule != "" {
		broken("endpoint.currencies", rule, "connpay:24")
	}
	if c.Endpoint.Group && c.Control.IsZero() {
		broken("control", "is required for a group: without it an order whose answer was lost can't be asked about", "")
	}
	key, err := provider.ParsePrivateKey(c.PrivateKey, c.PrivateKeyPassword)
	if err != nil {
		broken("private_key", err.Error(), "connpay:283")
	}
	if err := provider.Invalid(bad...); err != nil {
		return nil, err
	}
	link, err := c.HTTP.Open(c.BaseURL)
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(c.BaseURL) // the link has checked it
	if err != nil {
		return nil, err
	}
	if c.Name == "" {
		c.Name = "connpay"
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	where := "endpoint"
	if c.Endpoint.Group {
		where = "group"
	}
	c.Endpoint.Currencies = slices.Clone(c.Endpoint.Currencies)
	return &Provider{
		link:     link,
		signer:   signer{login: c.Login, key: key, base: base, rand: c.Rand, now: c.Now},
		control:  c.Control,
		endpoint: c.Endpoint,
		info: payout.Info{
			Adapter:      "connpay",
			Name:         c.Name,
			Account:      strings.Join([]string{link.Host(), url.PathEscape(c.Login), where, c.Endpoint.ID}, "/"),
			Amounts:      amounts,
			Destinations: []payout.Kind{payout.BankAccount{}.Kind()},
			Reference:    payout.ReferenceRule{Max: 128, Alphabet: payout.Alphanumeric + "-_.", Doc: "connpay:18-20"},
			Description:  64,
			// The platform advises every 3 to 5 s for 5 minutes, every 5 to 10 minutes up to an
			// hour, then to wait for the callback. Asking goes on, as no callback is certain.
			Polling: payout.Polling{
				{Every: 4 * time.Second, For: 5 * time.Minute},
				{Every: 7 * time.Minute, For: 55 * time.Minute},
				{Every: time.Hour},
			},
		},
	}, nil
}

// maxAmount is the greatest length of an amount in characters (connpay:23).
const maxAmount = 10

// ranges returns what fits into an amount's characters, for each currency.
func ranges(currencies []payout.Currency) (out []payout.AmountRange, rule string) {
	if len(currencies) == 0 {
		return nil, "must name at least one"
	}
	for _, c := range currencies {
		digits := maxAmount
		switch e := c.Exponent(); {
		case e < 0:
			return nil, "must be currencies that can hold money"
		case e > 0:
			digits-- // the dot
		}
		highest := int64(1)
		for range digits {
			highest *= 10
		}
		out = append(out, payout.AmountRange{Min: payout.FromMinor(1, c), Max: payout.FromMinor(highest-1, c)})
	}
	return out, ""
}

// digits reports whether text is an ENDPOINTID (connpay:8-11): it becomes part of a
// path.
func digits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
