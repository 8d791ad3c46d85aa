package adaptertest

import (
	"net/http"
	"slices"
	"strings"
)

// T is what is used of a test: only _test.go files import testing.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

// By returns the one request that a call sends.
func (c *Capture) By(t T, call func()) Sent {
	t.Helper()
	before := len(c.Sent())
	call()
	all := c.Sent()
	if len(all) != before+1 {
		t.Fatalf("the call sent %d requests, not one", len(all)-before)
	}
	return all[before]
}

// RequireHeader checks that a request has these headers, and no others but the
// Content-Length and User-Agent that all have. A header of which only the name
// matters has the value "*".
func (s Sent) RequireHeader(t T, want map[string]string) {
	t.Helper()
	rest := s.Header.Clone()
	for name, value := range want {
		got := rest[name]
		if len(got) != 1 || value != "*" && got[0] != value {
			t.Fatalf("header %s is %q, not %q", name, got, value)
		}
		rest.Del(name)
	}
	for _, name := range []string{"Content-Length", "User-Agent"} {
		if len(rest[name]) != 1 {
			t.Fatalf("header %s is %q", name, rest[name])
		}
		rest.Del(name)
	}
	if len(rest) > 0 {
		t.Fatalf("headers that nobody documents: %q", names(rest))
	}
}

func names(h http.Header) (out []string) {
	for name := range h {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// ModuleHeader are the headers of the Payout Module (all2pay:183-184). #46: Bereke's
// page has lost its list (bereke:115-117).
var ModuleHeader = map[string]string{
	"Content-Type": "application/json; charset=UTF-8",
	"Accept":       "application/json; version=2.0",
}

// Repaired returns a document's example with what is wrong in it replaced: pairs of a
// text that has to stand there once, and of what stands for it.
func Repaired(t T, example string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if strings.Count(example, pairs[i]) != 1 {
			t.Fatalf("%q stands %d times in the example", pairs[i], strings.Count(example, pairs[i]))
		}
		example = strings.Replace(example, pairs[i], pairs[i+1], 1)
	}
	return example
}
