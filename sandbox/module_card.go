package sandbox

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/payoutkit/payout/sandbox/bank"
)

// SaveSourceCard is createSourceBindingId.do, for scripts and counts;
// createTargetBindingId.do is [bank.SaveCard].
const SaveSourceCard bank.Operation = "save-source-card"

// saveTarget keeps a recipient's card, to be paid to by its bindingId
// (all2pay:628-686).
func (m *Module) saveTarget(c *bank.Call) bank.Answer { return m.save(c, CreateTargetBindingID) }

// saveSource keeps a card of the partner's to pay from, once its owner has passed 3-D
// Secure (all2pay:686-772).
func (m *Module) saveSource(c *bank.Call) bank.Answer { return m.save(c, CreateSourceBindingID) }

func (m *Module) save(c *bank.Call, method ModuleMethod) bank.Answer {
	v, refusal, ok := m.accept(c, method)
	if !ok {
		return refusal
	}
	reference, pan := v.Text("orderNumber"), v.Text("pan")
	switch {
	case v.Has("merchantLogin") && !m.child(v.Text("merchantLogin")):
		return c.Refuse(reference, "merchantLogin: is not a child of the partner", m.refusal(rowUnauthenticated)) // invented
	case !bank.Luhn(pan):
		return c.Refuse(reference, "pan: has a wrong check digit", m.refusal(rowMrBin))
	}
	d := details{
		method:      method,
		clientID:    v.Text("clientId"),
		child:       v.Text("merchantLogin"),
		target:      m.card(pan),
		expires:     c.Now().Add(sessionTimeout),
		transaction: c.UUID(),
	}
	d.target.bindingID = c.UUID()
	o := bank.Order{
		Reference: reference, ID: c.UUID(), Destination: d.target.masked, Details: d, Lag: m.cfg.Lag, Expire: d.expire,
		Decide: func(bank.Funds) bank.Act {
			if method == CreateSourceBindingID && !m.cfg.NoThreeDS {
				return Challenge()
			}
			return bank.Pay()
		},
	}
	return c.Create(o, func(s bank.Statement) bank.Answer {
		if method == CreateSourceBindingID {
			m.Ledger().Fund(d.target.bindingID, m.cfg.SavedSource)
		}
		return m.saved(s)
	}, m.again())
}

// saved writes the answer to either method: to saveTarget as in all2pay:679-686, to
// saveSource as in all2pay:750-761 while 3-D Secure is to be passed, and then as in
// all2pay:761-772.
func (m *Module) saved(s bank.Statement) bank.Answer {
	d := s.Details.(details)
	var o bank.Object
	if waits(s) == payer {
		m.challenge(&o, s)
		o.Add(true, "errorCode", "0")
		o.Add(s.Says(bank.Reference), "orderNumber", s.Order.Reference)
		return bank.JSON(http.StatusOK, o)
	}
	source := d.method == CreateSourceBindingID
	code, message := "0", "SUCCESS"
	switch {
	case s.State == bank.Declined:
		code, message = cmp.Or(s.Code, "1"), "Card is not saved" // invented
	case source:
		message = m.dialect.Success
	}
	o.Add(true, "errorCode", code)
	o.Add(true, "errorMessage", message)
	m.binding(&o, s)
	o.Add((source || m.cfg.TellOrderID) && s.Says(bank.OrderID), "orderId", s.ID) // required in all2pay:658, not in all2pay:679-686
	o.Add(source, "orderType", orderType(d.method))
	o.Add(s.Says(bank.Reference), "orderNumber", s.Order.Reference)
	return bank.JSON(http.StatusOK, o)
}

// binding writes what was saved, once it is.
func (m *Module) binding(o *bank.Object, s bank.Statement) {
	d := s.Details.(details)
	if s.State != bank.Paid {
		return
	}
	o.Add(true, "bindingId", d.target.bindingID)
	o.Add(true, "clientId", d.clientID)
	o.Add(true, "maskedPan", maskFour(d.target.masked))
	o.Add(d.method == CreateSourceBindingID, "merchantLogin", cmp.Or(d.child, m.cfg.UserName)) // all2pay:731, 768
}

// orderType is the method's name (all2pay:733, 770).
func orderType(method ModuleMethod) string { return string(method[:len(method)-len(".do")]) }

// savedBy returns the card that a method has saved under a bindingId.
func (m *Module) savedBy(method ModuleMethod, id string) (d details, ok bool) {
	orders := m.Orders()
	i := slices.IndexFunc(orders, func(s bank.Statement) bool {
		d = s.Details.(details)
		return d.method == method && d.target.bindingID == id && s.State == bank.Paid
	})
	return d, i >= 0
}
