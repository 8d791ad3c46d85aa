package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// The request of all2pay:264-289 with the comma of line 284 and the currency put right.
const all2payRegister = `{
"userName": "payout_api_username",
"password": "payout_api_password",
"orderNumber": "1645458818047",
"amount": 1234,
"currency": "643",
"description": "Decent payout",
"language": "EN",
"sessionTimeoutSecs": 300,
"client": {
"name": "John Doe",
"clientId": "12345abc-d67e-8901-23fg-h45i67jk8901",
"email": "payee@mail.com",
"phone": "9991234567"
},
"urls": {
"returnUrl": "https://partnerdomain.com/&result=ok",
"failUrl": "https://partnerdomain.com/&result=fail"
},
"jsonParams": {
"paramname1": "paramvalue1",
"paramname2": "paramvalue2"
}
}`

// The request of bereke:234-256, repaired likewise, with the name of bereke:213.
const berekeRegister = `{
"userName": "payout_api_username",
"password": "payout_api_password",
"orderNumber": "1645458818047",
"amount": 1234,
"currency": "398",
"description": "Decent payout",
"language": "EN",
"client": {
"name": "JOHN DOE",
"clientId": "12345abc-d67e-8901-23fg-h45i67jk8901",
"email": "payee@mail.com",
"phone": "9991234567"
},
"urls": {
"returnUrl": "https://partnerdomain.com/&result=ok",
"failUrl": "https://partnerdomain.com/&result=fail"
},
"sessionTimeoutSecs": 300,
"jsonParams": {
"paramname1": "paramvalue1",
"paramname2": "paramvalue2"
}
}`

const registeredStatus = `{"userName":"payout_api_username","password":"payout_api_password","orderNumber":"1645458818047"}`

func TestRegisterPayout(t *testing.T) {
	for name, test := range map[string]struct {
		start   func(*testing.T, sandbox.ModuleConfig) (*sandbox.Module, *http.Client)
		request string
		status  string
	}{
		"all2pay": {startAll2Pay, all2payRegister, "-1"},
		"Bereke":  {startBereke, berekeRegister, "0"},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := test.start(t, sandbox.ModuleConfig{})
			a := post(t, c, m, "registerPayout.do", test.request)
			require.Equal(t, 200, a.status, a.body)
			v := a.json(t)
			// The answer of all2pay:290-295, bereke:261-266: four members.
			id, _ := v["orderId"].(string)
			require.Len(t, id, 36)
			assert.Equal(t, map[string]any{
				"errorCode": "0", "orderNumber": "1645458818047", "orderId": id,
				"formUrl": m.URL() + "/payment/merchants/svip_payout_ab/payment_en.html?mdOrder=" + id,
			}, v)
			assert.Empty(t, m.Ledger().Entries())
			assert.Equal(t, 1, m.Count(bank.Create, "1645458818047"))

			for range 3 {
				v = post(t, c, m, "getPayoutStatus.do", registeredStatus).json(t)
				assert.Equal(t, test.status, v["orderStatus"])
				assert.Equal(t, 1234.0, v["amount"])
				for _, absent := range []string{"target", "operationList", "actionCode", "formUrl"} {
					assert.NotContains(t, v, absent, "nobody has entered anything")
				}
			}
			assert.Empty(t, m.Refusals())
		})
	}
}

func TestRegisterPayoutRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		old, new string
		rule     string
	}{
		"a target":             {`"urls"`, `"target": {"pan": "4111111111111111"}, "urls"`, "target: is not a parameter of this method"},
		"timeout as text":      {`300`, `"300"`, "sessionTimeoutSecs: has the wrong type (all2pay:219)"},
		"timeout with a dot":   {`300`, `300.5`, "sessionTimeoutSecs: has the wrong type"},
		"no time at all":       {`300`, `0`, "sessionTimeoutSecs: must be more than 0"},
		"an age":               {`300`, `3000000000`, "sessionTimeoutSecs: has the wrong length"},
		"no returnUrl":         {`"returnUrl": "https://partnerdomain.com/&result=ok",`, "", "urls.returnUrl: is required (all2pay:241)"},
		"no protocol":          {`https://partnerdomain.com/&result=ok`, "partnerdomain.com", "urls.returnUrl: does not match its pattern (all2pay:241)"},
		"another protocol":     {`https://partnerdomain.com/&result=ok`, "http://partnerdomain.com/", "urls.returnUrl: does not match its pattern"},
		"a script":             {`https://partnerdomain.com/&result=ok`, "javascript:alert(1)", "urls.returnUrl: does not match its pattern"},
		"no host":              {`https://partnerdomain.com/&result=ok`, "https:///x", "urls.returnUrl: does not match its pattern"},
		"a quote":              {`https://partnerdomain.com/&result=ok`, `https://partnerdomain.com/?\"x`, "urls.returnUrl: does not match its pattern"},
		"failUrl, no protocol": {`https://partnerdomain.com/&result=fail`, "//partnerdomain.com", "urls.failUrl: does not match its pattern (all2pay:243)"},
		"another currency":     {`"643"`, `"398"`, "currency: is not the bank's"},
		"nothing":              {`1234,`, `0,`, "amount: must be more than 0"},
		"no name":              {`"name": "John Doe",`, ``, "client.name: is required (all2pay:904)"},
		"unknown child":        {`"urls"`, `"merchantLogin": "child", "urls"`, "merchantLogin: is not a child"},
		"unknown source":       {`"urls"`, `"source": {"bindingId": "other"}, "urls"`, "source.bindingId: is not known"},
		"username":             {`"userName"`, `"username"`, "userName, password: are required"},
		"given twice":          {`"amount"`, `"amount": 1234, "amount"`, "amount: is given twice"},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, sandbox.ModuleConfig{})
			a := post(t, c, m, "registerPayout.do", edit(t, all2payRegister, test.old, test.new))
			assert.NotEqual(t, 200, a.status)
			assert.NotContains(t, a.body, "formUrl")
			require.Len(t, m.Refusals(), 1)
			assert.Contains(t, m.Refusals()[0].Refused, test.rule)
			assert.Empty(t, m.Orders())
		})
	}
	t.Run("no urls", func(t *testing.T) {
		m, c := startAll2Pay(t, sandbox.ModuleConfig{})
		a := post(t, c, m, "registerPayout.do", all2payRegister[:strings.Index(all2payRegister, `"urls"`)]+`"jsonParams":{}}`)
		assert.Equal(t, "urls is a required parameter", a.json(t)["errorMessage"])
	})
	m, c := startBereke(t, sandbox.ModuleConfig{})
	post(t, c, m, "registerPayout.do", edit(t, berekeRegister, `"urls"`, `"source": {"bindingId": "4908a3c3-6c7c-75d3-9707-66ab06c12040"}, "urls"`))
	require.Len(t, m.Refusals(), 1)
	assert.Contains(t, m.Refusals()[0].Refused, "source: is not a parameter of this method")
}

// A script stands for the recipient: no browser is needed.
func TestRegisterPayoutScripted(t *testing.T) {
	for name, test := range map[string]struct {
		act   bank.Act
		want  []string // of the status calls
		times int
	}{
		"paid":              {bank.Pay(), []string{"2", "2"}, 1},
		"pending":           {bank.Pend(1), []string{"0", "0", "0"}, 0},
		"pending, paid":     {bank.Pend(0).Then(bank.Pay()), []string{"0", "2", "2"}, 1},
		"paid in secret":    {bank.PendPaid(1), []string{"0", "0"}, 1},
		"pending, declined": {bank.Pend(0).Then(bank.Decline("116")), []string{"0", "6", "6"}, 0},
		"a word of no list": {bank.Say(bank.Paid, "73"), []string{"73", "73"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, sandbox.ModuleConfig{})
			m.Script(bank.Script{Operation: bank.Create, Act: test.act})
			v := post(t, c, m, "registerPayout.do", all2payRegister).json(t)
			assert.Equal(t, "0", v["errorCode"])
			assert.NotContains(t, v, "orderStatus")
			for i, want := range test.want {
				v = post(t, c, m, "getPayoutStatus.do", registeredStatus).json(t)
				assert.Equal(t, want, v["orderStatus"], i)
			}
			assert.Equal(t, test.times, m.Ledger().Times("1645458818047"))
		})
	}
	t.Run("silent", func(t *testing.T) {
		m, c := startAll2Pay(t, sandbox.ModuleConfig{})
		m.Script(bank.Script{Operation: bank.Status, Alter: bank.Omit(bank.StatusWord)})
		post(t, c, m, "registerPayout.do", all2payRegister)
		assert.NotContains(t, post(t, c, m, "getPayoutStatus.do", registeredStatus).json(t), "orderStatus")
	})
	t.Run("lost request", func(t *testing.T) {
		m, c := startAll2Pay(t, sandbox.ModuleConfig{})
		m.Script(bank.Script{Operation: bank.Create, Act: bank.Nothing()})
		_, err := send(t, c, http.MethodPost, m.URL()+"/payouts/api/v2/registerPayout.do", all2payRegister, moduleHeader())
		require.Error(t, err)
		assert.Empty(t, m.Orders())
		assert.Equal(t, 400, post(t, c, m, "getPayoutStatus.do", registeredStatus).status)
	})
	t.Run("lost answer", func(t *testing.T) {
		m, c := startAll2Pay(t, sandbox.ModuleConfig{})
		m.Script(bank.Script{Operation: bank.Create, Reply: bank.Lost()})
		_, err := send(t, c, http.MethodPost, m.URL()+"/payouts/api/v2/registerPayout.do", all2payRegister, moduleHeader())
		require.Error(t, err)
		require.Len(t, m.Orders(), 1)
		assert.Equal(t, "-1", post(t, c, m, "getPayoutStatus.do", registeredStatus).json(t)["orderStatus"])
	})
	t.Run("a recipient who is quick", func(t *testing.T) {
		m, c := startBereke(t, sandbox.ModuleConfig{PageCard: "4111111111111111"})
		post(t, c, m, "registerPayout.do", berekeRegister)
		assert.Equal(t, "411111XXXXXX1111", m.Ledger().Moved("1645458818047")[0].Destination)
		v := post(t, c, m, "getPayoutStatus.do", registeredStatus).json(t)
		assert.Equal(t, "2", v["orderStatus"])
		assert.Equal(t, "411111XXXXXX1111", v["target"].(map[string]any)["maskedPan"])
	})
	_, err := sandbox.StartBereke(sandbox.ModuleConfig{PageCard: "4111111111111112"})
	require.ErrorContains(t, err, "PageCard")
}

// A known orderNumber is treated as in performPayout, whichever method made the order.
func TestRegisterPayoutDuplicates(t *testing.T) {
	for name, test := range map[string]struct {
		duplicates sandbox.Duplicates
		status     int
		code       string
		orders     int
	}{
		"code 1":       {sandbox.RefuseWith1, 200, "1", 1},
		"400/98":       {sandbox.RefuseWith98, 400, "98", 1},
		"first answer": {sandbox.AnswerFirst, 200, "0", 1},
		"pay again":    {sandbox.PayAgain, 200, "0", 2},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, sandbox.ModuleConfig{Duplicates: test.duplicates})
			first := post(t, c, m, "registerPayout.do", all2payRegister)
			a := post(t, c, m, "registerPayout.do", edit(t, all2payRegister, "1234,", "4321,"))
			assert.Equal(t, test.status, a.status)
			assert.Equal(t, test.code, a.json(t)["errorCode"])
			assert.Len(t, m.Orders(), test.orders)
			switch test.duplicates {
			case sandbox.AnswerFirst:
				assert.Equal(t, first.body, a.body, "the first order's page")
				performed := post(t, c, m, "performPayout.do", edit(t, all2payRequest, "payout_1", "1645458818047"))
				assert.Equal(t, first.body, performed.body)
				assert.Empty(t, m.Ledger().Entries())
			case sandbox.PayAgain:
				assert.NotEqual(t, first.json(t)["formUrl"], a.json(t)["formUrl"])
			default:
				assert.NotContains(t, a.body, "formUrl")
			}
		})
	}
}
