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
	values, ok := k.k.values(rec)
	if !ok {
		return []Violation{{Field: prefix, Rule: "is not of the type that kind " + k.k.name + " declares"}}
	}
	var out []Violation
	for _, v := range values {
		if rule := v.check(); rule != "" {
			out = append(out, Violation{Field: prefix + "." + v.Name, Rule: rule})
		}
	}
	return out
}

// checkText is what holds for every text in a request, an empty one included.
func checkText(text string, limit int) (rule string) {
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
