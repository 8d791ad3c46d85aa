package sandbox

import (
	"net/http"
	"net/url"
	"regexp"

	"github.com/payoutkit/payout/sandbox/bank"
)

// ThreeDSCode is what the payer enters on the simulated page of 3-D Secure.
const ThreeDSCode = "12345678"

// acsStarted is the status "authorisation by the issuer's ACS begun" (bereke:326).
const acsStarted = "5"

// Challenge is an issuer that wants the payer to pass 3-D Secure first. Script it for a
// payout to have performPayout.do answer with acsUrl and the rest (all2pay:426-439):
//
//	m.Script(bank.Script{Operation: bank.Create, Reference: "p-1", Act: sandbox.Challenge()})
//
// The page there pays, or declines. createSourceBindingId.do always begins so.
func Challenge() bank.Act { return bank.Say(bank.Registered, acsStarted) }

// Where 3-D Secure is passed (all2pay:752, 758, 759).
const (
	acsPage   = "/payment/rest/getwhitepageurl.do"
	shortPage = "/payment/acsRedirect.do"
	termPage  = basePath + "finish3DSv2.do"
)

// challenge writes where the payer has to go, as in the sample (all2pay:752-759): with
// shortUrl, though is3DSVer2 is false.
func (m *Module) challenge(o *bank.Object, s bank.Statement) {
	o.Add(true, "acsUrl", m.acsURL(s))
	o.Add(true, "info", "Your payment has been processed, redirecting...")
	o.Add(true, "is3DSVer2", false)
	o.Add(s.Says(bank.OrderID), "mdOrder", s.ID)
	o.Add(true, "paReq", "White page paReq")
	o.Add(true, "shortUrl", m.URL()+shortPage+"?"+url.Values{"orderId": {s.ID}}.Encode())
	o.Add(true, "termUrl", m.URL()+termPage)
}

func (m *Module) acsURL(s bank.Statement) string {
	return m.URL() + acsPage + "?" + url.Values{"mdOrder": {s.ID}, "threeDsServerTransId": {s.Details.(details).transaction}}.Encode()
}

// acs shows the issuer's page while it waits for the payer, and then what became of it.
func (m *Module) acs(c *bank.Call) bank.Answer {
	return c.Change(m.acsOrder(c), look, func(s bank.Statement) bank.Answer {
		if waits(s) == payer {
			return m.show(http.StatusOK, "code.html", s, "")
		}
		return m.result(s)
	}, m.noOrder())
}

// short leads from shortUrl to the issuer's page.
func (m *Module) short(c *bank.Call) bank.Answer {
	id := c.Query.Get("orderId")
	q := bank.Query{Match: func(o bank.Order) bool { return o.ID == id }}
	return c.Change(q, look, func(s bank.Statement) bank.Answer { return seeOther(m.acsURL(s)) }, m.noOrder())
}

// term shows what became of it (all2pay:759; the rest is invented).
func (m *Module) term(c *bank.Call) bank.Answer {
	id := c.Query.Get("mdOrder")
	q := bank.Query{Match: func(o bank.Order) bool { return o.ID == id }}
	return c.Change(q, look, m.result, m.noOrder())
}

var codeForm = bank.Schema{
	{Name: "code", Max: 40},
	{Name: "answer", Required: true, Pattern: regexp.MustCompile(`^(confirm|decline)$`)},
}

// submitCode goes on with what waits for the payer: it saves the card, or pays by the
// rules of performPayout. A wrong code is no refusal: the page is shown again.
func (m *Module) submitCode(c *bank.Call) bank.Answer {
	v, rule := formOf(c, codeForm)
	if rule != "" {
		return c.Refuse("", rule, m.show(http.StatusBadRequest, "none.html", bank.Statement{}, rule))
	}
	confirmed := func(o *bank.Order, at bank.Turn, f bank.Funds) bank.Act {
		d := o.Details.(details)
		switch {
		case d.waits(at) != payer:
			return bank.Act{}
		case v.Text("answer") == "decline":
			return bank.Decline("")
		case v.Text("code") != ThreeDSCode:
			return bank.Act{}
		case d.saves():
			return bank.Pay()
		default:
			return m.decide(*o, f)
		}
	}
	return c.Change(m.acsOrder(c), confirmed, func(s bank.Statement) bank.Answer {
		if waits(s) == payer {
			return m.show(http.StatusOK, "code.html", s, "This is not the right code.")
		}
		return seeOther(m.pageURL(termPage, s.ID))
	}, m.noOrder())
}

// acsOrder is the order that the issuer's page is about: both numbers of its URL agree.
func (m *Module) acsOrder(c *bank.Call) bank.Query {
	id, transaction := c.Query.Get("mdOrder"), c.Query.Get("threeDsServerTransId")
	return bank.Query{Match: func(o bank.Order) bool { return o.ID == id && o.Details.(details).transaction == transaction }}
}
