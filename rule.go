package payout

import (
	"strings"
	"time"
	"unicode"
)

func checkCardNumber(number string) (rule string) {
	if !digitsOnly(number) {
		return "must be digits only"
	}
	if n := len(number); n < 12 || n > 19 {
		return "must be 12 to 19 digits"
	}
	if !luhn(number) {
		return "must have a valid check digit: one or more digits are wrong"
	}
	return ""
}

func digitsOnly(text string) bool {
	for i := range len(text) {
		if !isDigit(text[i]) {
			return false
		}
	}
	return true
}

// luhn is the check of ISO/IEC 7812-1, annex B.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func checkMonth(text string) (rule string) {
	if _, err := time.Parse("2006-01", text); err != nil {
		return "must be a month as YYYY-MM"
	}
	return ""
}

func checkSBPBank(id string) (rule string) {
	if len(id) != 12 || !digitsOnly(id) || id[0] != '1' {
		return "must be 12 digits that begin with 1"
	}
	return ""
}

func checkDate(text string) (rule string) {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return "must be a date as YYYY-MM-DD"
	}
	return ""
}

func checkCountry(code string) (rule string) {
	if len(code) != 2 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "must be a country's two letters (ISO 3166-1), in capitals"
	}
	return ""
}

func checkEmail(address string) (rule string) {
	name, host, ok := strings.Cut(address, "@")
	if !ok || name == "" || host == "" || strings.Contains(host, "@") ||
		strings.ContainsFunc(address, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>,;", r) }) {
		return "must be one e-mail address"
	}
	return ""
}

func checkLanguage(code string) (rule string) {
	if len(code) != 2 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") != "" {
		return "must be a language's two letters (ISO 639-1), in lower case"
	}
	return ""
}
