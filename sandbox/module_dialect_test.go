package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

func startModule(t *testing.T, d sandbox.ModuleDialect, cfg sandbox.ModuleConfig) (*sandbox.Module, func(method, body string) answer) {
	t.Helper()
	m, err := sandbox.StartModule(d, cfg)
	require.NoError(t, err)
	t.Cleanup(m.Close)
	c := newClient(t, m.Server)
	return m, func(method, body string) answer { return post(t, c, m, method, body) }
}

// A bank that no document describes, on the same module.
func TestAThirdBankOnTheModule(t *testing.T) {
	request := edit(t, all2payRequest, `"643"`, `"051"`)
	m, send := startModule(t, sandbox.ModuleDialect{
		Name: "Sample Bank", Currency: payout.AMD,
		Methods: []sandbox.ModuleMethod{sandbox.GetAmount},
		Targets: []sandbox.ModuleTarget{sandbox.ToCard, sandbox.ToPhone},
		Rows: []sandbox.Row{
			{HTTP: 402, Code: "77", Message: "Closed for lunch", Doc: "sample:1"},
			{HTTP: 400, Code: "98", Message: "Invalid request", Doc: "sample:2"},
		},
		Success: "Done", Completed: "Sent",
		Statuses: map[bank.State]string{bank.Paid: "22"},
	}, sandbox.ModuleConfig{})
	v := send("performPayout.do", request).json(t)
	assert.Equal(t, []any{"0", "Done", "051", "22"}, []any{v["errorCode"], v["errorMessage"], v["currency"], v["orderStatus"]})
	assert.Equal(t, "Sent", v["operationList"].([]any)[0].(map[string]any)["resultCodeDescription"])
	assert.Equal(t, "12.34 AMD", m.Ledger().Moved("payout_1")[0].Money.String())
	v = send("getPayoutStatus.do", statusRequest).json(t)
	assert.Equal(t, "22", v["orderStatus"])
	assert.Equal(t, "Request is processed successfully", v["actionCodeDescription"], "the module's own word")
	assert.Equal(t, 200, send("getAmount.do", `{"userName":"payout_api_username","password":"payout_api_password"}`).status)
	assert.Equal(t, 200, send("performPayout.do", edit(t, request, "payout_1", "payout_2", panTarget, sbpTarget)).status)

	for name, body := range map[string]string{
		"target.bindingId: is not a parameter": edit(t, request, panTarget, `"bindingId":"x"`),
		"target.seToken: is not a parameter":   edit(t, request, panTarget, `"seToken":"x"`),
		"merchantLogin: is not a parameter":    edit(t, request, `"target"`, `"merchantLogin":"c","target"`),
		"currency: is not the bank's":          all2payRequest,
	} {
		before := len(m.Refusals())
		a := send("performPayout.do", body)
		assert.Equal(t, 400, a.status, name)
		require.Len(t, m.Refusals(), before+1, name)
		assert.Contains(t, m.Refusals()[before].Refused, name)
	}
	assert.Equal(t, "Currency does not match required pattern", send("performPayout.do", all2payRequest).json(t)["errorMessage"],
		"a row that the bank's table lacks is the module's")

	require.Len(t, m.Rows(), 2)
	m.Script(bank.Script{Operation: bank.Create, Act: bank.Nothing(), Reply: m.Reply(402, "77")})
	a := send("performPayout.do", edit(t, request, "payout_1", "payout_3"))
	assert.Equal(t, 402, a.status)
	assert.Equal(t, map[string]any{"errorCode": "77", "errorMessage": "Closed for lunch"}, a.json(t))
}

// A dialect that says nothing of its own is all2pay's module, whole.
func TestADialectNeedsANameAndACurrency(t *testing.T) {
	m, send := startModule(t, sandbox.ModuleDialect{Name: "Sample Bank", Currency: payout.JPY}, sandbox.ModuleConfig{})
	assert.Len(t, m.Rows(), 34)
	assert.Equal(t, "Success", send("performPayout.do", edit(t, all2payRequest, `"643"`, `"392"`)).json(t)["errorMessage"])
	assert.Equal(t, 200, send("getAmount.do", `{"userName":"payout_api_username","password":"payout_api_password"}`).status)
	for name, d := range map[string]sandbox.ModuleDialect{
		"nothing": {}, "no name": {Currency: payout.RUB}, "no currency": {Name: "x"}, "no currency of the list": {Name: "x", Currency: 810},
	} {
		_, err := sandbox.StartModule(d, sandbox.ModuleConfig{})
		assert.ErrorContains(t, err, "needs a name and a currency", name)
	}
}
