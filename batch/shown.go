package batch

import (
	"regexp"
	"strings"

	"github.com/payoutkit/payout"
)

var (
	number    = regexp.MustCompile(`^[0-9][-_.:/#]*([0-9][-_.:/#]*){8,}$|[0-9]{9,}`)
	reference = payout.ReferenceRule{Max: 64, Alphabet: payout.Alphanumeric + "-_.:/#"}
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
