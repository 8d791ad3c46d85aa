package sandbox

import (
	"crypto/sha1" // #nosec G505 -- the control of v2 is SHA-1
	"encoding/hex"

	"github.com/payoutkit/payout/sandbox/bank"
)

// Status requests are not in connpay.txt; their parameters are those of the platform's
// other pages.
var (
	connPayStatus = bank.Schema{
		{Name: "login", Required: true},
		{Name: "client_orderid", Required: true, Max: 128},
		{Name: "orderid", Kind: bank.Integer, Max: 19},
		{Name: "by-request-sn", Max: 36},
	}
	connPayStatusV2 = append(append(bank.Schema{}, connPayStatus...), bank.Field{Name: "control", Required: true, Min: 40, Max: 40})
)

// control is how v2 calls and callbacks are signed: SHA-1 in lower-case hex over texts,
// one after another, and the merchant's control key.
func (g *ConnPay) control(texts ...string) string {
	h := sha1.New() // #nosec G401 -- the platform's
	for _, text := range append(texts, g.cfg.Control) {
		_, _ = h.Write([]byte(text)) // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))
}

// statusV4 is signed as a payout is. It is documented for an endpoint only, not for a
// group.
func (g *ConnPay) statusV4(c *bank.Call) bank.Answer {
	if rule := g.authorise(c); rule != "" {
		return g.denied(c, rule)
	}
	v, refusal := g.read(c, connPayStatus)
	if refusal != nil {
		return *refusal
	}
	return g.status(c, v)
}

// statusV2 is signed by control over login, client_orderid and orderid.
func (g *ConnPay) statusV2(c *bank.Call) bank.Answer {
	v, refusal := g.read(c, connPayStatusV2)
	if refusal != nil {
		return *refusal
	}
	reference := v.Text("client_orderid")
	if v.Text("control") != g.control(v.Text("login"), reference, v.Text("orderid")) {
		return g.invalid(c, reference, "control", "does not verify") // invented: how it is answered
	}
	return g.status(c, v)
}

func (g *ConnPay) status(c *bank.Call, v bank.Values) bank.Answer {
	reference := v.Text("client_orderid")
	switch {
	case v.Text("login") != g.cfg.Login:
		return g.invalid(c, reference, "login", "is not known")
	case len(g.named(c)) == 0:
		return g.invalid(c, reference, "endpoint", "is not known")
	}
	serial := serialNumber(c.Serial())
	q := bank.Query{Reference: reference, ID: v.Text("orderid"), Match: func(o bank.Order) bool {
		d := o.Details.(connPayOrder)
		here := d.endpoint == c.Param("endpoint") || d.group != "" && d.group == c.Param("group")
		return here && (v.Text("by-request-sn") == "" || v.Text("by-request-sn") == d.serial)
	}}
	if g.cfg.AskFirst && q.ID == "" {
		q.ID = g.first(q)
	}
	// Invented: no code of an unknown order is published. An order is known only where
	// it was made.
	return c.Find(q, func(s bank.Statement) bank.Answer { return g.statusResponse(c, serial, s) },
		g.reject(c, rejection("error", serial, reference, "Order not found", "404")))
}

// first returns the paynet-order-id of the first order that a question may be about.
func (g *ConnPay) first(q bank.Query) string {
	for _, s := range g.Orders() {
		if s.Order.Reference == q.Reference && q.Match(s.Order) {
			return s.ID
		}
	}
	return ""
}

// connPayStates are the platform's status words.
var connPayStates = map[bank.State]string{
	bank.Registered: "processing",
	bank.Pending:    "processing",
	bank.Paid:       "approved",
	bank.Declined:   "declined",
	bank.Returned:   "reversed", // invented
}

// connPayWord is a turn's status.
func connPayWord(t bank.Turn) string {
	if t.Word != "" {
		return t.Word
	}
	return connPayStates[t.State]
}

// connPayFailure is what a turn that did not pay says of the reason.
func connPayFailure(t bank.Turn) (code, message string) {
	switch {
	case t.State != bank.Declined:
		return "", ""
	case t.Code == processorInternalError:
		return "-1", t.Code
	case t.Code == insufficientFunds:
		return "10001", "Insufficient funds"
	case t.Code == "":
		return declinedCode, "Declined"
	default:
		return t.Code, "Declined"
	}
}

// statusResponse has the platform's parameters, with a line feed after every one; their
// order is invented, and so is the text of order-stage, which is for people.
func (g *ConnPay) statusResponse(c *bank.Call, serial string, s bank.Statement) bank.Answer {
	d := s.Details.(connPayOrder)
	merchantData := d.private().merchantData
	code, message := connPayFailure(s.Turn)
	w := words{{Name: "type", Value: "status-response"}, {Name: "serial-number", Value: serial}}
	w.add(s.Says(bank.Reference), "merchant-order-id", s.Order.Reference)
	w.add(s.Says(bank.OrderID), "paynet-order-id", s.ID)
	w.add(s.Says(bank.StatusWord), "status", connPayWord(s.Turn))
	w.add(s.Says(bank.Amount), "amount", s.Money.Major())
	w.add(s.Says(bank.Currency), "currency", s.Money.Currency().Code())
	w.add(true, "end-point-id", d.endpoint)
	w.add(true, "order-stage", "transfer_"+connPayStates[s.State])
	w.add(d.bin != "", "bin", d.bin)
	w.add(d.last4 != "", "last-four-digits", d.last4)
	w.add(s.State == bank.Paid, "processor-tx-id", "PNTEST-"+s.ID)
	w.add(s.State == bank.Paid, "paynet-processing-date", s.Created.UTC().Format("2006-01-02 15:04:05 MST"))
	w.add(s.State == bank.Registered, "redirect-to", g.formURL(s.ID))
	w.add(merchantData != "", "merchant_data", merchantData)
	w.add(code != "", "error-code", code)
	w.add(message != "", "error-message", message)
	return g.say(c, w, "\n")
}
