package sandbox_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// edit replaces one part of a request, which has to be there.
func edit(t *testing.T, body string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		require.Equal(t, 1, strings.Count(body, pairs[i]), "%q in %s", pairs[i], body)
		body = strings.Replace(body, pairs[i], pairs[i+1], 1)
	}
	return body
}

// The request of bereke:352-372, repaired as all2payRequest is, with the client.name
// that bereke:295 requires and the sample lacks.
const berekeRequest = `{
    "userName": "payout_api_username",
    "password": "payout_api_password",
    "orderNumber": "payout_1",
    "amount": 1234,
    "currency": "398",
    "client": {
        "clientId": "12345abc-d67e-8901-23fg-h45i67jk8901",
        "email": "payee@mail.com",
        "phone": "9991234567",
        "name": "JOHN DOE"
    },
    "target": {
        "pan": "4111111111111111"
    },
    "jsonParams": {
        "paramname1": "paramvalue1",
        "paramname2": "paramvalue2"
    }
}`

const (
	panTarget = `"pan": "4111111111111111"`
	sbpTarget = `"phone":"0079261214249","bankId":"100000000111","lastName":"Щукин-Ёлкин","firstName":"Пётр","middleName":"Ильич"`
)

func TestBerekePaysToACard(t *testing.T) {
	m, c := startBereke(t, sandbox.ModuleConfig{Fee: payout.FromMinor(50, payout.KZT)})
	v := post(t, c, m, "performPayout.do", berekeRequest).json(t)
	// The sample of bereke:377-408.
	assert.Equal(t, "0", v["errorCode"])
	assert.Equal(t, "Успешно", v["errorMessage"])
	assert.Equal(t, "398", v["currency"])
	assert.Equal(t, 50.0, v["fee"])
	op := v["operationList"].([]any)[0].(map[string]any)
	assert.Equal(t, "Перевод исполнен", op["resultCodeDescription"])
	assert.NotContains(t, v, "source", "paid from the transit account")

	v = post(t, c, m, "getPayoutStatus.do", statusRequest).json(t)
	// The sample of bereke:491-525.
	assert.Equal(t, "2", v["orderStatus"])
	assert.NotContains(t, v, "orderId")
	assert.NotContains(t, v, "actionCode")
	operations := v["operationList"].([]any)
	require.Len(t, operations, 1)
	op = operations[0].(map[string]any)
	assert.Equal(t, "643", op["currency"])
	assert.IsType(t, "", op["datetime"])
	assert.Equal(t, "411111XXXXXX1111", op["pan"])
	assert.Equal(t, "411111XXXXXX1111", v["target"].(map[string]any)["maskedPan"])
	assert.Equal(t, "12.34 KZT", m.Ledger().Moved("payout_1")[0].Money.String())
}

func TestBerekeBalanceGoesDown(t *testing.T) {
	m, c := startBereke(t, sandbox.ModuleConfig{Fee: payout.FromMinor(50, payout.KZT)})
	const card = `"source": {"bindingId": "4908a3c3-6c7c-75d3-9707-66ab06c12040"}`
	balance := func(source string) map[string]any {
		body := `{"userName":"payout_api_username","password":"payout_api_password"` + source + `}`
		a := post(t, c, m, "getAmount.do", body)
		require.Equal(t, 200, a.status, a.body)
		assert.Equal(t, "0", a.json(t)["errorCode"])
		return a.json(t)["balanceDescriptionList"].(map[string]any)
	}
	assert.Equal(t, map[string]any{"balanceAmount": 1_000_000_000.0, "balanceCurrency": "398", "balanceSign": "C"}, balance(""))
	post(t, c, m, "performPayout.do", berekeRequest)
	assert.Equal(t, 1_000_000_000.0-1284, balance("")["balanceAmount"])
	assert.Equal(t, 100_000_000.0, balance("," + card)["balanceAmount"])
	v := post(t, c, m, "performPayout.do", edit(t, berekeRequest, `"payout_1"`, `"payout_2"`, `"target"`, card+`,"target"`)).json(t)
	assert.Equal(t, map[string]any{"bindingId": "4908a3c3-6c7c-75d3-9707-66ab06c12040"}, v["source"])
	assert.Equal(t, 100_000_000.0-1284, balance("," + card)["balanceAmount"])
	assert.Equal(t, "4908a3c3-6c7c-75d3-9707-66ab06c12040", m.Ledger().Moved("payout_2")[0].Account)

	m.Script(bank.Script{Operation: bank.Create, Act: bank.Pay()}) // without looking
	post(t, c, m, "performPayout.do", edit(t, berekeRequest, `"payout_1"`, `"payout_3"`, `": 1234,`, `": 999999998000,`))
	got := balance("")
	assert.Equal(t, "D", got["balanceSign"])
	assert.Equal(t, 999999998000.0+50-(1_000_000_000-1284), got["balanceAmount"])

	a := post(t, c, m, "getAmount.do", `{"userName":"payout_api_username","password":"payout_api_password","source":{"bindingId":"other"}}`)
	assert.Equal(t, 400, a.status)
	a = post(t, c, m, "getAmount.do", `{"userName":"payout_api_username","password":"other"}`)
	assert.Equal(t, 401, a.status)

	all, client := startAll2Pay(t, sandbox.ModuleConfig{})
	assert.Equal(t, 404, post(t, client, all, "getAmount.do", "{}").status, "no method of all2pay's document")
	all, client = startAll2Pay(t, sandbox.ModuleConfig{Balances: true})
	assert.Equal(t, 200, post(t, client, all, "getAmount.do", `{"userName":"payout_api_username","password":"payout_api_password"}`).status)
}

func TestModuleStatus(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{TellOrderID: true})
	id, _ := post(t, c, m, "performPayout.do", all2payRequest).json(t)["orderId"].(string)
	require.Len(t, id, 36)
	const login = `{"userName":"payout_api_username","password":"payout_api_password"`
	for name, test := range map[string]struct {
		body, message string
		status        int
	}{
		"by number":     {login + `,"orderNumber":"payout_1"}`, "Success", 200},
		"by id":         {login + `,"orderId":"` + id + `"}`, "Success", 200},
		"by both":       {login + `,"orderId":"` + id + `","orderNumber":"payout_1"}`, "Success", 200},
		"by neither":    {login + `}`, "No order identification provided to find order in database", 400},
		"unknown":       {login + `,"orderNumber":"payout_2"}`, "Order not found in payout proxy. Check orderId or orderNumber", 400},
		"unknown id":    {login + `,"orderId":"` + id[1:] + `"}`, "Order not found in payout proxy. Check orderId or orderNumber", 400},
		"both disagree": {login + `,"orderId":"` + id + `","orderNumber":"payout_2"}`, "Order not found in payout proxy. Check orderId or orderNumber", 400},
		"wrong case":    {login + `,"ordernumber":"payout_1"}`, "Invalid request", 400},
	} {
		t.Run(name, func(t *testing.T) {
			a := post(t, c, m, "getPayoutStatus.do", test.body)
			assert.Equal(t, test.status, a.status)
			assert.Equal(t, test.message, a.json(t)["errorMessage"])
		})
	}
	assert.Equal(t, 3, m.Count(bank.Status, "payout_1"), "a call by id counts for the reference")

	m.Script(bank.Script{Operation: bank.Create, Reference: "slow", Act: bank.Pend(1).Then(bank.Pay())})
	slow := edit(t, all2payRequest, "payout_1", "slow")
	assert.Equal(t, "0", post(t, c, m, "performPayout.do", slow).json(t)["orderStatus"])
	for _, want := range []string{"0", "2", "2"} {
		v := post(t, c, m, "getPayoutStatus.do", edit(t, statusRequest, "payout_1", "slow")).json(t)
		assert.Equal(t, want, v["orderStatus"])
		assert.Equal(t, want == "2", v["operationList"] != nil)
	}
}

func TestModuleLag(t *testing.T) {
	m, c := startBereke(t, sandbox.ModuleConfig{Lag: bank.Lag{Calls: 1}})
	require.Equal(t, 200, post(t, c, m, "performPayout.do", berekeRequest).status)
	assert.Equal(t, 400, post(t, c, m, "getPayoutStatus.do", statusRequest).status)
	assert.Equal(t, 200, post(t, c, m, "getPayoutStatus.do", statusRequest).status)
}

func TestModuleChildren(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{Children: []string{"child"}})
	assert.Equal(t, 200, post(t, c, m, "performPayout.do", edit(t, all2payRequest, `"target"`, `"merchantLogin":"child","target"`)).status)
}

func TestModuleConfigIsChecked(t *testing.T) {
	_, err := sandbox.StartBereke(sandbox.ModuleConfig{Balance: payout.FromMinor(1, payout.RUB)})
	require.ErrorContains(t, err, "Bereke pays in KZT, not in RUB")
}

// Calls that are about no payout can be scripted too.
func TestModuleEchoIsScripted(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{})
	echo := func() (answer, error) {
		return send(t, c, http.MethodGet, m.URL()+"/payouts/api/v2/echo", "", nil)
	}
	m.Script(bank.Script{Operation: bank.Echo, Times: 1, Act: bank.Nothing()},
		bank.Script{Operation: bank.Echo, Times: 1, Reply: bank.ProxyPage()})
	_, err := echo()
	require.Error(t, err)
	for _, want := range []int{502, 200} {
		a, err := echo()
		require.NoError(t, err)
		assert.Equal(t, want, a.status)
	}
	assert.Equal(t, 3, m.Count(bank.Echo, ""))
	gate := bank.NewGate()
	m.Script(bank.Script{Operation: bank.Echo, Hold: gate})
	var calls sync.WaitGroup
	calls.Go(func() {
		_, err := echo()
		assert.Error(t, err)
	})
	require.NoError(t, m.WaitRequests(t.Context(), bank.Echo, "", 4))
	m.Close()
	calls.Wait()
}
