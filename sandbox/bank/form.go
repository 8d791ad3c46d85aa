package bank

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// ParseForm reads a body in application/x-www-form-urlencoded, strictly: every pair
// has a name and one equals sign, every escape is whole, the result is UTF-8. It
// reports false for anything else. An empty body has no pairs.
func ParseForm(body string) ([]Pair, bool) {
	if body == "" {
		return nil, true
	}
	var pairs []Pair
	for part := range strings.SplitSeq(body, "&") {
		name, value, ok := strings.Cut(part, "=")
		if !ok || name == "" || strings.ContainsAny(value, "= \t\r\n") {
			return nil, false
		}
		n, err := url.QueryUnescape(name)
		if err != nil || !utf8.ValidString(n) {
			return nil, false
		}
		v, err := url.QueryUnescape(value)
		if err != nil || !utf8.ValidString(v) {
			return nil, false
		}
		pairs = append(pairs, Pair{n, v})
	}
	return pairs, true
}

// Form reads a form and checks it: no parameter that the schema does not list, none
// twice. The values that could be read are returned even if rules are broken.
func (s Schema) Form(body []byte) (Values, []Violation) {
	v := newValues()
	pairs, ok := ParseForm(string(body))
	if !ok {
		return v, []Violation{{Path: "body", Rule: Syntax}}
	}
	v.all = pairs
	var broken []Violation
	seen := make(map[string]bool)
	for _, p := range pairs {
		f, ok := s.field(p.Name)
		switch {
		case !ok:
			broken = append(broken, Violation{Path: safeName(p.Name), Rule: Unlisted})
			continue
		case seen[p.Name]:
			broken = append(broken, Violation{Field: f, Path: p.Name, Rule: Duplicate})
			continue
		}
		seen[p.Name] = true
		v.set(p.Name, p.Value)
		if rule := f.check(p.Value); rule != "" {
			broken = append(broken, Violation{Field: f, Path: p.Name, Rule: rule})
		}
	}
	return v, append(broken, s.missing("", seen)...)
}
