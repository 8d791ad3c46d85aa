package connpay

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/payoutkit/payout"
)

// parameter is what the document says of one parameter of a payout, and what fills
// it.
type parameter struct {
	field    string        // ours, as a refusal names it
	kind     kind          // its type
	min, max int           // its length in characters; 0: the document has none
	line     int           // where the document says so
	of       []payout.Kind // the destinations that go with it; nil: every one
}

// kind is a parameter's type in the document's words.
type kind uint8

const (
	text     kind = iota // String, Varchar
	numeric              // Numeric, Int: digits
	long                 // Long
	decimal              // the Numeric that is an amount
	address              // the String that is an IP address
	callable             // the String that is an address which the gateway calls
)

var (
	bankAccount  = []payout.Kind{payout.BankAccount{}.Kind()}
	card         = []payout.Kind{payout.Card{}.Kind()}
	savedCard    = []payout.Kind{payout.SavedCard{}.Kind()}
	wallet       = []payout.Kind{payout.Wallet{}.Kind()}
	cryptoWallet = []payout.Kind{payout.CryptoWallet{}.Kind()}

	// destinations are the kinds that the document has parameters for.
	destinations = slices.Concat(bankAccount, card, savedCard, wallet, cryptoWallet)
)

// parameters is the document's table (connpay:18-183), by its names.
var parameters = map[string]parameter{
	"client_orderid":       {"reference", text, 0, 128, 20, nil},
	"amount":               {"amount", decimal, 0, 10, 23, nil},
	"currency":             {"amount", text, 0, 3, 26, nil},
	"order_desc":           {"description", text, 0, 64, 29, nil},
	"ipaddress":            {orderField + "ipaddress", address, 7, 45, 32, nil},
	"purpose":              {orderField + "purpose", text, 0, 128, 35, nil},
	"server_callback_url":  {"callback_url", callable, 0, 128, 38, nil},
	"redirect_url":         {"return_url", text, 0, 128, 46, nil},
	"redirect_success_url": {"return_url", text, 0, 1024, 53, nil},
	"redirect_fail_url":    {"fail_url", text, 0, 1024, 60, nil},

	"credit_card_number":    {"destination.number", numeric, 0, 20, 63, card},
	"card_printed_name":     {"destination.holder", text, 0, 128, 66, card},
	"expire_month":          {"destination.expiry", numeric, 0, 2, 69, card},
	"expire_year":           {"destination.expiry", numeric, 0, 4, 72, card},
	"cvv2":                  {orderField + "cvv2", numeric, 3, 4, 75, slices.Concat(card, savedCard)},
	"account_number":        {"destination.number", text, 0, 32, 78, bankAccount},
	"account_name":          {"destination.name", text, 0, 128, 81, bankAccount},
	"ewallet_type":          {"destination.system", text, 0, 64, 84, wallet},
	"ewallet_wallet":        {"destination.id", text, 0, 128, 87, wallet},
	"crypto_wallet_address": {"destination.address", text, 0, 64, 90, cryptoWallet},
	"bank_name":             {"destination.bank_name", text, 0, 255, 93, bankAccount},
	"bank_branch":           {"destination.bank_branch", text, 0, 255, 96, bankAccount},
	"bank_code":             {"destination.bank_code", text, 0, 32, 99, bankAccount},
	"bank_city":             {"destination.bank_city", text, 0, 128, 102, bankAccount},
	"bank_address1":         {"destination.bank_address", text, 0, 255, 105, bankAccount},
	"bank_zip_code":         {"destination.bank_zip", text, 0, 255, 108, bankAccount},
	"bank_province":         {"destination.bank_province", text, 0, 255, 111, bankAccount},
	"bank_area":             {"destination.bank_area", text, 0, 255, 114, bankAccount},
	"routing_number":        {"destination.routing_number", text, 0, 16, 117, bankAccount},

	"legal_person_name":                 {orderField + "legal_person_name", text, 0, 128, 120, nil},
	"legal_person_document_number":      {orderField + "legal_person_document_number", text, 0, 128, 123, nil},
	"receiver_first_name":               {"recipient.first_name", text, 0, 128, 126, nil},
	"receiver_last_name":                {"recipient.last_name", text, 0, 128, 129, nil},
	"receiver_birthday":                 {"recipient.birth_date", numeric, 0, 30, 132, nil},
	"receiver_country_code":             {"recipient.country", text, 0, 3, 135, nil},
	"receiver_state":                    {"recipient.state", text, 0, 4, 138, nil},
	"receiver_city":                     {"recipient.city", text, 0, 128, 141, nil},
	"receiver_zip_code":                 {"recipient.zip", numeric, 0, 32, 144, nil},
	"receiver_address1":                 {"recipient.street", text, 0, 256, 147, nil},
	"receiver_phone":                    {"recipient.phone", numeric, 0, 128, 150, nil},
	"receiver_email":                    {"recipient.email", text, 0, 128, 153, nil},
	"receiver_identity_document_id":     {orderField + "receiver_identity_document_id", text, 0, 128, 156, nil},
	"receiver_identity_document_number": {orderField + "receiver_identity_document_number", text, 0, 128, 159, nil},
	"merchant_data":                     {"metadata", text, 0, maxMerchantData, 162, nil},
	"bank_bic":                          {"destination.bic", text, 0, 128, 165, bankAccount},
	"receiver_inn":                      {orderField + "receiver_inn", text, 0, 128, 168, nil},
	"customer_level":                    {orderField + "customer_level", text, 0, 32, 171, nil},
	"customer_id":                       {orderField + "customer_id", numeric, 0, 10, 174, nil},
	"merchant_customer_identifier":      {orderField + "merchant_customer_identifier", text, 0, 64, 177, nil},
	"card_recurring_payment_id":         {"destination.id", long, 0, 0, 180, savedCard},
	"recurring-payment-id":              {"destination.id", long, 0, 0, 183, savedCard},
}

// aliases are the other names under which a parameter can be sent
// (connpay:125-158).
var aliases = map[string]string{
	"receiver_first_name":               "first_name",
	"receiver_last_name":                "last_name",
	"receiver_birthday":                 "birthday",
	"receiver_country_code":             "country",
	"receiver_state":                    "state",
	"receiver_city":                     "city",
	"receiver_zip_code":                 "zip_code",
	"receiver_address1":                 "address1",
	"receiver_phone":                    "phone",
	"receiver_email":                    "email",
	"receiver_identity_document_id":     "identity_document_id",
	"receiver_identity_document_number": "identity_document_number",
}

// check returns the rule that a text which is not empty breaks, or "".
func (p parameter) check(s string) (rule string) {
	n := utf8.RuneCountInString(s)
	switch {
	case n < p.min:
		return fmt.Sprintf("must be at least %d characters", p.min)
	case p.max > 0 && n > p.max:
		return fmt.Sprintf("must be at most %d characters", p.max)
	}
	switch p.kind {
	case numeric:
		if !digits(s) {
			return "must be digits only"
		}
	case long:
		if _, err := strconv.ParseInt(s, 10, 64); err != nil || !digits(s) {
			return "must be a whole number that fits in 64 bits"
		}
	case decimal:
		if whole, part, dot := strings.Cut(s, "."); !digits(whole) || dot && !digits(part) {
			return "must be a number with a dot, not below zero"
		}
	case address:
		if a, err := netip.ParseAddr(s); err != nil || a.Zone() != "" {
			return "must be an IPv4 or IPv6 address"
		}
	case callable:
		// A rule of the platform's pages; a callback that never comes helps nobody.
		if u, err := url.Parse(s); err != nil || !slices.Contains([]string{"", "80", "8080", "443", "8443"}, u.Port()) {
			return "must have no port, or one of 80, 8080, 443 and 8443"
		}
	case text:
	}
	return ""
}

// goesWith reports whether a payout to a destination of that kind can have it.
func (p parameter) goesWith(k payout.Kind) bool {
	return p.of == nil || slices.ContainsFunc(p.of, k.Is)
}

func (p parameter) broken(name, rule string) payout.Violation {
	return payout.Violation{Field: p.field, Rule: rule + " (" + name + ")", Doc: fmt.Sprintf("connpay:%d", p.line)}
}

// check holds a form against the document's table, and against what the endpoint
// requires (connpay:184).
func (e Endpoint) check(form url.Values, to payout.Kind) (bad []payout.Violation) {
	for name := range form {
		p := parameters[name]
		rule := p.check(form.Get(name))
		if !p.goesWith(to) {
			rule = "does not go with a destination of kind " + to.Name()
		}
		if rule != "" {
			bad = append(bad, p.broken(name, rule))
		}
	}
	for _, name := range e.Required {
		if form.Get(name) == "" {
			bad = append(bad, parameters[name].broken(name, "is required by this endpoint"))
		}
	}
	slices.SortFunc(bad, func(a, b payout.Violation) int { return cmp.Compare(a.String(), b.String()) })
	return bad
}

// fields says which parameters our fields become at this endpoint, and in which lines of
// the document these are.
func (e Endpoint) fields() map[string]payout.BankField {
	names := slices.SortedFunc(maps.Keys(parameters), func(a, b string) int {
		return cmp.Compare(parameters[a].line, parameters[b].line)
	})
	out := map[string]payout.BankField{}
	for _, name := range names {
		p := parameters[name]
		switch have, known := out[p.field]; {
		case name == e.otherToken(), !slices.ContainsFunc(e.Destinations, p.goesWith):
		case !known:
			out[p.field] = payout.BankField{Name: name, Doc: fmt.Sprintf("connpay:%d", p.line)}
		case have.Name != p.field: // of what has our own name that is the one
			out[p.field] = payout.BankField{Name: have.Name + ", " + name, Doc: fmt.Sprintf("%s, %d", have.Doc, p.line)}
		}
	}
	out[orderField+"merchant_data"] = out["metadata"]
	return out
}

// digits reports whether a text is one or more of them: ASCII's.
func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
