package conformance

import (
	"errors"
	"strings"

	"github.com/payoutkit/payout"
)

func inputCases() []Case {
	return []Case{{
		Name: "bad input", Rule: "What a provider can't carry is refused before anything is sent, with the field and the rule.",
		Cost: "The bank finds out later, or makes something else of it.", Money: true, run: badInput,
	}}
}

func badInput(t *T) {
	w := t.world()
	base := t.h.Requests[0]
	info := w.client.Info()
	stranger := payout.FromMinor(100, payout.XPF)
	if _, ok := info.Range(payout.XPF); ok {
		stranger = payout.FromMinor(100, payout.ERN)
	}
	for what, change := range map[string]func(*payout.Request){
		"no reference":                    func(r *payout.Request) { r.Reference = "" },
		"a reference that is too long":    func(r *payout.Request) { r.Reference = strings.Repeat("a", 2000) },
		"a reference with a line feed":    func(r *payout.Request) { r.Reference += "\n" },
		"no amount":                       func(r *payout.Request) { r.Amount = payout.Money{} },
		"an amount of nothing":            func(r *payout.Request) { r.Amount = payout.FromMinor(0, r.Amount.Currency()) },
		"a negative amount":               func(r *payout.Request) { r.Amount = payout.FromMinor(-100, r.Amount.Currency()) },
		"a currency that it does not pay": func(r *payout.Request) { r.Amount = stranger },
		"no destination":                  func(r *payout.Request) { r.Destination = nil },
		"a destination of another kind":   func(r *payout.Request) { r.Destination = elsewhere{"somewhere"} },
		"an address that is not https":    func(r *payout.Request) { r.ReturnURL = "javascript:alert(1)" },
		"a description that is too long":  func(r *payout.Request) { r.Description = strings.Repeat("a", 10_000) },
	} {
		if what == "a description that is too long" && info.Description == 0 {
			continue
		}
		w.refused(what, base, change)
	}
	kind := base.Destination.Kind()
	for _, f := range kind.Fields() {
		if !f.Required {
			continue
		}
		w.refused("a destination without "+f.Name, base, func(r *payout.Request) {
			r.Destination = rebuilt(base.Destination, f.Name, "")
		})
		w.refused("a destination with a control character in "+f.Name, base, func(r *payout.Request) {
			r.Destination = rebuilt(base.Destination, f.Name, "a\x00b")
		})
	}
}

// rebuilt changes one field of a destination.
func rebuilt(d payout.Destination, field, text string) payout.Destination {
	texts := map[string]payout.Secret{}
	for _, v := range d.Kind().Values(d) {
		texts[v.Name] = v.Text
	}
	texts[field] = payout.NewSecret(text)
	return d.Kind().Build(func(name string) string { return texts[name].Reveal() })
}

// refused wants a changed request to be refused before anything is sent.
func (w *world) refused(what string, template payout.Request, change func(*payout.Request)) {
	req := w.as(template)
	change(&req)
	before := w.net.all()
	p, err := w.client.Create(w.t.ctx, req)
	if n := w.net.all() - before; n > 0 {
		w.t.Errorf("%s: %d requests were sent", what, n)
	}
	kind := payout.KindOf(err)
	if err == nil || kind != payout.ErrInvalid && kind != payout.ErrUnsupported {
		w.t.Errorf("%s: status %s, error %v", what, p.Status, err)
		return
	}
	var e *payout.Error
	if !errors.As(err, &e) || len(e.Violations) == 0 {
		w.t.Errorf("%s: the error does not say which field and rule: %v", what, err)
	}
}

// elsewhere is a destination that no bank pays to.
type elsewhere struct{ Where string }

var elsewhereKind = payout.NewKind("nowhere_known", "a destination that no bank pays to",
	payout.Text(payout.Field{Name: "where", Required: true}, func(e *elsewhere) *string { return &e.Where }))

// Kind implements [payout.Record].
func (elsewhere) Kind() payout.Kind { return elsewhereKind }
