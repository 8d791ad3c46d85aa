package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// again is the answer to a known orderNumber; nil pays again.
func (m *Module) again() func(bank.Statement) bank.Answer {
	switch m.cfg.Duplicates {
	case AnswerFirst:
		return m.first
	case PayAgain:
		return nil
	case RefuseWith98:
		return func(bank.Statement) bank.Answer { // invented: the message
			return Row{HTTP: http.StatusBadRequest, Code: "98", Message: "Order with given order number is processed already"}.answer()
		}
	default:
		return func(bank.Statement) bank.Answer { // what the vendor's gateway says to register.do
			return Row{HTTP: http.StatusOK, Code: "1", Message: "Order with given order number is processed already"}.answer()
		}
	}
}

// first repeats the answer to the request that made an order: for a hosted payout the
// same page.
func (m *Module) first(s bank.Statement) bank.Answer {
	d := s.Details.(details)
	switch {
	case d.saves():
		return m.saved(s)
	case d.method == RegisterPayout:
		return m.registered(s)
	default:
		return m.performed(s)
	}
}

// performed writes the answer to performPayout (all2pay:462-494, bereke:377-411).
func (m *Module) performed(s bank.Statement) bank.Answer {
	if s.State == bank.Declined {
		for _, key := range []rowKey{rowFunds, rowLimit, rowRestricted} {
			if r := m.row(key); r.Code == s.Code {
				return r.answer() // all2pay:890-892: HTTP 200
			}
		}
	}
	d := s.Details.(details)
	var o bank.Object
	o.Add(true, "errorCode", "0")
	o.Add(true, "errorMessage", m.dialect.Success)
	m.order(&o, s, sheet{orderID: m.cfg.TellOrderID})
	m.operations(&o, s, sheet{pan: true}, m.dialect.Completed)
	o.Add(s.Account != "", "source", bank.Object{{Name: "bindingId", Value: s.Account}})
	o.Add(d.target.known(), "target", d.target.object(d, false))
	o.Add(len(d.params) > 0, "orderParams", d.params)
	if waits(s) == payer {
		m.challenge(&o, s) // all2pay:426-439
	}
	return bank.JSON(http.StatusOK, o)
}

// order writes the members that the answers share. A card that is saved has no amount,
// unless a script claims one.
func (m *Module) order(o *bank.Object, s bank.Statement, form sheet) {
	d := s.Details.(details)
	priced := s.Money != (payout.Money{})
	o.Add(priced && s.Says(bank.Amount), "amount", s.Money.Minor())
	o.Add(priced && s.Says(bank.Amount), "fee", s.Fee.Minor())
	o.Add(priced && s.Says(bank.Currency), "currency", s.Money.Currency().Numeric())
	o.Add(form.creationDate, "creationDate", s.Created.UnixMilli())
	o.Add(form.orderID && s.Says(bank.OrderID), "orderId", s.ID)
	o.Add(s.Says(bank.Reference), "orderNumber", s.Order.Reference)
	o.Add(d.description != "", "description", d.description)
	o.Add(s.Says(bank.StatusWord), "orderStatus", m.word(s))
}

// operations writes operationList. Only what has ended is in it. Saving a card verifies
// it and credits nobody.
func (m *Module) operations(o *bank.Object, s bank.Statement, form sheet, completed string) {
	if s.State != bank.Paid && s.State != bank.Declined && s.State != bank.Returned || s.Code == sessionExpired {
		return
	}
	result, description := 0, completed
	if s.State == bank.Declined {
		result, description = 1, "Operation declined" // invented: the words
	}
	if s.Details.(details).saves() {
		o.Add(true, "operationList", []bank.Object{operation(s, form, "P2P_VERIFY", result, description)})
		return
	}
	var list []bank.Object
	if form.verify {
		list = append(list, operation(s, form, "P2P_VERIFY", 0, completed))
	}
	o.Add(true, "operationList", append(list, operation(s, form, "P2P_CREDIT", result, description)))
}

func operation(s bank.Statement, form sheet, kind string, result int, description string) bank.Object {
	var op bank.Object
	d := s.Details.(details)
	priced := s.Money != (payout.Money{})
	at := s.Created.UnixMilli()
	op.Add(form.dateAsText, "datetime", fmt.Sprint(at))
	op.Add(!form.dateAsText, "operationDate", at)
	op.Add(true, "operationType", kind)
	op.Add(priced && s.Says(bank.Amount), "amount", s.Money.Minor())
	op.Add(priced && s.Says(bank.Currency), "currency", cmp.Or(form.currency, s.Money.Currency().Numeric()))
	op.Add(true, "resultCode", result)
	op.Add(true, "resultCodeDescription", description)
	if kind == "P2P_CREDIT" {
		op.Add(result == 0, "refNum", d.refNum)
		op.Add(form.pan && d.target.card, "pan", s.Destination)
		op.Add(form.pan && d.target.card, "cardholderName", "CARDHOLDER NAME")
	}
	return op
}

// known reports whether anybody has named the recipient yet.
func (t target) known() bool { return t.masked != "" }

// object writes the target, without what the recipient must not see.
func (t target) object(d details, four bool) bank.Object {
	var o bank.Object
	masked := t.masked
	if four && t.card {
		masked = maskFour(masked)
	}
	o.Add(t.bindingID != "", "bindingId", t.bindingID)
	o.Add(d.clientID != "", "clientId", d.clientID)
	o.Add(t.card, "maskedPan", masked)
	o.Add(!t.card, "maskedPhone", masked)
	return o
}

// maskFour shows two digits less: 4111XXXXXXXX1111 (all2pay:684).
func maskFour(masked string) string {
	return masked[:4] + strings.Repeat("X", len(masked)-8) + masked[len(masked)-4:]
}
