package sandbox

import (
	"net/http"
	"net/url"

	"github.com/payoutkit/payout/sandbox/bank"
)

// register makes a payout whose recipient enters the card on the bank's page
// (all2pay:199-295, bereke:189-266). It waits for that, unless a script or
// [ModuleConfig.PageCard] stands for the recipient.
func (m *Module) register(c *bank.Call) bank.Answer {
	v, refusal, ok := m.accept(c, RegisterPayout)
	if !ok {
		return refusal
	}
	if rule, answer := m.intake(v); rule != "" {
		return c.Refuse(v.Text("orderNumber"), rule, answer)
	}
	to, _ := m.typedCard(m.cfg.PageCard)
	o := m.newOrder(c, RegisterPayout, v, to)
	o.Untold = true // the answer has no status
	if m.cfg.PageCard == "" {
		o.Decide = func(bank.Funds) bank.Act { return bank.Act{Turns: []bank.Turn{{State: bank.Registered}}} }
	}
	return c.Create(o, m.registered, m.again())
}

// registered writes the answer to registerPayout (all2pay:290-295, bereke:261-266).
func (m *Module) registered(s bank.Statement) bank.Answer {
	o := bank.Object{{Name: "errorCode", Value: "0"}}
	o.Add(s.Says(bank.Reference), "orderNumber", s.Order.Reference)
	o.Add(s.Says(bank.OrderID), "orderId", s.ID)
	o.Add(true, "formUrl", m.pageURL(payPage, s.ID))
	return bank.JSON(http.StatusOK, o)
}

// Where the pages are: all2pay:294 has a page in Russian.
const (
	payPage    = "/payment/merchants/svip_payout_ab/payment_en.html"
	finishPage = "/payment/merchants/svip_payout_ab/finish.html"
)

func (m *Module) pageURL(path, id string) string {
	return m.URL() + path + "?" + url.Values{"mdOrder": {id}}.Encode()
}
