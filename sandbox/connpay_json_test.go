package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// accepting signs a body and sends it with an Accept header.
func (g *gatewayTest) accepting(accept, path, body string) answer {
	g.t.Helper()
	address := g.URL() + path
	h := formHeader(sign(g.t, testKey(), address, body, oauthParams(g.Login(), time.Now())))
	h.Set("Accept", accept)
	a, err := send(g.t, g.client, http.MethodPost, address, body, h)
	require.NoError(g.t, err)
	return a
}

func TestConnPayAnswersInJSON(t *testing.T) {
	const (
		pay = "/paynet/api/v4/payout/39915"
		ask = "/paynet/api/v4/status/39915"
		me  = "login=TestMerchant&client_orderid=1"
		as  = "application/vnd.pay+json"
	)
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey, Processing: -1})
	a := g.accepting(as, pay, connPayRequest)
	assert.Equal(t, 200, a.status)
	assert.Equal(t, "application/vnd.pay+json;charset=utf-8", a.header.Get("Content-Type"))
	assert.Equal(t, `{"type":"async-response","serial-number":"00000000-0000-0000-0000-000002e2c322","merchant-order-id":"1",`+
		`"paynet-order-id":"6982864","end-point-id":"39915"}`, a.body)

	v := g.accepting("*/*, application/vnd.pay+json;q=0.9", ask, me).json(t)
	assert.Equal(t, "status-response", v["type"])
	assert.Equal(t, "approved", v["status"])
	assert.Equal(t, "10.42", v["amount"])

	a = g.accepting(as, ask, "login=TestMerchant&client_orderid=2")
	assert.Equal(t, 400, a.status)
	assert.Equal(t, map[string]any{"type": "error", "error-code": "404", "error-message": "Order not found", "merchant-order-id": "2"}, without(a.json(t), "serial-number"))

	a = g.accepting(as, pay, strings.Replace(connPayRequest, "account_number", "account_no", 1))
	assert.Equal(t, 400, a.status)
	assert.Equal(t, map[string]any{
		"type": "validation-error", "error-code": "1", "error-message": "Parameter account_no is not a parameter of this method", "merchant-order-id": "1",
	}, without(a.json(t), "serial-number"))

	h := formHeader("")
	h.Set("Accept", as)
	a, err := send(t, g.client, http.MethodPost, g.URL()+pay, connPayRequest, h)
	require.NoError(t, err)
	assert.Equal(t, 403, a.status)
	assert.Equal(t, map[string]any{"type": "error", "error-code": "403", "error-message": "Access is denied"}, without(a.json(t), "serial-number"))

	g.Script(bank.Script{Operation: bank.Create, Times: 1, Act: bank.Nothing(), Reply: g.ReplyJSON(422, "error", "17", "no")})
	a = g.accepting(as, pay, connPayRequest)
	assert.Equal(t, 422, a.status)
	assert.Equal(t, "17", a.json(t)["error-code"])
	assert.Equal(t, 1, g.Ledger().Times("1"))

	// Who does not ask gets a form.
	for _, accept := range []string{"", "*/*", "application/json", "application/vnd.pay+xml", "application/vnd.pay+jsons", ";"} {
		assert.True(t, strings.HasPrefix(g.accepting(accept, ask, me).body, "type=status-response\n"), accept)
	}
	old := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey, FormOnly: true})
	assert.True(t, strings.HasPrefix(old.accepting(as, pay, connPayRequest).body, "type=async-response\n"))
}

func without(m map[string]any, name string) map[string]any {
	delete(m, name)
	return m
}

func TestConnPayJSONNumbers(t *testing.T) {
	const as = "application/vnd.pay+json"
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey, JSONNumbers: true})
	a := g.accepting(as, "/paynet/api/v4/payout/39915", connPayRequest)
	assert.Contains(t, a.body, `"paynet-order-id":6982864,"end-point-id":"39915"`)
	assert.Contains(t, a.body, `"merchant-order-id":"1"`, "which is the caller's text")
	a = g.accepting(as, "/paynet/api/v4/payout/39915", "amount=1")
	assert.Contains(t, a.body, `"error-code":1}`)
	g.Script(bank.Script{Operation: bank.Create, Act: bank.Nothing(), Reply: g.ReplyJSON(400, "error", "E-1", "no")})
	assert.Contains(t, g.accepting(as, "/paynet/api/v4/payout/39915", connPayRequest).body, `"error-code":"E-1"`)
}
