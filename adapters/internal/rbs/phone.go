package rbs

import (
	"regexp"
	"strings"
)

// notPhone is the rule for what is no number of country code 7.
const notPhone = "must be a telephone number with country code 7, such as +79261214249"

// written is how a number may be written: digits in groups, with one space, hyphen
// or dot between them, or a hyphen between spaces, and one group in parentheses.
// Spaces and hyphens are those of [plain].
var written = regexp.MustCompile(`^\+?(\d+(( |-|\.| - )\d+)*( |-| - )?)?(\(\d{3,5}\)( |-| - )?)?\d+(( |-|\.| - )\d+)*$`)

// plain makes one space and one hyphen of those that text editors put in their place.
var plain = strings.NewReplacer(
	"\u00a0", " ", "\u2007", " ", "\u2009", " ", "\u202f", " ",
	"\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u2014", "-", "\u2212", "-",
)

// ungrouped takes away what stands between the digits of a number that is [written].
var ungrouped = strings.NewReplacer("+", "", " ", "", "-", "", ".", "", "(", "", ")", "")

// tenDigits returns what follows country code 7 in a number as people write it: with
// +7, 8 (which is dialled within the country), 7, 007 (which the bank's document has,
// all2pay:345), or, for mobile numbers, with nothing before it.
func tenDigits(number string) (digits, rule string) {
	digits, plus := strings.CutPrefix(number, "+")
	if strings.Trim(digits, "0123456789") != "" {
		number = plain.Replace(number)
		if !written.MatchString(number) {
			return "", notPhone
		}
		digits = ungrouped.Replace(number)
	}
	switch {
	case plus && len(digits) == 11 && digits[0] == '7',
		!plus && len(digits) == 11 && (digits[0] == '7' || digits[0] == '8'):
		return digits[1:], ""
	case !plus && len(digits) == 13 && strings.HasPrefix(digits, "007"):
		return digits[3:], ""
	case !plus && len(digits) == 10 && digits[0] == '9':
		return digits, ""
	default:
		return "", notPhone
	}
}

// national returns the ten digits that client.phone takes (all2pay:230, bereke:212):
// those of a number of Russia or Kazakhstan.
func national(number string) (digits, rule string) {
	digits, rule = tenDigits(number)
	switch {
	case rule != "":
		return "", rule
	case !strings.Contains("34789", digits[:1]): // no area of the two has another digit
		return "", notPhone
	}
	return digits, ""
}

// russianMobile returns the eleven digits that target.phone takes (all2pay:345).
// Kazakhstan shares +7 and is told apart by the digit after it.
func russianMobile(number string) (digits, rule string) {
	if number == "" {
		return "", "is required"
	}
	digits, rule = tenDigits(number)
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
