package sandbox

import (
	"fmt"
	"mime"
	"net/http"
	"strconv"

	"github.com/payoutkit/payout/sandbox/bank"
)

// formAnswer is the content type of answers (connpay:222), whatever they hold.
const formAnswer = "text/html;charset=utf-8"

// Codes and names of what went wrong. Only the name PROCESSOR_INTERNAL_ERROR is
// documented (connpay:280): no table of codes is published, and all of them are
// invented.
const (
	processorInternalError = "PROCESSOR_INTERNAL_ERROR"
	insufficientFunds      = "INSUFFICIENT_FUNDS"
	declinedCode           = "10000"
)

// words are the parameters of an answer, in order.
type words []bank.Pair

func (w *words) add(say bool, name, value string) {
	if say {
		*w = append(*w, bank.Pair{Name: name, Value: value})
	}
}

// serialNumber has the form of connpay:232.
func serialNumber(n int64) string { return fmt.Sprintf("00000000-0000-0000-0000-%012x", 0x2e2c321+n) }

// say writes an accepted request's answer: a line feed before each parameter but the
// first, and tail at the end.
func (g *ConnPay) say(c *bank.Call, w words, tail string) bank.Answer {
	if g.wantsJSON(c) {
		return g.jsonAnswer(http.StatusOK, w)
	}
	return bank.Text(http.StatusOK, formAnswer, bank.Form("\n&", w...)+tail)
}

// reject writes a rejected request's answer, with a line feed at the end too, as
// captured from the platform.
func (g *ConnPay) reject(c *bank.Call, w words) bank.Answer {
	if g.wantsJSON(c) {
		return g.jsonAnswer(http.StatusBadRequest, w)
	}
	return formRejection(w)
}

func formRejection(w words) bank.Answer {
	return bank.Text(http.StatusOK, formAnswer, bank.Form("\n&", w...)+"\n")
}

// asyncResponse says that the order was received (connpay:231-235).
func (g *ConnPay) asyncResponse(c *bank.Call, s bank.Statement) bank.Answer {
	d := s.Details.(connPayOrder)
	w := words{{Name: "type", Value: "async-response"}, {Name: "serial-number", Value: d.serial}}
	w.add(s.Says(bank.Reference), "merchant-order-id", s.Order.Reference)
	w.add(s.Says(bank.OrderID), "paynet-order-id", s.ID)
	w.add(true, "end-point-id", d.endpoint)
	return g.say(c, w, "")
}

// rejection is a validation-error or an error (connpay:191).
func rejection(kind, serial, reference, message, code string) words {
	w := words{{Name: "type", Value: kind}, {Name: "serial-number", Value: serial}}
	w.add(reference != "", "merchant-order-id", reference)
	w.add(true, "error-message", message)
	w.add(true, "error-code", code)
	return w
}

// refuse answers a request that broke a rule, which happened before anything else did.
// "Parameter NAME is required" and its code are captured from the platform; how it
// words other rules is invented.
func (g *ConnPay) refuse(c *bank.Call, reference, rule, message string) bank.Answer {
	return c.Refuse(reference, rule, g.reject(c, rejection("validation-error", serialNumber(c.Serial()), reference, message, "1")))
}

// invalid refuses a request for a broken rule of one parameter.
func (g *ConnPay) invalid(c *bank.Call, reference, parameter, rule string) bank.Answer {
	return g.refuse(c, reference, parameter+": "+rule, "Parameter "+parameter+" "+rule)
}

// read reads the parameters of a request. If they break a rule of the table it returns
// the refusal too.
func (g *ConnPay) read(c *bank.Call, schema bank.Schema) (bank.Values, *bank.Answer) {
	v, broken := schema.Form(c.Body)
	reference := v.Text("client_orderid")
	if kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		a := g.refuse(c, reference, "Content-Type: must be application/x-www-form-urlencoded (connpay:209)", "Wrong content type")
		return v, &a
	}
	if len(broken) > 0 {
		a := g.refuse(c, reference, broken[0].String(), "Parameter "+broken[0].Path+" "+string(broken[0].Rule))
		return v, &a
	}
	return v, nil
}

// denied refuses a request whose signature is bad.
func (g *ConnPay) denied(c *bank.Call, rule string) bank.Answer {
	status := http.StatusForbidden
	if g.cfg.Unauthorized {
		status = http.StatusUnauthorized
	}
	if g.wantsJSON(c) { // invented: what it holds
		return c.Refuse("", rule, g.jsonAnswer(status, rejection("error", serialNumber(c.Serial()), "", "Access is denied", strconv.Itoa(status))))
	}
	return c.Refuse("", rule, accessDenied(status))
}

// Reply is an answer of the given type, "error" or "validation-error" (connpay:191), as
// a scripted reply. Say whether the gateway acts before it gives it.
func (g *ConnPay) Reply(kind, code, message string) bank.Reply {
	return bank.With(formRejection(rejection(kind, serialNumber(0), "", message, code)))
}

// ReplyJSON is the same to who asked for JSON, with a status of HTTP of your choice.
func (g *ConnPay) ReplyJSON(status int, kind, code, message string) bank.Reply {
	return bank.With(g.jsonAnswer(status, rejection(kind, serialNumber(0), "", message, code)))
}

// AccessDenied is the page that answers a bad signature (connpay:236-274), as a
// scripted reply. A firewall may send it too, whatever was asked for.
func (g *ConnPay) AccessDenied() bank.Reply { return bank.With(accessDenied(http.StatusForbidden)) }

// Unauthorized is the same page with status 401, as a scripted reply.
func (g *ConnPay) Unauthorized() bank.Reply { return bank.With(accessDenied(http.StatusUnauthorized)) }

func accessDenied(status int) bank.Answer {
	return bank.Text(status, "text/html", fmt.Sprintf(`<!DOCTYPE html>
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8"/>
<title>%d</title>
<style type="text/css">
body {
font-family: Arial, sans-serif;
font-size: 130%%;
background-color: #eee;
}
p {
margin: 10em auto 0;
width: 500px;
border: 1px solid gray;
text-align: center;
vertical-align: middle;
padding: 40px 20px;
background-color: #fff;
-webkit-border-radius: 20px;
-moz-border-radius: 20px;
border-radius: 20px;
}
</style>
</head>
<body>
<p>Access is denied</p>
</body>
</html>
`, status))
}

// notFoundPage answers a path that the gateway does not have (invented).
func notFoundPage(*bank.Call) bank.Answer {
	return bank.Text(http.StatusNotFound, "text/html", "<html><head><title>404</title></head><body><p>Not found</p></body></html>")
}
