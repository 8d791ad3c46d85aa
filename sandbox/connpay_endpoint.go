package sandbox

import (
	"slices"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// Endpoint is one way through the gateway, and its profile. The ledger keeps its funds
// as account ID/CODE, "39915/USD", for each of its currencies.
type Endpoint struct {
	ID         string // ENDPOINTID, digits
	Group      string // ENDPOINTGROUPID, digits; "" is none
	Currencies []payout.Currency
	// Required are parameters that this endpoint requires beyond client_orderid, amount
	// and currency, by their names in connpay:18-183: which of the conditional ones are
	// required is agreed with each connecting party (connpay:184).
	Required []string
}

// broken returns what is wrong with an endpoint, or "".
func (e Endpoint) broken() string {
	digits := func(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
	switch {
	case !digits(e.ID):
		return "must have digits for an ID"
	case e.Group != "" && !digits(e.Group):
		return "must have digits for a group"
	case len(e.Currencies) == 0:
		return "takes no currency"
	}
	for _, name := range e.Required {
		if !slices.ContainsFunc(connPayPayout, func(f bank.Field) bool { return f.Name == name }) {
			return "requires " + name + ", which is no parameter of connpay:18-183"
		}
	}
	return ""
}

// takes returns the currency with the given code, if the endpoint has it.
func (e Endpoint) takes(code string) (payout.Currency, bool) {
	i := slices.IndexFunc(e.Currencies, func(c payout.Currency) bool { return c.Code() == code })
	if i < 0 {
		return 0, false
	}
	return e.Currencies[i], true
}

// lacks returns the first parameter that the endpoint requires and a payout does not
// have, or "".
func (e Endpoint) lacks(v bank.Values) string {
	i := slices.IndexFunc(e.Required, func(name string) bool { return given(v, name) == "" })
	if i < 0 {
		return ""
	}
	return e.Required[i]
}

// named returns the endpoints that a path names: one, or those of a group.
func (g *ConnPay) named(c *bank.Call) (all []Endpoint) {
	for _, e := range g.cfg.Endpoints {
		if e.ID == c.Param("endpoint") || e.Group != "" && e.Group == c.Param("group") {
			all = append(all, e)
		}
	}
	return all
}

// route returns the endpoint that a payout goes through, or the parameter and the rule
// why there is none. A group sends payouts to those of its endpoints that take the
// currency and lack nothing, to each in its turn (invented: how a group chooses).
func (g *ConnPay) route(c *bank.Call, v bank.Values) (e Endpoint, parameter, rule string) {
	all := g.named(c)
	if len(all) == 0 {
		return e, "endpoint", "is not known"
	}
	all = slices.DeleteFunc(all, func(e Endpoint) bool { _, ok := e.takes(v.Text("currency")); return !ok })
	if len(all) == 0 {
		return e, "currency", "is not supported by this endpoint"
	}
	missing := all[0].lacks(v)
	all = slices.DeleteFunc(all, func(e Endpoint) bool { return e.lacks(v) != "" })
	if len(all) == 0 {
		return e, missing, "is required"
	}
	return all[g.turn(c.Param("group"))%len(all)], "", ""
}
