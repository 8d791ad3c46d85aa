package conformance

import (
	"io"
	"net/http"
	"regexp"
	"strings"

	"github.com/payoutkit/payout"
)

func callbackCases() []Case {
	return []Case{{
		Name: "callbacks", Rule: "A callback that proves where it comes from names its payout, however often it comes; a changed or empty one is refused; none sends anything.",
		Cost: "Whoever knows the address tells the platform what was paid.", Money: true, run: callbacks,
	}}
}

func callbacks(t *T) {
	w := t.world()
	if !w.client.Supports(payout.AbilityCallback) {
		t.notef("the provider reads no callbacks")
		return
	}
	if t.h.Callback == nil {
		t.fatalf("Harness.Callback is required of a provider that reads callbacks")
	}
	req := w.request()
	paid := w.pay(req)
	read := func(r *http.Request) (payout.Ref, error) { return w.client.ReadCallback(r) }

	for range 2 { // the second is a replay: a hint to ask twice does no harm
		ref, err := read(t.h.Callback(paid))
		if err != nil || ref.Reference != req.Reference {
			t.Errorf("a callback of the bank: reference %q, error %v", ref.Reference, err)
		}
	}
	later := w.pay(w.request())
	before := w.net.all()
	for _, p := range []payout.Payout{later, paid} { // out of order
		if ref, err := read(t.h.Callback(p)); err != nil || ref.Reference != p.Reference {
			t.Errorf("a callback that came out of order: reference %q, error %v", ref.Reference, err)
		}
	}
	for name, change := range map[string]func(string) string{
		"another reference": func(text string) string { return strings.ReplaceAll(text, req.Reference, other(req.Reference)) },
		"every value empty": func(text string) string { return values.ReplaceAllString(text, `$1$2`) },
		"no content":        func(string) string { return "" },
	} {
		r, changed := altered(t.h.Callback(paid), change)
		if !changed {
			t.fatalf("the callback does not hold the reference as it is, in its query or body")
		}
		if ref, err := read(r); err == nil {
			t.Errorf("a callback with %s was taken, for %q", name, ref.Reference)
		}
	}
	if w.net.all() != before {
		t.Errorf("reading callbacks sent requests")
	}
}

// values matches what follows a name in a query, a form or a JSON object.
var values = regexp.MustCompile(`([?&]?[\w-]+=)[^&]*|("[\w-]+"\s*:\s*)("[^"]*"|[\w.-]+)`)

// altered changes the text of a callback's query and body, as it stands there, and
// leaves the headers, where a signature may be, alone.
func altered(r *http.Request, change func(string) string) (out *http.Request, changed bool) {
	query := change(r.URL.RawQuery)
	changed = query != r.URL.RawQuery
	r.URL.RawQuery = query
	if r.Body == nil || r.Body == http.NoBody {
		return r, changed
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return r, false
	}
	body := change(string(raw))
	changed = changed || body != string(raw)
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	return r, changed
}
