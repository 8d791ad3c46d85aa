package batch

import (
	"errors"
	"fmt"
	"strings"

	"github.com/payoutkit/payout"
)

// verdict is what a record comes to.
type verdict struct {
	problems
	kind      int // or noKind
	amount    payout.Money
	reference string
	// repeat is how many rows before it have the same content; only of a derived
	// reference.
	repeat int
	// rounded: its card number looks as if a spreadsheet had rounded it. evidence: one
	// certainly has.
	rounded, evidence bool
	// refused: it is right by itself, and nobody carries it out.
	refused bool
}

// verify finds out what is wrong with a record, but for its reference. It makes
// nothing of it: what is secret stays in the record.
func (x *verifier) verify(rec *record, v *verdict) {
	*v = verdict{problems: problems{plan: x.plan, fields: rec.fields, all: v.all[:0]}, kind: noKind}
	fields := rec.fields
	if n := x.plan.reference; n >= 0 && n < len(fields) {
		v.reference = fields[n]
	}
	switch {
	case len(rec.faults) > 0:
		for _, f := range rec.faults {
			f.Name = x.plan.title(f.Column)
			v.all = append(v.all, f)
		}
		return
	case len(fields) != len(x.plan.cells):
		v.add("", fmt.Sprintf("has %d columns, the header %d", len(fields), len(x.plan.cells)))
		return
	}
	x.findKind(v)
	for i := range x.plan.cells {
		v.cell(i)
	}
	if v.kind >= 0 {
		for _, name := range x.plan.kinds[v.kind].absent {
			v.add(name, "is required")
		}
		v.card()
	}
	v.money(x.options.Currency)
}

// twice says that another row has the row's reference.
func (v *verdict) twice(rule string) {
	if v.plan.reference < 0 {
		v.add("", "its reference "+rule)
		return
	}
	v.add("reference", rule)
}

// findKind finds the row's destination.
func (x *verifier) findKind(v *verdict) {
	if v.kind = x.plan.fixed; v.kind >= 0 {
		return
	}
	name := v.fields[x.plan.destination]
	for i := range x.plan.kinds {
		if x.plan.kinds[i].name == name {
			v.kind = i
			return
		}
	}
	if name != "" {
		v.add("destination", "must be one of "+x.plan.kindNames())
	}
}

// cell checks one text.
func (v *verdict) cell(i int) {
	c, text := &v.plan.cells[i], v.fields[i]
	switch {
	case c.kind != everyRow && c.kind != v.kind:
		if text != "" && v.kind >= 0 {
			v.add(c.name, "must be empty: the destination is "+v.plan.kinds[v.kind].Name())
		}
		return
	case i != v.plan.amount && scientific(text):
		v.add(c.name, lostDigits)
		v.evidence = v.evidence || c.name == cardNumber
		return
	}
	switch rule := c.field.CheckText(text); rule {
	case "":
	case "must be valid UTF-8":
		v.add(c.name, rule+"; of a file in Windows-1251 that has to be said")
	default:
		v.add(c.name, rule)
	}
}

// money reads the amount. Where one of the two texts is missing, that was said
// already.
func (v *verdict) money(only payout.Currency) {
	code, text := v.fields[v.plan.currency], v.fields[v.plan.amount]
	if code == "" {
		return
	}
	currency, err := payout.ParseCurrency(code)
	switch {
	case err != nil:
		v.add("currency", "must be three letters of ISO 4217, such as RUB")
		return
	case currency.Exponent() < 0:
		v.add("currency", "is one that can't hold money: it has no minor unit")
		return
	case only != 0 && currency != only:
		v.add("currency", "must be "+only.Code()+": the file was said to be in no other currency")
	}
	if text == "" {
		return
	}
	unit, example := currency, "digits with at most one dot, such as 1500.00"
	if v.plan.minor {
		unit, example = payout.JPY, "a whole number of minor units in digits, such as 150000 for 1500.00" // JPY has no decimals
	}
	m, err := payout.ParseMajor(text, unit)
	if v.plan.minor && err == nil {
		m = payout.FromMinor(m.Minor(), currency)
	}
	switch {
	case errors.Is(err, payout.ErrMoneyPrecision) && !v.plan.minor:
		v.add("amount", "has more decimals than "+currency.Code()+" has")
	case errors.Is(err, payout.ErrMoneyOverflow):
		v.add("amount", "is too large")
	case err != nil, v.plan.minor && strings.Contains(text, "."):
		v.add("amount", "must be "+example)
	case m.Sign() <= 0:
		v.add("amount", "must be more than zero")
	}
	v.amount = m
}
