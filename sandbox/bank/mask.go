package bank

import (
	"strings"
	"unicode/utf8"
)

// MaskCard keeps the first six and the last four characters of a card number, and
// puts X for the others: 411111XXXXXX1111. What is shorter than 13 keeps less.
func MaskCard(pan string) string {
	if len(pan) < 13 {
		return MaskEnd(pan)
	}
	return pan[:6] + strings.Repeat("X", len(pan)-10) + pan[len(pan)-4:]
}

// MaskEnd keeps the last four characters, of at least eight: XXXXXXX4249.
func MaskEnd(text string) string {
	n := utf8.RuneCountInString(text)
	if n < 8 {
		return strings.Repeat("X", n)
	}
	runes := []rune(text)
	return strings.Repeat("X", n-4) + string(runes[n-4:])
}

// MaskDigits masks every run of digits that is long enough to be a card number.
func MaskDigits(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		run := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
		switch {
		case run < 0:
			run = len(text)
		case run == 0:
			_, run = utf8.DecodeRuneInString(text)
		}
		if run >= 12 {
			b.WriteString(MaskEnd(text[:run]))
		} else {
			b.WriteString(text[:run])
		}
		text = text[run:]
	}
	return b.String()
}

// Luhn reports whether digits end in their right check digit.
func Luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if d < 0 || d > 9 {
			return false
		}
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return digits != "" && sum%10 == 0
}
