package connpay

import (
	"fmt"
	"slices"

	"github.com/payoutkit/payout"
)

// Endpoint is an ENDPOINTID or ENDPOINTGROUPID (connpay:8-11) with what it can do.
type Endpoint struct {
	ID         string // digits
	Group      bool   // ID is that of a group
	Currencies []payout.Currency
	// Required are the conditional parameters that ConnPay's support calls required for
	// this endpoint (connpay:184), by the document's names: "bank_name",
	// "receiver_inn". A request that lacks one is refused before anything is sent.
	Required []string
	// Destinations are what it pays to, among bank_account, card, saved_card, wallet and
	// crypto_wallet. Empty: all of them that have a place for what is Required, so that
	// an endpoint that requires account_number pays to bank accounts only.
	Destinations []payout.Kind
	// RecurringPaymentID has a saved card sent as recurring-payment-id (connpay:181)
	// and not as card_recurring_payment_id (connpay:178).
	RecurringPaymentID bool
}

// kept returns a copy that nobody else can change, with its destinations found out.
func (e Endpoint) kept() Endpoint {
	e.Currencies, e.Required, e.Destinations = slices.Clone(e.Currencies), slices.Clone(e.Required), slices.Clone(e.Destinations)
	if len(e.Destinations) > 0 {
		return e
	}
	for _, k := range destinations {
		if e.lacks(k) == "" {
			e.Destinations = append(e.Destinations, k)
		}
	}
	return e
}

// lacks returns a required parameter that a payout to that kind has no place for.
func (e Endpoint) lacks(k payout.Kind) string {
	for _, name := range e.Required {
		if p, known := parameters[name]; known && (!p.goesWith(k) || name == e.otherToken()) {
			return name
		}
	}
	return ""
}

// otherToken is the one of the two names of a saved card that the endpoint does not use.
func (e Endpoint) otherToken() string {
	if e.RecurringPaymentID {
		return "card_recurring_payment_id"
	}
	return "recurring-payment-id"
}

// broken returns what is wrong with an endpoint as kept returned it.
func (e Endpoint) broken() (bad []payout.Violation) {
	add := func(field, rule, doc string) {
		bad = append(bad, payout.Violation{Field: "endpoint." + field, Rule: rule, Doc: doc})
	}
	if !digits(e.ID) {
		add("id", "must be digits", "connpay:8-11")
	}
	if _, rule := ranges(e.Currencies); rule != "" {
		add("currencies", rule, "connpay:24")
	}
	for i, name := range e.Required {
		if _, known := parameters[name]; !known {
			add(fmt.Sprintf("required.%d", i), "must be the name of a parameter of the document", "connpay:18-183")
		}
	}
	if slices.Contains(e.Required, "redirect_url") && (slices.Contains(e.Required, "redirect_success_url") || slices.Contains(e.Required, "redirect_fail_url")) {
		add("required", "must not hold redirect_url and the pair that stands in its place", "connpay:44")
	}
	if len(e.Destinations) == 0 {
		add("required", "must not hold parameters of different kinds of destination", "connpay:184")
	}
	for _, k := range e.Destinations {
		if !slices.ContainsFunc(destinations, k.Is) {
			add("destinations", "must be among bank_account, card, saved_card, wallet and crypto_wallet", "connpay:61-117")
		} else if name := e.lacks(k); name != "" {
			add("destinations", k.Name()+" has no place for "+name+", which is required", "connpay:184")
		}
	}
	return bad
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
