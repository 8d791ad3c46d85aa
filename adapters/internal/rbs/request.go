package rbs

import (
	"slices"
	"strconv"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// order is the body of performPayout.do and registerPayout.do (all2pay:204-249,
// 300-358; bereke:196-219, 278-302), in the order of the bank's signed sample
// (all2pay:807), so that the sample can be reproduced byte for byte. The login is
// always userName: the tables say so, some examples say username.
type order struct {
	Amount             int64             `json:"amount"`
	Currency           string            `json:"currency"`
	Source             *binding          `json:"source,omitempty"`
	Target             *target           `json:"target,omitempty"`
	Client             client            `json:"client"`
	OrderNumber        string            `json:"orderNumber"`
	Description        string            `json:"description,omitempty"`
	Language           string            `json:"language,omitempty"`
	MerchantLogin      string            `json:"merchantLogin,omitempty"`
	SessionTimeoutSecs int               `json:"sessionTimeoutSecs,omitempty"`
	URLs               *urls             `json:"urls,omitempty"`
	JSONParams         map[string]string `json:"jsonParams,omitempty"`
	credentials
}

type credentials struct {
	UserName string `json:"userName"`
	Password string `json:"password"`
}

type binding struct {
	BindingID string `json:"bindingId"`
}

type client struct {
	Name     string `json:"name"`
	ClientID string `json:"clientId,omitempty"`
	Email    string `json:"email,omitempty"`
	Phone    string `json:"phone,omitempty"`
}

// Order is what the adapters' own options say.
type Order struct {
	MerchantLogin      string
	SessionTimeoutSecs string
}

func (m *Module) credentials() credentials {
	return credentials{UserName: m.userName, Password: m.password.Reveal()}
}

// order translates what both methods take. What breaks a rule of the bank is in
// found, or shows when the body is written.
func (m *Module) order(req payout.Request, extra Order) (out order, found findings) {
	found = findings{}
	out = order{
		Amount:        m.minor(req.Amount, found),
		Currency:      m.dialect.Currency.Numeric(),
		OrderNumber:   req.Reference,
		Description:   req.Description,
		Language:      req.Language,
		MerchantLogin: extra.MerchantLogin,
		JSONParams:    req.Metadata,
		credentials:   m.credentials(),
	}
	found.needed("orderNumber", req.Reference != "", "is required")
	switch {
	case extra.MerchantLogin == "":
		out.MerchantLogin = m.merchant
	case m.info.Absence.Proves:
		found.broken("merchantLogin", "can't be used where the configuration takes not found for a proof: a status request does not name the merchant")
	}
	if source := m.sourceOf(req.Source); source != "" {
		out.Source = &binding{source}
	}
	if text := extra.SessionTimeoutSecs; text != "" {
		found.broken("sessionTimeoutSecs", Seconds(text))
		out.SessionTimeoutSecs, _ = strconv.Atoi(text)
	}
	r := req.Recipient
	out.Client = client{Name: r.Name.Reveal(), ClientID: r.ID, Email: r.Email.Reveal()}
	if !r.Phone.IsZero() {
		var rule string
		out.Client.Phone, rule = national(r.Phone.Reveal())
		found.broken("client.phone", rule)
	}
	return out, found
}

// pays reports whether the account pays to a destination, and returns ErrUnsupported
// if not.
func (m *Module) pays(to payout.Destination) error {
	if to != nil && slices.ContainsFunc(m.info.Destinations, to.Kind().Is) {
		return nil
	}
	return &payout.Error{Kind: payout.ErrUnsupported, Violations: []payout.Violation{{
		Field: "destination", Rule: "is of a kind that this bank does not pay to",
	}}}
}

// minor is the one place where an amount becomes the module's: minor units
// (all2pay:212, bereke:203). The request goes out in the bank's currency whatever
// the amount's is, so a caller without a Client is stopped here.
func (m *Module) minor(amount payout.Money, found findings) int64 {
	minor, err := amount.MinorAt(m.dialect.Exponent)
	switch {
	case amount.Currency() != m.dialect.Currency:
		found.broken("amount", "must be in "+m.dialect.Currency.Code())
	case err != nil:
		found.broken("amount", "must be a whole number of the bank's minor units")
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
