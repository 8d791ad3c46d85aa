package reconcile

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/payoutkit/payout"
)

// Rules about amounts. Texts of amounts are not quoted: a column that was taken for the
// amount may be another one.
const (
	notMajor    = "must be an optional minus, digits, and optionally the decimal sign and digits"
	notMinor    = "must be an optional minus and digits: a whole number of minor units"
	notGrouped  = "must have its digits in groups of three"
	tooFine     = "has more decimals than its currency"
	tooLarge    = "is too large"
	notZero     = "must not be zero"
	notNegative = "must not be negative: debits and credits have columns of their own"
	oneSide     = "must be more than zero, or the credit must, and not both"
	required    = "is required"
	noCurrency  = "is no currency of ISO 4217 that can hold money, nor a word of the layout"
)

// long is what no payout's amount is as long as, and card numbers are: an amount is shown.
var long = regexp.MustCompile(`[0-9]{13}`)

// currency reads a currency's word.
func (l Layout) currency(text string) (c payout.Currency, rule string) {
	if c, ok := l.Currencies[text]; ok {
		return c, ""
	}
	c, err := payout.ParseCurrency(text)
	if err != nil {
		c, err = payout.CurrencyByNumeric(text)
	}
	switch {
	case text == "":
		return 0, required
	case err != nil, c.Exponent() < 0:
		return 0, noCurrency
	default:
		return c, ""
	}
}

// amount reads an amount as the layout has it.
func (l Layout) amount(text string, c payout.Currency) (m payout.Money, rule string) {
	if text == "" {
		return payout.Money{}, required
	}
	if l.Group != 0 {
		var ok bool
		if text, ok = l.ungroup(text); !ok {
			return payout.Money{}, notGrouped
		}
	}
	if long.MatchString(text) {
		return payout.Money{}, tooLarge
	}
	if l.Minor {
		n, err := strconv.ParseInt(text, 10, 64)
		switch {
		case strings.Trim(strings.TrimPrefix(text, "-"), "0123456789") != "", errors.Is(err, strconv.ErrSyntax):
			return payout.Money{}, notMinor
		case err != nil:
			return payout.Money{}, tooLarge
		}
		return payout.FromMinor(n, c), ""
	}
	if l.DecimalComma {
		if strings.Contains(text, ".") {
			return payout.Money{}, notMajor
		}
		text = strings.ReplaceAll(text, ",", ".")
	}
	m, err := payout.ParseMajor(text, c)
	switch {
	case err == nil:
		return m, ""
	case errors.Is(err, payout.ErrMoneyPrecision):
		return payout.Money{}, tooFine
	case errors.Is(err, payout.ErrMoneyOverflow):
		return payout.Money{}, tooLarge
	default:
		return payout.Money{}, notMajor
	}
}

// ungroup takes the groups out of an amount: one to three digits, then three each.
func (l Layout) ungroup(text string) (string, bool) {
	text, minus := strings.CutPrefix(text, "-")
	whole, decimals := text, ""
	if i := strings.IndexRune(text, l.decimal()); i >= 0 && !l.Minor {
		whole, decimals = text[:i], text[i:]
	}
	groups := strings.Split(whole, string(l.Group))
	for i, g := range groups {
		if len(groups) > 1 && (len(g) != 3 && i > 0 || len(g) > 3 || g == "") {
			return "", false
		}
	}
	whole = strings.Join(groups, "")
	if minus {
		whole = "-" + whole
	}
	return whole + decimals, true
}
