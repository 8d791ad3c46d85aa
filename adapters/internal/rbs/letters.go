package rbs

import (
	"fmt"
	"strings"
	"unicode"
)

// alphabet is what a name may be written in. A letter of another script that looks like
// one of this is what goes wrong in practice, so its place is named. Nothing is
// transliterated.
type alphabet struct {
	name   string
	letter func(rune) bool
	signs  string              // what may stand beside letters
	other  *unicode.RangeTable // the script that looks like this one
	called string              // that one's name
}

var (
	cyrillicLetters = alphabet{
		name: "Cyrillic", letter: func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) && unicode.IsLetter(r) },
		signs: " -.'’", other: unicode.Latin, called: "Latin",
	}
	latinLetters = alphabet{
		name: "Latin", letter: func(r rune) bool { return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' },
		signs: " -.'", other: unicode.Cyrillic, called: "Cyrillic",
	}
)

// cyrillic is the rule for names in SBP (all2pay:349-353).
func cyrillic(name string) (rule string) { return cyrillicLetters.check(name) }

// Latin is the rule for client.name at Bereke (bereke:213, 295).
func Latin(name string) (rule string) { return latinLetters.check(name) }

func (a alphabet) check(name string) (rule string) {
	must := "must be in " + a.name + " letters: "
	letters := 0
	for i, r := range []rune(name) {
		switch {
		case a.letter(r):
			letters++
		case strings.ContainsRune(a.signs, r):
		case unicode.Is(a.other, r):
			return fmt.Sprintf("%sthe character at position %d is a %s letter", must, i+1, a.called)
		default:
			return fmt.Sprintf("%sthe character at position %d is not one", must, i+1)
		}
	}
	if name != "" && letters == 0 {
		return must + "it has none"
	}
	return ""
}
