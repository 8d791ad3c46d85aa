package payout

import "strings"

// MaskCardNumber keeps at most the first six and the last four digits of a card
// number, whatever else the text holds, as in 411111******1111. What is too short
// to be a card number, or is already masked, keeps its last four digits at most.
func MaskCardNumber(number string) string {
	var digits []byte
	masked := false
	for i := range len(number) {
		if c := number[i]; '0' <= c && c <= '9' {
			digits = append(digits, c)
		} else if c != ' ' && c != '-' {
			masked = true
		}
	}
	n := len(digits)
	switch {
	case masked && n >= 4 && n <= 10 && lastFourAreDigits(number):
		return "******" + string(digits[n-4:])
	case masked, n < 8:
		return "******"
	case n < 12:
		return "******" + string(digits[n-4:])
	default:
		return string(digits[:6]) + strings.Repeat("*", n-10) + string(digits[n-4:])
	}
}

func lastFourAreDigits(s string) bool {
	return len(s) >= 4 && strings.Trim(s[len(s)-4:], "0123456789") == ""
}

func maskAccount(number string) string { return maskTail(number, 4) }

func maskID(id string) string { return maskTail(id, 4) }

// maskPhone keeps the last two digits.
func maskPhone(number string) string { return maskTail(number, 2) }

// maskTail keeps the last n characters of a text that is at least twice as
// long.
func maskTail(text string, n int) string {
	r := []rune(text)
	if len(r) < 2*n {
		return "******"
	}
	return "******" + string(r[len(r)-n:])
}
