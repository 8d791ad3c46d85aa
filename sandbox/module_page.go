package sandbox

import (
	"net/http"
	"strings"

	"github.com/payoutkit/payout/sandbox/bank"
)

// The operations of the bank's pages, for scripts and counts.
const (
	Page   bank.Operation = "page"   // a page was opened
	Submit bank.Operation = "submit" // what was entered on one was sent in
)

// page shows the order of the URL as it stands: a form while it waits for the
// recipient, then what became of it (all2pay:130-142).
func (m *Module) page(c *bank.Call) bank.Answer {
	return c.Change(m.pageOrder(c), look, func(s bank.Statement) bank.Answer {
		if waits(s) == recipient {
			return m.show(http.StatusOK, "card.html", s, "")
		}
		return m.result(s)
	}, m.noOrder())
}

// look changes nothing.
func look(*bank.Order, bank.Turn, bank.Funds) bank.Act { return bank.Act{} }

// submitCard pays what waits for a card, by the rules of performPayout; nothing else
// is paid, however often it is sent in. A person's typing error is no refusal: the page
// is shown again.
func (m *Module) submitCard(c *bank.Call) bank.Answer {
	v, rule := formOf(c, bank.Schema{{Name: "pan", Max: 40}})
	if rule != "" {
		return c.Refuse("", rule, m.show(http.StatusBadRequest, "none.html", bank.Statement{}, rule))
	}
	to, problem := m.typedCard(v.Text("pan"))
	enter := func(o *bank.Order, at bank.Turn, f bank.Funds) bank.Act {
		d := o.Details.(details)
		if d.waits(at) != recipient || problem != "" {
			return bank.Act{}
		}
		d.target = to
		o.Details, o.Destination = d, to.masked
		return m.decide(*o, f)
	}
	return c.Change(m.pageOrder(c), enter, func(s bank.Statement) bank.Answer {
		if waits(s) == recipient {
			return m.show(http.StatusOK, "card.html", s, problem)
		}
		return seeOther(m.pageURL(finishPage, s.ID))
	}, m.noOrder())
}

// typedCard reads a card number as people type it. problem is what to tell them.
func (m *Module) typedCard(text string) (to target, problem string) {
	pan := strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(text)
	if !isCard(pan) {
		return to, "This is not the number of a card. Please check it."
	}
	return m.card(pan), ""
}

func isCard(pan string) bool { return len(pan) >= 12 && len(pan) <= 19 && bank.Luhn(pan) }

// pageOrder is the hosted payout that a page's URL names.
func (m *Module) pageOrder(c *bank.Call) bank.Query {
	id := c.Query.Get("mdOrder")
	return bank.Query{Match: func(o bank.Order) bool { return o.ID == id && o.Details.(details).method == RegisterPayout }}
}

func (m *Module) noOrder() bank.Answer {
	return m.show(http.StatusNotFound, "none.html", bank.Statement{}, "")
}

// result shows what stands, and leads back to the partner: to returnUrl when the payout
// was made, to failUrl when it failed (all2pay:241-244). That the page comes first and
// leads on after a while is invented.
func (m *Module) result(s bank.Statement) bank.Answer {
	a := m.show(http.StatusOK, "result.html", s, "")
	if next := next(s); next != "" {
		a.Header.Set("Refresh", "5; url="+next)
	}
	return a
}

// next is where the partner wants the recipient to go, if anywhere.
func next(s bank.Statement) string {
	d, _ := s.Details.(details)
	switch s.State {
	case bank.Paid:
		return d.returnURL
	case bank.Declined, bank.Returned:
		return d.failURL
	default:
		return ""
	}
}

func waits(s bank.Statement) waiting { return s.Details.(details).waits(s.Turn) }
