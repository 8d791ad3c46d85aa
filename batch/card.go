package batch

import (
	"strings"
)

const (
	cardNumber = "card.number"
	lostDigits = "is in the scientific notation of a spreadsheet, which has lost its last digits: take it from where it came from, as text"
	roundedBad = "; its digits after the 15th are all 0, as where a spreadsheet has rounded it"
	roundedToo = "has only 0 after its 15th digit, and another card number of the file was certainly rounded by a spreadsheet: " +
		"this one may be another person's card"
)

// scientific reports whether a text is a number as a spreadsheet shows a long one:
// 4.11111E+15.
func scientific(text string) bool {
	if strings.IndexByte(text, '+') < 0 {
		return false
	}
	digits, exponent, ok := strings.Cut(text, "E+")
	if !ok || len(digits) == 0 || len(exponent) == 0 || digits[0] < '0' || digits[0] > '9' {
		return false
	}
	return strings.Trim(digits[1:], "0123456789.,") == "" && strings.Trim(exponent, "0123456789") == ""
}

// card checks what no field can by itself.
func (v *verdict) card() {
	n := v.plan.numbers[cardNumber] - 1
	if n < 0 || v.plan.cells[n].kind != v.kind {
		return
	}
	number := v.fields[n]
	v.exposed(number)
	if !looksRounded(number) {
		return
	}
	for i := range v.all {
		if p := &v.all[i]; p.Column == n+1 {
			p.Rule += roundedBad
			v.evidence = true
			return
		}
	}
	v.rounded = true
}

// suspect refuses a row that is right but for a card number that looks rounded. One in
// ten of the numbers that were rounded passes the check digit and is somebody's; of
// right numbers, one in ten ends in 0. So it is done once it is certain that others
// of the file were rounded.
func (v *verdict) suspect() {
	if v.rounded && len(v.all) == 0 {
		v.add(cardNumber, roundedToo)
	}
}

// exposed has the number stand nowhere else in the row, where it would be kept and
// shown.
func (v *verdict) exposed(number string) {
	for _, i := range v.plan.open {
		if number != "" && len(v.fields[i]) >= len(number) && strings.Contains(v.fields[i], number) {
			v.add(v.plan.cells[i].name, "holds the card number, and is stored and shown in clear")
		}
	}
}

// looksRounded reports whether a card number has more than 15 digits, and only 0
// behind them.
func looksRounded(number string) bool {
	return len(number) > 15 && len(number) <= 19 && number[len(number)-1] == '0' &&
		strings.Trim(number[15:], "0") == "" && strings.Trim(number, "0123456789") == ""
}
