package batch

import (
	"regexp"
	"strings"

	"github.com/payoutkit/payout"
)

var (
	number    = regexp.MustCompile(`^[0-9][-_.:/#]*([0-9][-_.:/#]*){8,}$|[0-9]{9,}`)
	reference = payout.ReferenceRule{Max: 64, Alphabet: payout.Alphanumeric + "-_.:/#"}
	amount    = regexp.MustCompile(`^[-+]?[0-9]{0,8}[.,]?[0-9]{0,8}(E[-+]?[0-9]{1,2}|e[-+]?[0-9]{1,2})?$`)
)

// shown is what may be shown of the text in a wrong row's reference column. If the
// columns shifted it is anything: a card number, a phone, a name. A name has no
// digit, and few references have none.
func shown(text string) string {
	if reference.Check(text) != "" || !strings.ContainsAny(text, "0123456789") {
		return ""
	}
	return number.ReplaceAllStringFunc(text, payout.MaskCardNumber)
}

// masked is what may be shown of a text in a column, whatever it is: the columns of a
// wrong row may have shifted.
func (p *plan) masked(column int, text string) string {
	c := &p.cells[column]
	switch {
	case text == "":
		return ""
	case column == p.reference:
		return shown(text)
	case column == p.amount:
		if amount.MatchString(text) && countDigits(text) <= 8 {
			return text
		}
	case column == p.currency:
		if _, err := payout.ParseCurrency(strings.ToUpper(text)); err == nil && len(text) == 3 {
			return text
		}
		if _, err := payout.CurrencyByNumeric(text); err == nil {
			return text
		}
	case column == p.destination:
		for i := range p.kinds {
			if strings.EqualFold(p.kinds[i].name, strings.TrimSpace(text)) {
				return text
			}
		}
	case c.field.Mask != nil && c.field.Secret:
		return c.field.Mask(text)
	}
	return ""
}

func countDigits(text string) (n int) {
	for i := range len(text) {
		if '0' <= text[i] && text[i] <= '9' {
			n++
		}
	}
	return n
}

// masked is what may be shown of a row's destination: what payout.Masked returns of
// the record that it makes.
func (k *kindPlan) masked(fields []string, cells []cell) string {
	out := k.Name()
	for _, i := range k.identity {
		if text := fields[i]; text != "" {
			out += " " + cells[i].field.Mask(text)
		}
	}
	return out
}
