package rbs

import (
	"net/url"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// Dialect is what a bank's edition of the module differs by.
type Dialect struct {
	Adapter      string          // the adapter's name, and the prefix of document lines
	Currency     payout.Currency // the only one that the bank pays in
	Exponent     int             // of the bank's minor units
	Destinations []payout.Kind
	SourceCards  bool

	// Errors are the rows of the bank's table of errors that mean something certain for
	// a payout. A pair that is not in it is an unknown outcome.
	Errors map[Pair]Verdict

	// Name checks the recipient's name beyond its length.
	Name func(string) (rule string)

	// Lines are the lines of the bank's document that rules come from, by field.
	Lines Lines
}

// Lines are line numbers or ranges in the bank's document.
type Lines struct {
	UserName, Password, OrderNumber, Amount, ClientID, Email, Phone, Name string
}

func (d Dialect) doc(line string) string {
	if line == "" {
		return ""
	}
	return d.Adapter + ":" + line
}

// Config is what the adapters' configurations have in common.
type Config struct {
	Name            string
	BaseURL         string
	UserName        string
	Password        payout.Secret
	SourceBindingID string
	SigningKey      provider.PrivateKey
	HTTP            provider.HTTP
}

// Documented lengths that are the same in both editions.
const (
	maxLogin       = 30  // all2pay:206, bereke:148
	maxOrderNumber = 32  // all2pay:210, bereke:317
	maxDescription = 598 // all2pay:216, bereke:207
	maxEmail       = 30  // all2pay:228, bereke:211
	maxName        = 24  // all2pay:233, bereke:213
	maxAmount      = 999_999_999_999
)

// Module is one account at one bank that runs the Payout Module. It implements the
// methods of [payout.Provider] and more; an adapter exposes those that its bank
// has.
type Module struct {
	dialect  Dialect
	info     payout.Info
	link     *provider.Link
	userName string
	password payout.Secret
	source   string
	key      provider.PrivateKey
}

// New checks a configuration. It does no I/O.
func New(d Dialect, c Config) (*Module, error) {
	check := &checker{}
	check.required("user_name", c.UserName, maxLogin, d.doc(d.Lines.UserName))
	check.required("password", c.Password.Reveal(), maxLogin, d.doc(d.Lines.Password))
	if err := provider.Invalid(check.violations...); err != nil {
		return nil, err
	}
	link, err := c.HTTP.Open(c.BaseURL)
	if err != nil {
		return nil, err
	}
	if c.Name == "" {
		c.Name = d.Adapter
	}
	account := link.Host() + "/" + url.PathEscape(c.UserName)
	if c.SourceBindingID != "" {
		account += "/" + url.PathEscape(c.SourceBindingID)
	}
	return &Module{
		dialect: d, link: link, userName: c.UserName, password: c.Password, source: c.SourceBindingID, key: c.SigningKey,
		info: payout.Info{
			Adapter: d.Adapter,
			Name:    c.Name,
			Account: account,
			Amounts: []payout.AmountRange{{
				Min: payout.FromMinor(1, d.Currency),
				Max: payout.FromMinor(maxAmount, d.Currency),
			}},
			Destinations: d.Destinations,
			SourceCards:  d.SourceCards,
			Reference:    payout.ReferenceRule{Max: maxOrderNumber, Doc: d.doc(d.Lines.OrderNumber)},
			Description:  maxDescription,
			// Polling: the documents advise nothing. Dedup and Absence: 400/98 stands for a
			// dozen faults, and no document says what a second order under one number does, so
			// nothing is assumed.
		},
	}, nil
}

// Info implements [payout.Provider].
func (m *Module) Info() payout.Info { return m.info }

// CloseIdleConnections closes the connections that no call is using.
func (m *Module) CloseIdleConnections() { m.link.CloseIdle() }
