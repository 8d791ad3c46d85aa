package rbs

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/payoutkit/payout"
)

// Documented lengths.
const (
	maxLogin       = 30  // all2pay:206, bereke:148
	maxOrderNumber = 32  // all2pay:210, bereke:317
	maxDescription = 598 // all2pay:216, bereke:207
	maxEmail       = 30  // all2pay:228, bereke:211
	maxName        = 24  // all2pay:233, bereke:213
	maxAmount      = 999_999_999_999
	// The tables say 30 of clientId, and their own examples have 36 (all2pay:226, 277);
	// what answers have is 255 (all2pay:421), and so has bindingId (all2pay:419).
	maxID = 255
)

// param is what all editions of the module say of a parameter.
type param struct {
	name     string // the bank's
	ours     string // the field that it comes from; that of the adapter's option begins with "order."
	max      int    // in characters; 0: the document has no limit
	required bool   // wherever a method takes it
	check    func(text string) (rule string)
}

// params are the parameters of all methods (all2pay:204-249, 300-358, 497-508,
// 631-648, 691-709; bereke:148-151, 196-219, 278-302, 421-431), in the order in
// which broken rules are named.
var params = []param{
	{name: "userName", ours: "user_name", max: maxLogin, required: true},
	{name: "password", ours: "password", max: maxLogin, required: true},
	{name: "merchantLogin", ours: "order.merchant_login", max: maxID},
	{name: "orderNumber", ours: "reference", max: maxOrderNumber, check: referenceRule.Check},
	{name: "orderId", ours: "ref.provider_id"},
	{name: "amount", ours: "amount", required: true, check: amount},
	{name: "currency", ours: "amount", required: true},
	{name: "description", ours: "description", max: maxDescription},
	{name: "language", ours: "language", check: language},
	{name: "sessionTimeoutSecs", ours: "order.session_timeout_secs", check: Seconds},
	{name: "client.clientId", ours: "recipient.id", max: maxID},
	{name: "client.name", ours: "recipient.name", max: maxName, required: true},
	{name: "client.email", ours: "recipient.email", max: maxEmail},
	{name: "client.phone", ours: "recipient.phone"}, // see national
	{name: "source.bindingId", ours: "source.saved_card", max: maxID},
	{name: "target.pan", ours: "destination.number", check: pan},
	{name: "target.bindingId", ours: "destination.id", max: maxID},
	{name: "target.seToken", ours: "destination.token", check: base64Line},
	{name: "target.phone", ours: "destination.phone"}, // see russianMobile
	{name: "target.bankId", ours: "destination.bank_id", check: bankID},
	{name: "target.lastName", ours: "destination.last_name", check: cyrillic},
	{name: "target.firstName", ours: "destination.first_name", check: cyrillic},
	{name: "target.middleName", ours: "destination.middle_name", check: cyrillic},
	{name: "urls.returnUrl", ours: "return_url", required: true, check: address},
	{name: "urls.failUrl", ours: "fail_url", check: address},
	{name: "jsonParams", ours: "metadata"},
	{name: "clientId", ours: "owner_id", max: maxID, required: true},
	{name: "pan", ours: "card.number", required: true, check: pan},
	{name: "year", ours: "card.expiry"},
	{name: "month", ours: "card.expiry"},
	{name: "cardholderName", ours: "card.holder"},
	{name: "cvv", ours: "cvv", check: cvv},
	{name: "cvc", ours: "cvv", check: cvv},
}

// paramAt is where a parameter stands in params.
var paramAt = func() map[string]int {
	at := map[string]int{}
	for i, p := range params {
		at[p.name] = i
	}
	return at
}()

// config is the field of a configuration that a parameter comes from.
func (p param) config() string {
	if p.name == "source.bindingId" {
		return "source_binding_id"
	}
	return strings.TrimPrefix(p.ours, "order.")
}

// broken returns the rule that a parameter's text breaks in a method, or "".
func (d Dialect) broken(method Method, p param, text string, given bool) (rule string) {
	switch takes := method.takes(p.name); {
	case given && !takes:
		return "must be empty: " + method.Name + " does not take it"
	case text == "" && takes && p.required:
		return "is required"
	case text == "":
		return ""
	case p.max > 0 && utf8.RuneCountInString(text) > p.max:
		return fmt.Sprintf("must be at most %d characters", p.max)
	}
	for _, check := range []func(string) string{p.check, d.Checks[p.name]} {
		if check == nil {
			continue
		}
		if rule := check(text); rule != "" {
			return rule
		}
	}
	return ""
}

// field is the field of a request that a parameter comes from.
func (d Dialect) field(p param) string {
	if name, ok := strings.CutPrefix(p.ours, "order."); ok {
		return "options." + d.Order.Name() + "." + name
	}
	return p.ours
}

// fields says which parameters our fields become, and in which lines of the document
// these are.
func (d Dialect) fields() map[string]payout.BankField {
	out := map[string]payout.BankField{}
	for _, method := range []Method{d.Perform, d.Register, d.SaveTarget, d.SaveSource} {
		for _, p := range params {
			lines, ok := method.Params[p.name]
			if _, known := out[d.field(p)]; ok && !known {
				out[d.field(p)] = payout.BankField{Name: p.name, Doc: d.doc(lines)}
			}
		}
	}
	return out
}

// referenceRule is what the examples' orderNumbers are made of; a '/' would break a
// seToken.
var referenceRule = payout.ReferenceRule{Max: maxOrderNumber}

func amount(text string) (rule string) {
	if n, err := strconv.ParseInt(text, 10, 64); err != nil || n < 1 || n > maxAmount {
		return "must be 1 to 12 digits of minor units, and more than nothing"
	}
	return ""
}

func language(text string) (rule string) {
	if len(text) != 2 || strings.Trim(text, "abcdefghijklmnopqrstuvwxyz") != "" {
		return "must be a language's two letters (ISO 639-1), in lower case"
	}
	return ""
}

// Seconds is the rule for sessionTimeoutSecs (all2pay:220, bereke:214).
func Seconds(text string) (rule string) {
	if len(text) > 9 || strings.Trim(text, "0123456789") != "" || strings.HasPrefix(text, "0") {
		return "must be a whole number of seconds, of at most 9 digits, and more than 0"
	}
	return ""
}

func pan(text string) (rule string) {
	if len(text) < 12 || len(text) > 19 || strings.Trim(text, "0123456789") != "" {
		return "must be 12 to 19 digits"
	}
	return ""
}

func cvv(text string) (rule string) {
	if len(text) < 3 || len(text) > 4 || strings.Trim(text, "0123456789") != "" {
		return "must be 3 or 4 digits"
	}
	return ""
}

func base64Line(text string) (rule string) {
	if digits := strings.TrimRight(text, "="); digits == "" || len(text)%4 != 0 || len(text)-len(digits) > 2 ||
		strings.Trim(digits, payout.Alphanumeric+"+/") != "" {
		return "must be base64 on one line"
	}
	return ""
}

func bankID(text string) (rule string) {
	if len(text) != 12 || text[0] != '1' || strings.Trim(text, "0123456789") != "" {
		return "must be 12 digits that begin with 1"
	}
	return ""
}

func address(text string) (rule string) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return "must be an absolute https address"
	}
	return ""
}
