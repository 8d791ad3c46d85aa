package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/payoutkit/payout"
)

func secrecyCases() []Case {
	return []Case{
		{
			Name: "secrets in errors", Rule: "No error, whatever the bank answered, shows a secret of the configuration or of the request.",
			Cost: "Card numbers and passwords lie in the logs.", Money: false, run: secretsInErrors,
		},
		{
			Name: "secrets in values", Rule: "No way of printing, encoding or dumping the provider, the request or the payout shows a secret.",
			Cost: "One debug line, or one failing test, publishes them.", run: secretsInValues,
		},
	}
}

// secretsOf are the texts that must not be seen: short ones would be found anywhere.
func (t *T) secretsOf(req payout.Request) (out []string) {
	add := func(text string) {
		if len(text) >= 5 {
			out = append(out, text)
		}
	}
	for _, s := range t.h.Secrets {
		add(s)
	}
	records := []payout.Record{req.Destination, req.Recipient}
	for _, o := range req.Options {
		records = append(records, o)
	}
	for _, rec := range records {
		for _, v := range rec.Kind().Values(rec) {
			if v.Secret {
				add(v.Text.Reveal())
			}
		}
	}
	return out
}

func (t *T) look(what, text string, secrets []string) {
	for i, s := range secrets {
		if strings.Contains(text, s) {
			t.Errorf("%s shows secret %d of the harness (%d characters)", what, i+1, len(s))
		}
	}
}

// lookAction looks at a payout that waits for somebody: whoever has the page's address
// can act in their place.
func (t *T) lookAction(p payout.Payout) {
	t.look("the payout with an action", shown(p), []string{p.Action.URL.Reveal()})
}

// shown is every way in which a value gets into a log.
func shown(v any) string {
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&b, verb+"\n", v)
	}
	if raw, err := json.Marshal(v); err == nil {
		b.Write(raw)
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		slog.New(h).Info("value", "v", v)
	}
	b.WriteString(dump(v))
	return b.String()
}

func secretsInErrors(t *T) {
	for _, template := range t.h.Requests {
		w := t.world()
		w.warm()
		req := w.as(template)
		secrets := t.secretsOf(req)
		everything := strings.Join(secrets, " ")
		// A bank that quotes back all it knows, in every form.
		echo := func(status int, contentType string, body string) fault {
			return said(false, status, map[string][]string{"Content-Type": {contentType}}, []byte(body))
		}
		quoted, err := json.Marshal(everything)
		if err != nil {
			t.fatalf("%v", err)
		}
		faults := []fault{
			echo(400, "text/plain", everything),
			echo(500, "text/html", "<p>"+everything+"</p>"),
			echo(200, "application/json", `{"errorCode":`+string(quoted)+`,"errorMessage":`+string(quoted)+`}`),
			echo(400, "application/json", `{"errorCode":"98","errorMessage":`+string(quoted)+`}`),
			echo(200, "text/html", "type=validation-error\n&error-code=1\n&error-message="+strings.ReplaceAll(everything, "&", "%26")),
			said(false, 302, map[string][]string{"Location": {"https://" + "127.0.0.1/?" + strings.ReplaceAll(everything, " ", "%20")}}, nil),
			lost(),
		}
		for _, f := range faults {
			w.net.next(f)
			_, err := w.client.Create(t.ctx, req)
			t.lookError("an error of Create", err, secrets)
			w.net.nextAny(f)
			_, err = w.client.Find(t.ctx, req.Ref())
			t.lookError("an error of Find", err, secrets)
		}
		bad := req
		bad.Amount = payout.Money{}
		_, err = w.client.Create(t.ctx, bad)
		t.lookError("an error of a bad request", err, secrets)
	}
}

// lookError looks at an error and at everything that it wraps.
func (t *T) lookError(what string, err error, secrets []string) {
	if err == nil {
		return
	}
	t.look(what, shown(err), secrets)
	switch e := err.(type) { //nolint:errorlint // it walks the tree itself
	case interface{ Unwrap() error }:
		t.lookError(what, e.Unwrap(), secrets)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			t.lookError(what, inner, secrets)
		}
	}
	if inner := errors.Unwrap(err); inner != nil {
		t.look(what, inner.Error(), secrets)
	}
}

func secretsInValues(t *T) {
	w := t.world()
	client := payout.NewClient(w.provider) // the world's own knows the harness
	for _, template := range t.h.Requests {
		req := w.as(template)
		paid := w.pay(req)
		secrets := t.secretsOf(req)
		t.look("the request", shown(req), secrets)
		t.look("the request's destination", shown(req.Destination), secrets)
		t.look("the request's recipient", shown(req.Recipient), secrets)
		t.look("the payout", shown(paid), secrets)
		t.look("the provider, after it was used", shown(w.provider), secrets)
		t.look("the client, after it was used", shown(client), secrets)
	}
}
