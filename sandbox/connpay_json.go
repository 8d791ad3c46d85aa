package sandbox

import (
	"mime"
	"strconv"
	"strings"

	"github.com/payoutkit/payout/sandbox/bank"
)

// payJSON is what a client accepts that wants JSON: a newer platform's, documented on
// its pages. The request stays a form. That the answer has this content type is
// invented.
const payJSON = "application/vnd.pay+json"

// wantsJSON reports whether a request asks for JSON.
func (g *ConnPay) wantsJSON(c *bank.Call) bool {
	if g.cfg.FormOnly {
		return false
	}
	for _, list := range c.Header.Values("Accept") {
		for part := range strings.SplitSeq(list, ",") {
			if kind, _, err := mime.ParseMediaType(part); err == nil && kind == payJSON {
				return true
			}
		}
	}
	return false
}

// jsonAnswer is an answer as JSON, by the names of the form. A rejected request gets a
// status of 4xx; which one is invented.
func (g *ConnPay) jsonAnswer(status int, w words) bank.Answer {
	var o bank.Object
	for _, p := range w {
		number := p.Name == "paynet-order-id" || p.Name == "error-code"
		if n, err := strconv.ParseInt(p.Value, 10, 64); g.cfg.JSONNumbers && number && err == nil {
			o.Add(true, p.Name, n)
			continue
		}
		o.Add(true, p.Name, p.Value)
	}
	a := bank.JSON(status, o)
	a.Header.Set("Content-Type", payJSON+";charset=utf-8")
	return a
}
