package payout

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Check returns the rules that a record breaks. The fields are named under prefix,
// as in "destination.number".
func (k Kind) Check(rec Record, prefix string) []Violation {
	if k.k == nil {
		return []Violation{{Field: prefix, Rule: "has no kind"}}
	}
	var out []Violation
	ok := k.k.each(rec, func(f *Field, text string) {
		if rule := f.CheckText(text); rule != "" {
			out = append(out, Violation{Field: prefix + "." + f.Name, Rule: rule})
		}
	})
	if !ok {
		return []Violation{{Field: prefix, Rule: "is not of the type that kind " + k.k.name + " declares"}}
	}
	return out
}

// CheckText returns the rule that a text breaks as the value of this field, or "". It
// is what [Kind.Check] asks of each field; whoever has a record's texts, and no
// record yet, can ask it without making one. The answer never holds the text.
func (f *Field) CheckText(text string) (rule string) {
	if text == "" {
		if f.Required {
			return "is required"
		}
		return ""
	}
	limit := f.Max
	if limit == 0 {
		limit = 255
	}
	if rule := checkText(text, limit); rule != "" {
		return rule
	}
	if f.Check != nil {
		return f.Check(text)
	}
	return ""
}

// checkText is what holds for every text in a request, an empty one included.
func checkText(text string, limit int) (rule string) {
	if plainASCII(text) && len(text) <= limit {
		return ""
	}
	switch {
	case !utf8.ValidString(text):
		return "must be valid UTF-8"
	case utf8.RuneCountInString(text) > limit:
		return fmt.Sprintf("must be at most %d characters", limit)
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) }):
		return "must not contain control characters"
	case strings.TrimSpace(text) != text:
		return "must not begin or end with a space"
	}
	return ""
}

// plainASCII reports whether a text is of printable ASCII alone and has no space
// around it, as most texts are: then its length is all that is left to check.
func plainASCII(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' {
			return false
		}
	}
	return text == "" || (text[0] != ' ' && text[len(text)-1] != ' ')
}
