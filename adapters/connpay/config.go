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
	// PrivateKey is the merchant's RSA key as PEM, PKCS#1 or PKCS#8, of 2048 to 4096 bits
	// (connpay:283). PrivateKeyPassword decrypts it. Required.
	PrivateKey         payout.Secret
	PrivateKeyPassword payout.Secret
	// Control is the merchant's control key. Without it callbacks can't be verified, and
	// the provider does not read any. Required for a group, whose order can only be
	// found by the older status call while its answer is lost, for StatusV2, and for
	// Balance.
	Control payout.Secret
	// Endpoint is where payouts go. Required.
	Endpoint Endpoint
	// HTTP is how the gateway is reached.
	HTTP provider.HTTP

	// StatusV2 has Find ask by /api/v2/status, which Control signs, in place of
	// /api/v4/status: ConnPay's own pages show the former, the platform's the latter.
	StatusV2 bool
	// JSON asks for answers in JSON, which newer gateways have. Forms are read all the
	// same.
	JSON bool
	// Aliases has the recipient's parameters sent by their other names, first_name for
	// receiver_first_name and so on (connpay:125-158).
	Aliases bool
	// Birthdays is how receiver_birthday is written, as a layout of package time that
	// gives digits only, which is all that the document says of it (connpay:130-132).
	// Empty: 20060102, which is how the platform's other pages write a birthday.
	Birthdays string
	// Callback are the names of a callback's parameters, where the endpoint's callback
	// address was set up with others.
	Callback CallbackNames
	// Balance turns [payout.AbilityBalances] on, once support has done so.
	Balance Balance

	// Rand makes nonces; nil: crypto/rand. Now tells the time for signatures; nil:
	// time.Now. Both are used by several goroutines at once.
	Rand io.Reader
	Now  func() time.Time
}

// New checks a configuration and returns its provider. It does no I/O. The error is
// ErrInvalid and names what is wrong; it quotes no secret.
func New(c Config) (*Provider, error) {
	c = c.withDefaults()
	bad := c.broken()
	key, err := provider.ParsePrivateKey(c.PrivateKey, c.PrivateKeyPassword)
	switch {
	case err != nil:
		bad = append(bad, payout.Violation{Field: "private_key", Rule: err.Error(), Doc: "connpay:283"})
	case key.Bits() > 4096:
		bad = append(bad, payout.Violation{Field: "private_key", Rule: "the RSA key has more than 4096 bits", Doc: "connpay:283"})
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
	where := "endpoint"
	if c.Endpoint.Group {
		where = "group"
	}
	amounts, _ := ranges(c.Endpoint.Currencies)
	return &Provider{
		link:      link,
		oauth:     oauth{login: c.Login, base: base, rand: c.Rand, now: c.Now},
		key:       key,
		control:   c.Control,
		endpoint:  c.Endpoint,
		statusV2:  c.StatusV2,
		json:      c.JSON,
		aliases:   c.Aliases,
		birthdays: c.Birthdays,
		callback:  c.Callback,
		balance:   c.Balance,
		info: payout.Info{
			Adapter:      "connpay",
			Name:         c.Name,
			Account:      strings.Join([]string{link.Host(), url.PathEscape(c.Login), where, c.Endpoint.ID}, "/"),
			Amounts:      amounts,
			Destinations: c.Endpoint.Destinations,
			Options:      []payout.Kind{orderKind},
			Reference:    payout.ReferenceRule{Max: 128, Alphabet: payout.Alphanumeric + "-_.", Doc: "connpay:18-20"},
			Description:  64,
			Fields:       c.Endpoint.fields(),
			Off:          c.off(),
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

func (c Config) withDefaults() Config {
	if c.Name == "" {
		c.Name = "connpay"
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Birthdays == "" {
		c.Birthdays = "20060102"
	}
	c.Endpoint = c.Endpoint.kept()
	c.Callback = c.Callback.withDefaults()
	return c
}

func (c Config) broken() (bad []payout.Violation) {
	add := func(field, rule, doc string) {
		bad = append(bad, payout.Violation{Field: field, Rule: rule, Doc: doc})
	}
	if c.Login == "" {
		add("login", "is required", "")
	}
	bad = append(bad, c.Endpoint.broken()...)
	switch {
	case !c.Control.IsZero():
	case c.Endpoint.Group:
		add("control", "is required for a group: without it an order whose answer was lost can't be asked about", "")
	case c.StatusV2:
		add("control", "is required for status_v2, whose questions it signs", "")
	case c.Balance.Of != NoBalance:
		add("control", "is required for balance, whose questions it signs", "")
	}
	if !whole(c.Birthdays) {
		add("birthdays", "must be a layout of a whole date that gives digits only", "connpay:132")
	}
	bad = append(bad, c.Callback.broken()...)
	return append(bad, c.Balance.broken(c.Endpoint)...)
}

// off are the abilities that this configuration leaves off.
func (c Config) off() (off []payout.Ability) {
	if c.Balance.Of == NoBalance {
		off = append(off, payout.AbilityBalances)
	}
	if c.Control.IsZero() {
		off = append(off, payout.AbilityCallback)
	}
	return slices.Clip(off)
}

// whole reports whether a layout writes days in digits, and so that they can be read
// again: with all of the year, and months and days of two digits.
func whole(layout string) bool {
	for _, day := range []time.Time{
		time.Date(1931, time.December, 30, 0, 0, 0, 0, time.UTC),
		time.Date(1931, time.January, 2, 0, 0, 0, 0, time.UTC),
	} {
		text := day.Format(layout)
		again, err := time.Parse(layout, text)
		if err != nil || !again.Equal(day) || !digits(text) {
			return false
		}
	}
	return true
}
