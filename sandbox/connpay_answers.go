package sandbox

import (
	"fmt"
	"net/http"

	"github.com/payoutkit/payout/sandbox/bank"
)

// connPayForm is the content type of answers (connpay:222), whatever they hold.
const connPayForm = "text/html;charset=utf-8"

// processorInternalError is the documented test outcome's name (connpay:279).
const processorInternalError = "PROCESSOR_INTERNAL_ERROR"

// serialNumber has the form of connpay:232.
func serialNumber(n int64) string { return fmt.Sprintf("00000000-0000-0000-0000-%012x", 0x2e2c321+n) }

// asyncResponse says that the order was received (connpay:231-235): a line feed before
// each parameter but the first, none at the end.
func asyncResponse(s bank.Statement) bank.Answer {
	d := s.Details.(connPayOrder)
	pairs := []bank.Pair{{Name: "type", Value: "async-response"}, {Name: "serial-number", Value: d.serial}}
	add := func(say bool, name, value string) {
		if say {
			pairs = append(pairs, bank.Pair{Name: name, Value: value})
		}
	}
	add(s.Says(bank.Reference), "merchant-order-id", s.Order.Reference)
	add(s.Says(bank.OrderID), "paynet-order-id", s.ID)
	add(true, "end-point-id", d.endpoint.ID)
	return bank.Text(http.StatusOK, connPayForm, bank.Form("\n&", pairs...))
}

// validationError refuses a request before anything happened, with HTTP 200 and a line
// feed at the end too, as captured from the platform.
func (g *ConnPay) validationError(c *bank.Call, reference, message string) bank.Answer {
	return connPayError("validation-error", serialNumber(c.Serial()), reference, message, "1")
}

// broken refuses a request for a broken rule of one parameter.
func (g *ConnPay) broken(c *bank.Call, reference string, v bank.Violation) bank.Answer {
	return c.Refuse(reference, v.String(), g.validationError(c, reference, "Parameter "+v.Path+" "+string(v.Rule)))
}

func connPayError(kind, serial, reference, message, code string) bank.Answer {
	pairs := []bank.Pair{{Name: "type", Value: kind}, {Name: "serial-number", Value: serial}}
	if reference != "" {
		pairs = append(pairs, bank.Pair{Name: "merchant-order-id", Value: reference})
	}
	pairs = append(pairs, bank.Pair{Name: "error-message", Value: message}, bank.Pair{Name: "error-code", Value: code})
	return bank.Text(http.StatusOK, connPayForm, bank.Form("\n&", pairs...)+"\n")
}

// Reply is an answer of the given type, "error" or "validation-error" (connpay:191), as
// a scripted reply. Say whether the gateway acts before it gives it.
func (g *ConnPay) Reply(kind, code, message string) bank.Reply {
	return bank.With(connPayError(kind, serialNumber(0), "", message, code))
}

// AccessDenied is the page that answers a bad signature (connpay:236-272), as a
// scripted reply.
func (g *ConnPay) AccessDenied() bank.Reply { return bank.With(accessDenied()) }

func accessDenied() bank.Answer {
	return bank.Text(http.StatusForbidden, "text/html", `<!DOCTYPE html>
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8"/>
<title>403</title>
<style type="text/css">
body {
font-family: Arial, sans-serif;
font-size: 130%;
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
`)
}

// notFoundPage answers a path that the gateway does not have (invented).
func notFoundPage(*bank.Call) bank.Answer {
	return bank.Text(http.StatusNotFound, "text/html", "<html><head><title>404</title></head><body><p>Not found</p></body></html>")
}
