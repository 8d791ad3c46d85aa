package rbs

import (
	"github.com/payoutkit/payout"
)

// Dialect is a bank's edition of the module, as data.
type Dialect struct {
	Adapter  string          // the adapter's name, and the prefix of document lines
	Currency payout.Currency // the only one that the bank pays in
	Exponent int             // of the bank's minor units

	// The methods that the bank has, each with its parameters. What the bank pays to and
	// from follows from them. The zero Method is one that it lacks.
	Register, Perform, Status, Balance, SaveTarget, SaveSource Method

	// Order is the kind of the adapter's own option, whose fields broken rules name.
	Order payout.Kind

	// Errors are the rows of the bank's table of errors that mean something certain for
	// a payout. A pair that is not in it is an unknown outcome.
	Errors map[Pair]Verdict

	// Checks are the bank's own rules for parameters, by their names, beside those that
	// all editions share.
	Checks map[string]func(text string) (rule string)
}

// Method is a method of the module as a bank's document describes it.
type Method struct {
	Name  string // "performPayout.do"
	Lines string // where the table of its parameters stands
	// Params are the lines of each parameter that the bank's method takes, by the bank's
	// name for it: "client.name". A parameter that is not here is never sent.
	Params map[string]string
}

func (m Method) takes(param string) bool {
	_, ok := m.Params[param]
	return ok
}

func (d Dialect) doc(lines string) string {
	if lines == "" {
		return ""
	}
	return d.Adapter + ":" + lines
}

// destinations are the kinds that the bank pays to. source is the card that an
// account pays from: a page on which the recipient enters a card is of no use where
// it would pay from somewhere else.
func (d Dialect) destinations(source string) []payout.Kind {
	var kinds []payout.Kind
	for _, way := range []struct {
		param string
		to    payout.Destination
	}{
		{"target.pan", payout.Card{}},
		{"target.bindingId", payout.SavedCard{}},
		{"target.seToken", payout.EncryptedCard{}},
		{"target.phone", payout.SBP{}},
	} {
		if d.Perform.takes(way.param) {
			kinds = append(kinds, way.to.Kind())
		}
	}
	if d.Register.Name != "" && (source == "" || d.Register.takes("source.bindingId")) {
		kinds = append(kinds, payout.HostedPage{}.Kind())
	}
	return kinds
}
