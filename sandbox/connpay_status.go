package sandbox

import (
	"crypto/sha1" // #nosec G505 -- the control of v2 is SHA-1
	"encoding/hex"
	"net/http"
	"strconv"

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

// statusV4 is signed as a payout is.
func (g *ConnPay) statusV4(c *bank.Call) bank.Answer {
	if rule := g.authorise(c); rule != "" {
		return c.Refuse("", rule, accessDenied())
	}
	return g.status(c, connPayStatus, nil)
}

// statusV2 is signed by control, SHA-1 in hex over login, client_orderid, orderid and
// the merchant's control key.
func (g *ConnPay) statusV2(c *bank.Call) bank.Answer {
	return g.status(c, connPayStatusV2, func(v bank.Values) string {
		sum := sha1.Sum([]byte(v.Text("login") + v.Text("client_orderid") + v.Text("orderid") + g.cfg.Control)) // #nosec G401 -- as above
		if v.Text("control") != hex.EncodeToString(sum[:]) {
			return "does not verify"
		}
		return ""
	})
}

func (g *ConnPay) status(c *bank.Call, schema bank.Schema, control func(bank.Values) string) bank.Answer {
	v, broken := schema.Form(c.Body)
	reference := v.Text("client_orderid")
	invalid := func(parameter, rule string) bank.Answer {
		return c.Refuse(reference, parameter+": "+rule, g.validationError(c, reference, "Parameter "+parameter+" "+rule))
	}
	if rule := formType(c.Header); rule != "" {
		return c.Refuse(reference, rule, g.validationError(c, reference, "Wrong content type")) // invented
	}
	if len(broken) > 0 {
		return g.broken(c, reference, broken[0])
	}
	if v.Text("login") != g.cfg.Login {
		return invalid("login", "is not known")
	}
	if control != nil {
		if rule := control(v); rule != "" {
			return invalid("control", rule) // invented: how a wrong control is answered
		}
	}
	if _, ok := g.endpoint(c, func(Endpoint) bool { return true }); !ok {
		return c.Refuse(reference, "endpoint: is not known", notFoundPage(c)) // invented
	}
	serial := serialNumber(c.Serial())
	// Invented: no code of an unknown order is published, nor what is said about two
	// orders under one client_orderid: here the newest one is meant. An order is known
	// only where it was made.
	missing := connPayError("error", serial, reference, "Order not found", "404")
	return c.Find(bank.Query{
		Reference: reference,
		ID:        v.Text("orderid"),
		Match: func(o bank.Order) bool {
			d := o.Details.(connPayOrder)
			here := d.endpoint.ID == c.Param("endpoint") || d.endpoint.Group != "" && d.endpoint.Group == c.Param("group")
			return here && (v.Text("by-request-sn") == "" || v.Text("by-request-sn") == d.serial)
		},
	}, func(s bank.Statement) bank.Answer { return statusResponse(serial, s) }, missing)
}

// connPayWords are the platform's status words.
var connPayWords = map[bank.State]string{
	bank.Registered: "processing",
	bank.Pending:    "processing",
	bank.Paid:       "approved",
	bank.Declined:   "declined",
	bank.Returned:   "reversed", // invented
}

// statusResponse has the platform's parameters; their order is invented.
func statusResponse(serial string, s bank.Statement) bank.Answer {
	d := s.Details.(connPayOrder)
	word := s.Word
	if word == "" {
		word = connPayWords[s.State]
	}
	pairs := []bank.Pair{{Name: "type", Value: "status-response"}, {Name: "serial-number", Value: serial}}
	add := func(say bool, name, value string) {
		if say {
			pairs = append(pairs, bank.Pair{Name: name, Value: value})
		}
	}
	add(s.Says(bank.Reference), "merchant-order-id", s.Order.Reference)
	add(s.Says(bank.OrderID), "paynet-order-id", s.ID)
	add(s.Says(bank.StatusWord), "status", word)
	add(s.Says(bank.Amount), "amount", s.Money.Major())
	add(s.Says(bank.Currency), "currency", s.Money.Currency().Code())
	add(true, "end-point-id", d.endpoint.ID)
	add(true, "order-stage", "transfer_"+connPayWords[s.State])
	add(d.bin != "", "bin", d.bin)
	add(d.last4 != "", "last-four-digits", d.last4)
	add(s.State == bank.Paid, "processor-tx-id", "PNTEST-"+s.ID)
	add(s.State == bank.Paid, "paynet-processing-date", s.Created.UTC().Format("2006-01-02 15:04:05 MST"))
	add(d.merchantData != "", "merchant_data", d.merchantData)
	if s.State == bank.Declined {
		code, message := s.Code, "Declined"
		if code == "" {
			code = "10000" // invented, as every code of a decline here
		}
		if code == processorInternalError {
			code, message = strconv.Itoa(-1), processorInternalError // invented: the code beside the name
		}
		add(true, "error-code", code)
		add(true, "error-message", message)
	}
	return bank.Text(http.StatusOK, connPayForm, bank.Form("\n&", pairs...))
}
