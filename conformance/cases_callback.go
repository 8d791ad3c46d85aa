package conformance

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
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
	for name, change := range map[string]func(url.Values){
		"another reference": func(v url.Values) { swap(v, req.Reference, "somebodys") },
		"every value empty": func(v url.Values) {
			for name := range v {
				v[name] = []string{""}
			}
		},
		"no parameters": func(v url.Values) {
			for name := range v {
				delete(v, name)
			}
		},
	} {
		if ref, err := read(altered(t.h.Callback(paid), change)); err == nil {
			t.Errorf("a callback with %s was taken, for %q", name, ref.Reference)
		}
	}
	if w.net.all() != before {
		t.Errorf("reading callbacks sent requests")
	}
}

func swap(v url.Values, from, to string) {
	for name, values := range v {
		v[name] = slices.Collect(func(yield func(string) bool) {
			for _, s := range values {
				if !yield(strings.ReplaceAll(s, from, to)) {
					return
				}
			}
		})
	}
}

// altered changes the parameters of a callback, in the URL or in a form.
func altered(r *http.Request, change func(url.Values)) *http.Request {
	query := r.URL.Query()
	change(query)
	r.URL.RawQuery = query.Encode()
	if r.Body == nil {
		return r
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return r
	}
	if form, err := url.ParseQuery(string(body)); err == nil {
		change(form)
		body = []byte(form.Encode())
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r
}
