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
func (g *ConnPay) show(c *bank.Call) bank.Answer { return g.form(c, look) }

// fill is the receiver sending the form.
func (g *ConnPay) fill(c *bank.Call) bank.Answer {
	return g.form(c, func(o *bank.Order, at bank.Turn, f bank.Funds) bank.Act {
		if at.State != bank.Registered {
			return bank.Act{} // sent before
		}
		return o.Details.(connPayOrder).private().fate(f)
	})
}

func (g *ConnPay) form(c *bank.Call, decide func(*bank.Order, bank.Turn, bank.Funds) bank.Act) bank.Answer {
	id := c.Param("order")
	known := c.Param("key") == g.formKey(id)
	q := bank.Query{Match: func(o bank.Order) bool { return known && o.ID == id }}
	return c.Change(q, decide, func(s bank.Statement) bank.Answer {
		if back := wayBack(s); back != "" {
			return bank.Answer{Status: http.StatusFound, Header: http.Header{"Location": {back}}}
		}
		page := "Your payment is " + connPayStates[s.State]
		if s.State == bank.Registered {
			page = `<form method="post"><button>Confirm</button></form>`
		}
		return bank.Text(http.StatusOK, formAnswer, "<!DOCTYPE html>\n<html><body>"+page+"</body></html>\n")
	}, notFoundPage(c))
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
