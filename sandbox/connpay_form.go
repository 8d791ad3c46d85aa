package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/http"
	"slices"

	"github.com/payoutkit/payout/sandbox/bank"
)

// ReceiverForm is the operation of the page to which redirect-to leads.
const ReceiverForm bank.Operation = "receiver-form"

// connPayForm is that page's path, below /paynet. All about it but redirect-to itself
// is invented.
const connPayForm = "/form/{order}/{key}"

// AwaitReceiver is an order that is "processing", with a redirect-to, until its receiver
// has sent the form that is there. Then becomes of it what would have at once.
//
//	g.Script(bank.Script{Operation: bank.Create, Reference: "p-1", Act: sandbox.AwaitReceiver()})
func AwaitReceiver() bank.Act { return bank.Say(bank.Registered, "") }

// formURL is where the receiver of an order finds the form. Nobody can guess its key,
// which is a number so that a log masks it.
func (g *ConnPay) formURL(id string) string {
	return g.URL() + "/paynet/form/" + id + "/" + g.formKey(id)
}

func (g *ConnPay) formKey(id string) string {
	mac := hmac.New(sha256.New, []byte(g.cfg.Control))
	_, _ = mac.Write([]byte("form " + id)) // a hash never fails
	sum := mac.Sum(nil)
	return fmt.Sprintf("%020d%020d", binary.BigEndian.Uint64(sum), binary.BigEndian.Uint64(sum[8:]))
}

// show is what the receiver sees: the form while the order waits for it; how far the
// order has come; at its end the way back (connpay:40-60).
func (g *ConnPay) show(c *bank.Call) bank.Answer { return g.form(c, false) }

// fill is the receiver sending the form.
func (g *ConnPay) fill(c *bank.Call) bank.Answer { return g.form(c, true) }

func (g *ConnPay) form(c *bank.Call, fill bool) bank.Answer {
	id := c.Param("order")
	s, ok := g.order(id)
	if !ok || c.Param("key") != g.formKey(id) {
		return c.Refuse("", "the form's address is not known", notFoundPage(c))
	}
	return c.Answer(s.Order.Reference, func() bank.Answer {
		if fill {
			g.Become(id, func(s bank.Statement, f bank.Funds) bank.Act {
				if s.State != bank.Registered {
					return bank.Act{} // sent before
				}
				return s.Details.(connPayOrder).private().fate(f)
			})
		}
		s, _ = g.order(id)
		if back := wayBack(s); back != "" {
			return bank.Answer{Status: http.StatusFound, Header: http.Header{"Location": {back}}}
		}
		page := "Your payment is " + connPayStates[s.State]
		if s.State == bank.Registered {
			page = `<form method="post"><button>Confirm</button></form>`
		}
		return bank.Text(http.StatusOK, formAnswer, "<!DOCTYPE html>\n<html><body>"+page+"</body></html>\n")
	})
}

// order returns the order with the given paynet-order-id.
func (g *ConnPay) order(id string) (bank.Statement, bool) {
	all := g.Orders()
	i := slices.IndexFunc(all, func(s bank.Statement) bool { return s.ID == id })
	if i < 0 {
		return bank.Statement{}, false
	}
	return all[i], true
}

// wayBack is where the receiver goes when the order has come to its end, in any final
// status: redirect_url, or that of the pair which fits (connpay:40-60).
func wayBack(s bank.Statement) string {
	p := s.Details.(connPayOrder).private()
	switch {
	case !connPayFinal(s.Turn):
		return ""
	case p.redirect != "":
		return p.redirect
	case connPayWord(s.Turn) == "approved":
		return p.success
	default:
		return p.bad
	}
}

// connPayFinal reports whether a turn's status is final by the platform's list.
func connPayFinal(t bank.Turn) bool {
	return slices.Contains([]string{"approved", "declined", "filtered", "error"}, connPayWord(t))
}
