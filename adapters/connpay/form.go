package connpay

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	querystring "github.com/google/go-querystring/query"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// form is the body of a payout, by the names of connpay:18-183.
type form struct {
	ClientOrderID      string `url:"client_orderid"`
	Amount             string `url:"amount"`
	Currency           string `url:"currency"`
	OrderDesc          string `url:"order_desc,omitempty"`
	ServerCallbackURL  string `url:"server_callback_url,omitempty"`
	RedirectURL        string `url:"redirect_url,omitempty"`
	RedirectSuccessURL string `url:"redirect_success_url,omitempty"`
	RedirectFailURL    string `url:"redirect_fail_url,omitempty"`

	AccountNumber string `url:"account_number,omitempty"`
	AccountName   string `url:"account_name,omitempty"`
	BankName      string `url:"bank_name,omitempty"`
	BankBranch    string `url:"bank_branch,omitempty"`
	BankCode      string `url:"bank_code,omitempty"`
	BankCity      string `url:"bank_city,omitempty"`
	BankAddress1  string `url:"bank_address1,omitempty"`
	BankZIPCode   string `url:"bank_zip_code,omitempty"`
	BankProvince  string `url:"bank_province,omitempty"`
	BankArea      string `url:"bank_area,omitempty"`
	BankBIC       string `url:"bank_bic,omitempty"`
	RoutingNumber string `url:"routing_number,omitempty"`

	ReceiverFirstName   string `url:"receiver_first_name,omitempty"`
	ReceiverLastName    string `url:"receiver_last_name,omitempty"`
	ReceiverCountryCode string `url:"receiver_country_code,omitempty"`
	ReceiverState       string `url:"receiver_state,omitempty"`
	ReceiverCity        string `url:"receiver_city,omitempty"`
	ReceiverZIPCode     string `url:"receiver_zip_code,omitempty"`
	ReceiverAddress1    string `url:"receiver_address1,omitempty"`
	ReceiverPhone       string `url:"receiver_phone,omitempty"`
	ReceiverEmail       string `url:"receiver_email,omitempty"`
}

// rule is what the document says of a parameter.
type rule struct {
	field   string // ours
	max     int
	numeric bool
	line    string
}

// rules are the types and lengths of connpay:18-183, by the document's name.
// Anything that is not here has no rule beyond the library's own.
var rules = map[string]rule{
	"order_desc":            {"description", 64, false, "30"},
	"server_callback_url":   {"callback_url", 128, false, "38"},
	"redirect_url":          {"return_url", 128, false, "46"},
	"redirect_success_url":  {"return_url", 1024, false, "53"},
	"redirect_fail_url":     {"fail_url", 1024, false, "60"},
	"account_number":        {"destination.number", 32, false, "78"},
	"account_name":          {"destination.name", 128, false, "81"},
	"bank_name":             {"destination.bank_name", 255, false, "93"},
	"bank_branch":           {"destination.bank_branch", 255, false, "96"},
	"bank_code":             {"destination.bank_code", 32, false, "99"},
	"bank_city":             {"destination.bank_city", 128, false, "102"},
	"bank_address1":         {"destination.bank_address", 255, false, "105"},
	"bank_zip_code":         {"destination.bank_zip", 255, false, "108"},
	"bank_province":         {"destination.bank_province", 255, false, "111"},
	"bank_area":             {"destination.bank_area", 255, false, "114"},
	"routing_number":        {"destination.routing_number", 16, false, "117"},
	"bank_bic":              {"destination.bic", 128, false, "165"},
	"receiver_first_name":   {"recipient.first_name", 128, false, "126"},
	"receiver_last_name":    {"recipient.last_name", 128, false, "129"},
	"receiver_country_code": {"recipient.country", 3, false, "135"},
	"receiver_state":        {"recipient.state", 4, false, "138"},
	"receiver_city":         {"recipient.city", 128, false, "141"},
	"receiver_zip_code":     {"recipient.zip", 32, true, "144"},
	"receiver_address1":     {"recipient.street", 256, false, "147"},
	"receiver_phone":        {"recipient.phone", 128, true, "150"},
	"receiver_email":        {"recipient.email", 128, false, "153"},
}

// form translates a request, or names every rule of the document that it breaks.
func (p *Provider) form(req payout.Request) (form, error) {
	to, ok := req.Destination.(payout.BankAccount)
	if !ok {
		return form{}, &payout.Error{Kind: payout.ErrUnsupported, Violations: []payout.Violation{{
			Field: "destination", Rule: "is of a kind that this adapter does not pay to",
		}}}
	}
	r := req.Recipient
	f := form{
		ClientOrderID: req.Reference,
		Amount:        major(req.Amount),
		Currency:      req.Amount.Currency().Code(),
		OrderDesc:     req.Description, ServerCallbackURL: req.CallbackURL,

		AccountNumber: to.Number.Reveal(), AccountName: to.Name.Reveal(),
		BankName: to.BankName, BankBranch: to.BankBranch, BankCode: to.BankCode,
		BankCity: to.BankCity, BankAddress1: to.BankAddress, BankZIPCode: to.BankZIP,
		BankProvince: to.BankProvince, BankArea: to.BankArea, BankBIC: to.BIC,
		RoutingNumber: to.RoutingNumber,

		ReceiverFirstName: r.FirstName.Reveal(), ReceiverLastName: r.LastName.Reveal(),
		ReceiverCountryCode: r.Address.Country, ReceiverState: r.Address.State,
		ReceiverCity: r.Address.City.Reveal(), ReceiverZIPCode: r.Address.ZIP.Reveal(),
		ReceiverAddress1: r.Address.Street.Reveal(),
		ReceiverPhone:    r.Phone.Reveal(), ReceiverEmail: r.Email.Reveal(),
	}
	var bad []payout.Violation
	// Either one address, or one for each outcome (connpay:44).
	switch {
	case req.FailURL == "":
		f.RedirectURL = req.ReturnURL
	case req.ReturnURL == "":
		bad = append(bad, payout.Violation{Field: "fail_url", Rule: "needs return_url beside it", Doc: "connpay:44"})
	default:
		f.RedirectSuccessURL, f.RedirectFailURL = req.ReturnURL, req.FailURL
	}
	values, err := querystring.Values(f)
	if err != nil {
		return form{}, provider.Invalid(payout.Violation{Field: "request", Rule: "can't be written as a form"})
	}
	return f, provider.Invalid(append(bad, check(values)...)...)
}

// check holds a form against the document's table.
func check(values url.Values) []payout.Violation {
	var bad []payout.Violation
	for name := range values {
		r, ok := rules[name]
		if !ok {
			continue
		}
		text := values.Get(name)
		doc := "connpay:" + r.line
		if utf8.RuneCountInString(text) > r.max {
			bad = append(bad, payout.Violation{Field: r.field, Rule: fmt.Sprintf("must be at most %d characters (%s)", r.max, name), Doc: doc})
		}
		if r.numeric && strings.Trim(text, "0123456789") != "" {
			bad = append(bad, payout.Violation{Field: r.field, Rule: "must be digits only (" + name + ")", Doc: doc})
		}
	}
	slices.SortFunc(bad, func(a, b payout.Violation) int { return cmp.Compare(a.Field, b.Field) })
	return bad
}

// major is the one place where an amount becomes ConnPay's: major units with a dot
// (connpay:22).
func major(m payout.Money) string { return m.Major() }

// money is the one place where ConnPay's amount becomes one of ours. False: there
// is one, and it can't be read.
func money(amount, currency string) (payout.Money, bool) {
	if amount == "" || currency == "" {
		return payout.Money{}, true
	}
	c, err := payout.ParseCurrency(currency)
	if err != nil {
		return payout.Money{}, false
	}
	m, err := payout.ParseMajor(amount, c)
	return m, err == nil
}
