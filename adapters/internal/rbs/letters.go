package rbs

import (
	"fmt"
	"strings"
	"unicode"
)

// cyrillic is the rule for names in SBP (all2pay:349-353). A Latin letter that
// looks like a Cyrillic one is what goes wrong in practice, so its place is named.
func cyrillic(name string) (rule string) {
	letters := 0
	for i, r := range []rune(name) {
		switch {
		case unicode.Is(unicode.Cyrillic, r) && unicode.IsLetter(r):
			letters++
		case strings.ContainsRune(" -.'’", r):
		case unicode.Is(unicode.Latin, r):
			return fmt.Sprintf("must be in Cyrillic letters: the character at position %d is a Latin letter", i+1)
		default:
			return fmt.Sprintf("must be in Cyrillic letters: the character at position %d is not one", i+1)
		}
	}
	if name != "" && letters == 0 {
		return "must be in Cyrillic letters: it has none"
	}
	return ""
}

// Latin is the rule for client.name at Bereke (bereke:213, 295). Nothing is
// transliterated.
func Latin(name string) (rule string) {
	letters := 0
	for i, r := range []rune(name) {
		switch {
		case 'A' <= r && r <= 'Z', 'a' <= r && r <= 'z':
			letters++
		case strings.ContainsRune(" -.'", r):
		case unicode.Is(unicode.Cyrillic, r):
			return fmt.Sprintf("must be in Latin letters: the character at position %d is a Cyrillic letter", i+1)
		default:
			return fmt.Sprintf("must be in Latin letters: the character at position %d is not one", i+1)
		}
	}
	if name != "" && letters == 0 {
		return "must be in Latin letters: it has none"
	}
	return ""
}

// AnyScript is for banks that do not say in which letters names are.
func AnyScript(string) (rule string) { return "" }

// national returns the ten digits after +7, which client.phone takes (all2pay:230,
// bereke:212), from the usual ways of writing a number of Russia or Kazakhstan:
// +7 926 121-42-49, 8(926)1214249, 0079261214249, 79261214249, 9261214249.
func national(number string) (digits, rule string) {
	const wrong = "must be a telephone number with country code 7, such as +79261214249"
	rest, plus := strings.CutPrefix(number, "+")
	for _, r := range rest {
		switch {
		case '0' <= r && r <= '9':
			digits += string(r)
		case strings.ContainsRune(" -().\u00a0\u2010\u2011\u2012\u2013", r): // what typists and text editors put between
		default:
			return "", wrong
		}
	}
	switch {
	case plus && len(digits) == 11 && digits[0] == '7':
		return digits[1:], ""
	case plus:
		return "", wrong
	case len(digits) == 13 && strings.HasPrefix(digits, "007"):
		return digits[3:], ""
	case len(digits) == 11 && (digits[0] == '7' || digits[0] == '8'):
		return digits[1:], ""
	case len(digits) == 10 && digits[0] == '9':
		return digits, ""
	default:
		return "", wrong
	}
}

// russianMobile returns the eleven digits that target.phone takes (all2pay:345).
// Kazakhstan shares +7 and is told apart by the digit after it.
func russianMobile(number string) (digits, rule string) {
	digits, rule = national(number)
	switch {
	case rule != "":
		return "", rule
	case digits[0] == '6', digits[0] == '7':
		return "", "must be a Russian number: this one is of Kazakhstan"
	case digits[0] != '9':
		return "", "must be a mobile number: they begin with +79"
	}
	return "7" + digits, ""
}
