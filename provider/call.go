package provider

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/payoutkit/payout"
)

// Call is one request. It is sent once or not at all.
type Call struct {
	Method string // GET or POST
	Path   string // below the link's base address, with its leading slash; escaped, without a query
	Header http.Header
	Body   []byte // not to be changed afterwards: an answer may come while it is still being sent
}

// Format implements [fmt.Formatter]: a call is printed without its content. Dumps
// that read fields show it: a Call is not for logs.
func (c Call) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "%s call", c.Method) }

// LogValue implements [slog.LogValuer].
func (c Call) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// check returns the rules that the call breaks. net/http would refuse some of it
// too, but only with an error that looks like a failed connection, and would leave
// out or obey the rest in silence.
func (c Call) check() []payout.Violation {
	var broken []payout.Violation
	add := func(field, rule string) {
		broken = append(broken, payout.Violation{Field: field, Rule: rule})
	}
	if c.Method != http.MethodGet && c.Method != http.MethodPost {
		add("method", "must be GET or POST")
	}
	if !validPath(c.Path) {
		add("path", "must begin with a slash and have no query, fragment, control character or dot segment")
	}
	seen := map[string]bool{}
	for name, values := range c.Header {
		canonical := http.CanonicalHeaderKey(name)
		switch {
		case reserved[canonical]:
			add("header", "must not be "+canonical)
		case seen[canonical]:
			add("header", "must not stand twice")
		case !validHeader(name, values):
			add("header", "must be a valid name with valid values")
		}
		seen[canonical] = true
	}
	slices.SortFunc(broken, func(a, b payout.Violation) int { return strings.Compare(a.String(), b.String()) })
	return broken
}

// reserved are the headers that an adapter can't set. net/http sends a call with
// one of the first two again by itself when the answer is lost on a reused
// connection; the others are how a message is framed and a connection kept.
var reserved = map[string]bool{
	"Idempotency-Key": true, "X-Idempotency-Key": true,
	"Connection": true, "Content-Length": true, "Expect": true, "Host": true, "Te": true,
	"Trailer": true, "Transfer-Encoding": true, "Upgrade": true,
}

// validPath refuses what would leave the link's base address, or be taken for
// something else than a path.
func validPath(p string) bool {
	plain, err := url.PathUnescape(p)
	if err != nil || !strings.HasPrefix(p, "/") || strings.ContainsAny(p, "?#") {
		return false
	}
	for _, r := range plain {
		if r < ' ' || r == 0x7f || r == '\\' {
			return false
		}
	}
	for segment := range strings.SplitSeq(plain, "/") {
		if segment == "." || segment == ".." {
			return false
		}
	}
	return true
}

// validHeader holds a header to RFC 9110, 5.1 and 5.5.
func validHeader(name string, values []string) bool {
	if name == "" {
		return false
	}
	for _, r := range name {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) {
			return false
		}
	}
	for _, v := range values {
		for _, b := range []byte(v) {
			if b < ' ' && b != '\t' || b == 0x7f {
				return false
			}
		}
	}
	return true
}
