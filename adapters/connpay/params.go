package connpay

import (
	"net/url"
	"slices"
	"strings"
)

// params are parameters, percent-encoded, in the order in which they are signed
// (RFC 5849, 3.4.1.3.2). A body is written as it is signed.
type params []param

type param struct{ name, value string }

func encoded(form url.Values) params { return params{}.and(form) }

// and returns the parameters with others among them.
func (p params) and(form url.Values) params {
	out := slices.Grow(slices.Clone(p), len(form))
	for name, values := range form {
		for _, value := range values {
			out = append(out, param{percentEncode(name), percentEncode(value)})
		}
	}
	slices.SortFunc(out, func(a, b param) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
	return out
}

// String returns the parameters as the body of a form.
func (p params) String() string {
	var b strings.Builder
	for i, p := range p {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p.name)
		b.WriteByte('=')
		b.WriteString(p.value)
	}
	return b.String()
}

// percentEncode is RFC 5849, 3.6. It is what oauth1.PercentEncode does, which takes
// three allocations for each character that it encodes: see docs/performance.md.
func percentEncode(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
