package sandbox

import (
	"embed"
	"html/template"
	"mime"
	"net/http"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

//go:embed pages/*.html
var pageFiles embed.FS

var pages = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// content is what a page says. Card numbers come masked.
type content struct {
	Bank, Amount, Order, Description, Card string
	Status                                 string // what became of the order
	Action                                 string // where the form goes
	Problem                                string // with what was entered
	Code                                   string // of 3-D Secure
	Next                                   string // where the partner wants the recipient to go
}

// show writes a page about an order.
func (m *Module) show(status int, name string, s bank.Statement, problem string) bank.Answer {
	v := content{Bank: m.dialect.Name, Problem: problem, Order: s.Order.Reference, Next: next(s), Code: ThreeDSCode}
	if d, ok := s.Details.(details); ok {
		v.Description, v.Card = bank.MaskDigits(d.description), d.target.masked
		v.Status = pageStatus(s)
		v.Action = m.pageURL(payPage, s.ID)
		if waits(s) == payer {
			v.Action = m.acsURL(s)
		}
	}
	if s.Money != (payout.Money{}) {
		v.Amount = s.Money.String()
	}
	var b strings.Builder
	if err := pages.ExecuteTemplate(&b, name, v); err != nil {
		panic(err) // a mistake in the page
	}
	a := bank.Text(status, "text/html; charset=utf-8", b.String())
	a.Header.Set("Cache-Control", "no-store")
	a.Header.Set("Referrer-Policy", "no-referrer")
	a.Header.Set("X-Content-Type-Options", "nosniff")
	a.Header.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	return a
}

func pageStatus(s bank.Statement) string {
	switch {
	case s.State == bank.Paid:
		return "Done"
	case s.Code == sessionExpired:
		return "The time for this is over"
	case s.State == bank.Declined:
		return "Declined"
	case s.State == bank.Returned:
		return "The money came back"
	default:
		return "In progress. Reload this page to see what became of it."
	}
}

// seeOther has the browser open another page by GET, so that reloading that one sends
// nothing in again.
func seeOther(location string) bank.Answer {
	return bank.Answer{Status: http.StatusSeeOther, Header: http.Header{"Location": {location}, "Cache-Control": {"no-store"}}}
}

// formOf reads what a browser sends in. It returns the broken rule, if any.
func formOf(c *bank.Call, schema bank.Schema) (v bank.Values, rule string) {
	kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return v, "Content-Type: must be application/x-www-form-urlencoded"
	}
	v, broken := schema.Form(c.Body)
	if len(broken) > 0 {
		return v, broken[0].String()
	}
	return v, ""
}
