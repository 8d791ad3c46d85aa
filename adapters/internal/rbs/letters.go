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
