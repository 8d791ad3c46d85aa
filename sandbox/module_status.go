package sandbox

import (
	"net/http"
	"strconv"

	"github.com/payoutkit/payout/sandbox/bank"
)

// status says what became of a payout (all2pay:495-629, bereke:414-524).
func (m *Module) status(c *bank.Call) bank.Answer {
	v, refusal, ok := m.accept(c, GetPayoutStatus)
	if !ok {
		return refusal
	}
	q := bank.Query{Reference: v.Text("orderNumber"), ID: v.Text("orderId"), Match: m.visible}
	if q.Reference == "" && q.ID == "" {
		return c.Refuse("", "orderNumber, orderId: one is required (all2pay:503-505)", m.refusal(rowNoID))
	}
	return c.Find(q, m.found, m.refusal(rowNotFound))
}

// visible reports whether the partner can ask about an order: performPayout takes
// merchantLogin and getPayoutStatus does not (all2pay:316, 499-508).
func (m *Module) visible(o bank.Order) bool {
	return !m.cfg.ChildrenHidden || o.Details.(details).child == ""
}

// found writes the answer to getPayoutStatus (all2pay:588-628, bereke:493-524).
func (m *Module) found(s bank.Statement) bank.Answer {
	d := s.Details.(details)
	form := *m.dialect.sheet
	form.orderID = form.orderID || m.cfg.TellOrderID
	var o bank.Object
	o.Add(true, "errorCode", "0")
	o.Add(true, "errorMessage", m.dialect.Success)
	m.order(&o, s, form)
	if form.actionCode {
		m.action(&o, s)
	}
	m.operations(&o, s, form, m.dialect.Done)
	if d.saves() {
		o.Add(true, "orderType", orderType(d.method)) // invented, as is all that a status answer says of a card
		m.binding(&o, s)
		return bank.JSON(http.StatusOK, o)
	}
	o.Add(s.Account != "", "source", bank.Object{{Name: "bindingId", Value: s.Account}})
	o.Add(d.target.known(), "target", d.target.object(d, form.maskFour))
	o.Add(len(d.params) > 0, "orderParams", d.params)
	return bank.JSON(http.StatusOK, o)
}

// action writes the processing's own code (all2pay:531-534).
func (m *Module) action(o *bank.Object, s bank.Statement) {
	switch s.State {
	case bank.Paid, bank.Returned:
		o.Add(true, "actionCode", 0)
		o.Add(true, "actionCodeDescription", m.dialect.Done)
	case bank.Declined:
		code, err := strconv.Atoi(s.Code)
		if err != nil {
			code = 120 // refused, in the processing's lists
		}
		o.Add(true, "actionCode", code)
		words := "Operation declined" // invented: the words
		if s.Code == sessionExpired {
			words = "Session timeout"
		}
		o.Add(true, "actionCodeDescription", words)
	}
}
