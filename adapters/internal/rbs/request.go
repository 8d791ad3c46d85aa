package rbs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// performRequest is the body of performPayout.do (all2pay:299-358, bereke:275-302),
// in the order of the bank's signed sample (all2pay:807), so that the sample can be
// reproduced byte for byte. The login is always userName: the tables say so, some
// examples say username.
type performRequest struct {
	Amount      int64             `json:"amount"`
	Currency    string            `json:"currency"`
	Source      *binding          `json:"source,omitempty"`
	Target      target            `json:"target"`
	Client      client            `json:"client"`
	OrderNumber string            `json:"orderNumber"`
	Description string            `json:"description,omitempty"`
	Language    string            `json:"language,omitempty"`
	JSONParams  map[string]string `json:"jsonParams,omitempty"`
	credentials
}

type credentials struct {
	UserName string `json:"userName"`
	Password string `json:"password"`
}

type binding struct {
	BindingID string `json:"bindingId"`
}

// target is exactly one of PAN, BindingID, or the fields of SBP (all2pay:337). The
// card number stands in target.pan, as in the signed sample; the tables also call
// it target.card.pan.
type target struct {
	PAN        string `json:"pan,omitempty"`
	BindingID  string `json:"bindingId,omitempty"`
	Phone      string `json:"phone,omitempty"`
	BankID     string `json:"bankId,omitempty"`
	LastName   string `json:"lastName,omitempty"`
	FirstName  string `json:"firstName,omitempty"`
	MiddleName string `json:"middleName,omitempty"`
}

type client struct {
	Name     string `json:"name"`
	ClientID string `json:"clientId,omitempty"`
	Email    string `json:"email,omitempty"`
	Phone    string `json:"phone,omitempty"`
}

func (m *Module) credentials() credentials {
	return credentials{UserName: m.userName, Password: m.password.Reveal()}
}

// perform translates a request, or names every rule of the bank that it breaks.
func (m *Module) perform(req payout.Request) (performRequest, error) {
	d, c := m.dialect, &checker{}
	if to := req.Destination; to == nil || !slices.ContainsFunc(d.Destinations, to.Kind().Is) {
		return performRequest{}, unsupported()
	}
	out := performRequest{
		Amount:      m.minor(req.Amount, c),
		Currency:    d.Currency.Numeric(),
		OrderNumber: req.Reference,
		Description: req.Description,
		Language:    req.Language,
		JSONParams:  req.Metadata,
		credentials: m.credentials(),
	}
	if source := m.sourceOf(req.Source); source != "" {
		out.Source = &binding{source}
	}

	r := req.Recipient
	out.Client = client{Name: r.Name.Reveal(), ClientID: r.ID, Email: r.Email.Reveal()}
	name, email := d.doc(d.Lines.Name), d.doc(d.Lines.Email)
	c.required("recipient.name", out.Client.Name, maxName, name)
	c.broken("recipient.name", d.Name(out.Client.Name), name)
	c.atMost("recipient.email", out.Client.Email, maxEmail, email)
	if !r.Phone.IsZero() {
		var rule string
		out.Client.Phone, rule = national(r.Phone.Reveal())
		c.broken("recipient.phone", rule, d.doc(d.Lines.Phone))
	}

	switch to := req.Destination.(type) {
	case payout.Card:
		out.Target.PAN = to.Number.Reveal()
	case payout.SavedCard:
		out.Target.BindingID = to.ID
		if r.ID == "" {
			c.broken("recipient.id", "is required for a saved card", d.doc(d.Lines.ClientID))
		}
	case payout.SBP:
		out.Target = c.sbp(to)
	default: // a kind that a dialect lists and nobody has written down here
		return performRequest{}, unsupported()
	}
	return out, provider.Invalid(c.violations...)
}

func unsupported() error {
	return &payout.Error{Kind: payout.ErrUnsupported, Violations: []payout.Violation{{
		Field: "destination", Rule: "is of a kind that this bank does not pay to",
	}}}
}

// minor is the one place where an amount becomes the module's: minor units
// (all2pay:212, bereke:203). The request goes out in the bank's currency whatever
// the amount's is, so a caller without a Client is stopped here.
func (m *Module) minor(amount payout.Money, c *checker) int64 {
	minor, err := amount.MinorAt(m.dialect.Exponent)
	switch {
	case amount.Currency() != m.dialect.Currency:
		c.broken("amount", "must be in "+m.dialect.Currency.Code(), "")
	case err != nil:
		c.broken("amount", "must be a whole number of the bank's minor units", "")
	}
	return minor
}

// money is the one place where the module's amount and numeric currency code
// (all2pay:521) become an amount. False: one of them is there and can't be read.
func (m *Module) money(minor provider.Int, currency provider.Text) (payout.Money, bool) {
	if !minor.Present || !currency.Present {
		return payout.Money{}, true
	}
	cur, err := payout.CurrencyByNumeric(currency.Value)
	if err != nil {
		return payout.Money{}, false
	}
	amount, err := payout.FromMinorAt(minor.Value, m.dialect.Exponent, cur)
	return amount, err == nil
}

func (m *Module) sourceOf(s payout.Source) string {
	if s.SavedCard != "" {
		return s.SavedCard
	}
	return m.source
}

// checker collects broken rules.
type checker struct{ violations []payout.Violation }

func (c *checker) broken(field, rule, doc string) {
	if rule != "" {
		c.violations = append(c.violations, payout.Violation{Field: field, Rule: rule, Doc: doc})
	}
}

func (c *checker) required(field, text string, limit int, doc string) {
	if text == "" {
		c.broken(field, "is required", doc)
	}
	c.atMost(field, text, limit, doc)
}

func (c *checker) atMost(field, text string, limit int, doc string) {
	if len([]rune(text)) > limit {
		c.broken(field, fmt.Sprintf("must be at most %d characters", limit), doc)
	}
}

func (c *checker) sbp(to payout.SBP) target {
	phone, rule := russianMobile(to.Phone.Reveal())
	c.broken("destination.phone", rule, "all2pay:344-345")
	c.broken("destination.last_name", cyrillic(to.LastName.Reveal()), "all2pay:349")
	c.broken("destination.first_name", cyrillic(to.FirstName.Reveal()), "all2pay:351")
	c.broken("destination.middle_name", cyrillic(to.MiddleName.Reveal()), "all2pay:353")
	return target{
		Phone: phone, BankID: to.BankID,
		LastName: to.LastName.Reveal(), FirstName: to.FirstName.Reveal(), MiddleName: to.MiddleName.Reveal(),
	}
}

// encode writes compact JSON once: the very bytes that are hashed are sent
// (all2pay:806). HTML is not escaped, so that they read as in the document.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
