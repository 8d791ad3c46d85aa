package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// The request of all2pay:672-678, with the login of this file's other requests.
const targetCard = `{
"pan": "4111111111111111",
"orderNumber": "1728285261_2111",
"clientId": "TestClientID",
"userName": "payout_api_username",
"password": "payout_api_password"
}`

// The request of all2pay:739-749 likewise, with cvv as in all2pay:704.
const sourceCard = `{
"pan": "4111111111111111",
"clientId": "ClientId",
"orderNumber": "1234567890",
"cvv": "123",
"year": "2034",
"month": "12",
"cardholderName": "Test Name",
"userName": "payout_api_username",
"password": "payout_api_password"
}`

// statusOf asks about a reference.
func statusOf(t *testing.T, c *http.Client, m *sandbox.Module, reference string) map[string]any {
	t.Helper()
	return post(t, c, m, "getPayoutStatus.do", edit(t, statusRequest, "payout_1", reference)).json(t)
}

func TestSaveATargetCard(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{})
	v := post(t, c, m, "createTargetBindingId.do", targetCard).json(t)
	id, _ := v["bindingId"].(string)
	require.Len(t, id, 36)
	// The answer of all2pay:679-686, whole.
	assert.Equal(t, map[string]any{
		"errorCode": "0", "errorMessage": "SUCCESS", "bindingId": id, "clientId": "TestClientID",
		"maskedPan": "4111XXXXXXXX1111", "orderNumber": "1728285261_2111",
	}, v)
	assert.Empty(t, m.Ledger().Entries())
	assert.Equal(t, 1, m.Count(bank.SaveCard, "1728285261_2111"))

	// all2pay:638: it looks paid, and only a verification stands in its list.
	v = statusOf(t, c, m, "1728285261_2111")
	assert.Equal(t, []any{"0", "2", "createTargetBindingId", id}, []any{v["errorCode"], v["orderStatus"], v["orderType"], v["bindingId"]})
	operations := v["operationList"].([]any)
	require.Len(t, operations, 1)
	assert.Equal(t, []any{"P2P_VERIFY", 0.0}, []any{operations[0].(map[string]any)["operationType"], operations[0].(map[string]any)["resultCode"]})
	for _, absent := range []string{"amount", "fee", "currency", "target"} {
		assert.NotContains(t, v, absent)
	}
	m.Script(bank.Script{Operation: bank.Status, Times: 1, Alter: bank.Claim(payout.FromMinor(1234, payout.RUB))})
	v = statusOf(t, c, m, "1728285261_2111")
	assert.Equal(t, []any{"2", 1234.0, "643"}, []any{v["orderStatus"], v["amount"], v["currency"]}, "as a payout would look")
	assert.Len(t, v["operationList"], 1)

	pay := edit(t, all2payRequest, panTarget, `"bindingId": "`+id+`"`, "12345abc-d67e-8901-23fg-h45i67jk8901", "TestClientID")
	v = post(t, c, m, "performPayout.do", pay).json(t)
	assert.Equal(t, "2", v["orderStatus"])
	assert.Equal(t, map[string]any{"bindingId": id, "clientId": "TestClientID", "maskedPan": "411111XXXXXX1111"}, v["target"])
	require.Equal(t, 1, m.Ledger().Times("payout_1"))
	require.True(t, m.Advance("1728285261_2111", bank.Decline("")))
	assert.Equal(t, 502, post(t, c, m, "performPayout.do", edit(t, pay, "payout_1", "payout_4")).status, "all2pay:171: deactivated")
	require.True(t, m.Advance("1728285261_2111", bank.Pay()))
	other := edit(t, all2payRequest, "payout_1", "payout_2", panTarget, `"bindingId": "`+id+`"`)
	assert.Equal(t, 502, post(t, c, m, "performPayout.do", other).status, "it is another client's card")
	v = post(t, c, m, "createTargetBindingId.do", edit(t, targetCard, "1728285261_2111", "restricted", "4111111111111111", "4000000000000002")).json(t)
	id, _ = v["bindingId"].(string)
	pay = edit(t, all2payRequest, "payout_1", "payout_3", panTarget, `"bindingId": "`+id+`"`, "12345abc-d67e-8901-23fg-h45i67jk8901", "TestClientID")
	assert.Equal(t, "902", post(t, c, m, "performPayout.do", pay).json(t)["errorCode"])
}

func TestSaveATargetCardScripted(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{TellOrderID: true})
	m.Script(
		bank.Script{Operation: bank.SaveCard, Reference: "declined", Act: bank.Decline("")},
		bank.Script{Operation: bank.SaveCard, Reference: "slow", Act: bank.Pend(0).Then(bank.Pay())},
		bank.Script{Operation: bank.SaveCard, Reference: "lost", Reply: bank.Lost()},
	)
	save := func(reference string) (answer, error) {
		return send(t, c, http.MethodPost, m.URL()+"/payouts/api/v2/createTargetBindingId.do", edit(t, targetCard, "1728285261_2111", reference), moduleHeader())
	}
	a, err := save("declined")
	require.NoError(t, err)
	assert.NotEqual(t, "0", a.json(t)["errorCode"])
	assert.NotContains(t, a.body, "bindingId")
	v := statusOf(t, c, m, "declined")
	assert.Equal(t, "6", v["orderStatus"])
	assert.NotContains(t, v, "bindingId")

	a, err = save("slow")
	require.NoError(t, err)
	assert.Len(t, a.json(t)["orderId"], 36, "all2pay:658")
	assert.NotContains(t, a.body, "bindingId")
	assert.NotEmpty(t, statusOf(t, c, m, "slow")["bindingId"])

	_, err = save("lost")
	require.Error(t, err)
	assert.NotEmpty(t, statusOf(t, c, m, "lost")["bindingId"], "the result can be asked for")
	assert.Empty(t, m.Ledger().Entries())
}

func TestSavedCardRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		method, body, old, new, rule string
		status                       int
	}{
		"target: username":           {"createTargetBindingId.do", targetCard, "userName", "username", "userName, password: are required", 400},
		"target: no client":          {"createTargetBindingId.do", targetCard, `"clientId": "TestClientID",`, "", "clientId: is required (all2pay:639)", 400},
		"target: no card":            {"createTargetBindingId.do", targetCard, `"pan": "4111111111111111",`, "", "pan: is required (all2pay:641)", 400},
		"target: no reference":       {"createTargetBindingId.do", targetCard, `"orderNumber": "1728285261_2111",`, "", "orderNumber: is required (all2pay:637)", 400},
		"target: check digit":        {"createTargetBindingId.do", targetCard, "4111111111111111", "4111111111111112", "pan: has a wrong check digit", 502},
		"target: month":              {"createTargetBindingId.do", targetCard, `"clientId"`, `"month": "13", "clientId"`, "month: does not match", 400},
		"target: year of two digits": {"createTargetBindingId.do", targetCard, `"clientId"`, `"year": "34", "clientId"`, "year: does not match", 400},
		"target: a cvv":              {"createTargetBindingId.do", targetCard, `"clientId"`, `"cvv": "123", "clientId"`, "cvv: is not a parameter", 400},
		"target: a child":            {"createTargetBindingId.do", targetCard, `"clientId"`, `"merchantLogin": "child", "clientId"`, "merchantLogin: is not a parameter", 400},
		"target: a password":         {"createTargetBindingId.do", targetCard, "payout_api_password", "guess-4711", "password: is wrong", 401},
		"source: cvc":                {"createSourceBindingId.do", sourceCard, "cvv", "cvc", "cvc: is not a parameter of this method", 400},
		"source: no cvv":             {"createSourceBindingId.do", sourceCard, `"cvv": "123",`, "", "cvv: is required (all2pay:704)", 400},
		"source: letters":            {"createSourceBindingId.do", sourceCard, `"123"`, `"12a"`, "cvv: does not match", 400},
		"source: no reference":       {"createSourceBindingId.do", sourceCard, `"orderNumber": "1234567890",`, "", "orderNumber: is required (all2pay:722)", 400},
		"source: another's child":    {"createSourceBindingId.do", sourceCard, `"clientId"`, `"merchantLogin": "other", "clientId"`, "merchantLogin: is not a child", 401},
		"source: check digit":        {"createSourceBindingId.do", sourceCard, "4111111111111111", "4111111111111112", "pan: has a wrong check digit", 502},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, sandbox.ModuleConfig{Children: []string{"child"}})
			a := post(t, c, m, test.method, edit(t, test.body, test.old, test.new))
			assert.Equal(t, test.status, a.status, a.body)
			require.Len(t, m.Refusals(), 1)
			assert.Contains(t, m.Refusals()[0].Refused, test.rule)
			assert.Empty(t, m.Orders())
		})
	}
	m, c := startBereke(t, sandbox.ModuleConfig{})
	assert.Equal(t, 404, post(t, c, m, "createTargetBindingId.do", targetCard).status)
	assert.Equal(t, 404, post(t, c, m, "createSourceBindingId.do", sourceCard).status)
}

func TestSaveASourceCard(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{Children: []string{"child"}, SavedSource: payout.FromMinor(2000, payout.RUB), Balances: true})
	b := browser{t, c}
	v := post(t, c, m, "createSourceBindingId.do", edit(t, sourceCard, `"clientId"`, `"merchantLogin":"child","clientId"`)).json(t)
	order, _ := v["mdOrder"].(string)
	require.Len(t, order, 36)
	acs, _ := v["acsUrl"].(string)
	assert.True(t, strings.HasPrefix(acs, m.URL()+"/payment/rest/getwhitepageurl.do?mdOrder="+order+"&threeDsServerTransId="), acs)
	// The first answer, all2pay:750-761, whole.
	assert.Equal(t, map[string]any{
		"acsUrl": acs, "errorCode": "0", "info": "Your payment has been processed, redirecting...", "is3DSVer2": false,
		"mdOrder": order, "paReq": "White page paReq",
		"shortUrl": m.URL() + "/payment/acsRedirect.do?orderId=" + order,
		"termUrl":  m.URL() + "/payouts/api/v2/finish3DSv2.do", "orderNumber": "1234567890",
	}, v)
	assert.Equal(t, 1, m.Count(sandbox.SaveSourceCard, "1234567890"))
	v = statusOf(t, c, m, "1234567890")
	assert.Equal(t, "5", v["orderStatus"], "bereke:326")
	assert.NotContains(t, v, "bindingId")

	page := b.open(acs)
	assert.Equal(t, "411111XXXXXX1111", b.text(page, "card"))
	assert.Contains(t, b.text(b.submit(b.action(page), "code=00000000&answer=confirm"), "problem"), "not the right code")
	short, err := send(t, c, http.MethodGet, m.URL()+"/payment/acsRedirect.do?orderId="+order, "", nil)
	require.NoError(t, err)
	assert.Equal(t, acs, short.header.Get("Location"))
	a := b.submit(b.action(page), "code=12345678&answer=confirm")
	require.Equal(t, http.StatusSeeOther, a.status)
	assert.Equal(t, m.URL()+"/payouts/api/v2/finish3DSv2.do?mdOrder="+order, a.header.Get("Location"))
	assert.Equal(t, "Done", b.text(b.open(a.header.Get("Location")), "status"))
	assert.Equal(t, "Done", b.text(b.open(acs), "status"), "reloaded")

	v = statusOf(t, c, m, "1234567890")
	id, _ := v["bindingId"].(string)
	require.Len(t, id, 36)
	assert.Equal(t, []any{"2", "createSourceBindingId", "child", "ClientId", "4111XXXXXXXX1111", order},
		[]any{v["orderStatus"], v["orderType"], v["merchantLogin"], v["clientId"], v["maskedPan"], v["orderId"]})
	assert.Empty(t, m.Ledger().Entries())
	assert.Empty(t, m.Refusals())

	// It can be paid from, until it is empty.
	pay := edit(t, all2payRequest, `"target"`, `"source":{"bindingId":"`+id+`"},"target"`)
	assert.Equal(t, "2", post(t, c, m, "performPayout.do", pay).json(t)["orderStatus"])
	assert.Equal(t, id, m.Ledger().Moved("payout_1")[0].Account)
	assert.Equal(t, "116", post(t, c, m, "performPayout.do", edit(t, pay, "payout_1", "payout_2")).json(t)["errorCode"])
	v = post(t, c, m, "getAmount.do", `{"userName":"payout_api_username","password":"payout_api_password","source":{"bindingId":"`+id+`"}}`).json(t)
	assert.Equal(t, 766.0, v["balanceDescriptionList"].(map[string]any)["balanceAmount"])
}

// A card whose owner did not pass 3-D Secure is nobody's.
func TestSourceCardsThatAreNotSaved(t *testing.T) {
	now := newClock()
	m, c := startAll2Pay(t, sandbox.ModuleConfig{Bank: now.config()})
	b := browser{t, c}
	page := func(reference string) string {
		v := post(t, c, m, "createSourceBindingId.do", edit(t, sourceCard, "1234567890", reference)).json(t)
		return v["acsUrl"].(string)
	}
	declined, waiting := page("declined"), page("waiting")
	a := b.submit(declined, "answer=decline")
	assert.Equal(t, "Declined", b.text(b.open(a.header.Get("Location")), "status"))
	b.submit(declined, "code=12345678&answer=confirm")
	assert.Equal(t, "6", statusOf(t, c, m, "declined")["orderStatus"], "that was the last word")

	now.set(20 * time.Minute)
	b.submit(waiting, "code=12345678&answer=confirm")
	v := statusOf(t, c, m, "waiting")
	assert.Equal(t, []any{"6", -2007.0}, []any{v["orderStatus"], v["actionCode"]})
	for _, s := range m.Orders() {
		assert.Equal(t, bank.Declined, s.State)
	}
	for name, test := range map[string]struct{ body, rule string }{
		"no answer":      {"code=12345678", "answer: is required"},
		"another answer": {"code=12345678&answer=yes", "answer: does not match"},
		"another field":  {"code=12345678&answer=confirm&pan=4111111111111111", "pan: is not a parameter"},
	} {
		before := len(m.Refusals())
		assert.Equal(t, 400, b.submit(page("x-"+strings.ReplaceAll(name, " ", "-")), test.body).status)
		require.Len(t, m.Refusals(), before+1)
		assert.Contains(t, m.Refusals()[before].Refused, test.rule)
	}
	assert.Equal(t, 404, b.open(strings.Replace(page("other"), "threeDsServerTransId=", "threeDsServerTransId=0", 1)).status)
}

func TestSaveASourceCardAtOnce(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{NoThreeDS: true})
	v := post(t, c, m, "createSourceBindingId.do", sourceCard).json(t)
	require.Len(t, v["bindingId"], 36)
	require.Len(t, v["orderId"], 36)
	// The second answer, all2pay:761-772, whole.
	assert.Equal(t, map[string]any{
		"errorCode": "0", "errorMessage": "Success", "bindingId": v["bindingId"], "clientId": "ClientId",
		"maskedPan": "4111XXXXXXXX1111", "merchantLogin": "payout_api_username", "orderId": v["orderId"],
		"orderType": "createSourceBindingId", "orderNumber": "1234567890",
	}, v)
	assert.Equal(t, v["bindingId"], statusOf(t, c, m, "1234567890")["bindingId"])
}

// An orderNumber is one order's, whichever method it came with.
func TestSavedCardDuplicates(t *testing.T) {
	for name, test := range map[string]struct {
		duplicates sandbox.Duplicates
		status     int
		code       string
		orders     int
	}{
		"code 1":       {sandbox.RefuseWith1, 200, "1", 2},
		"400/98":       {sandbox.RefuseWith98, 400, "98", 2},
		"first answer": {sandbox.AnswerFirst, 200, "0", 2},
		"pay again":    {sandbox.PayAgain, 200, "0", 5},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, sandbox.ModuleConfig{Duplicates: test.duplicates})
			target := post(t, c, m, "createTargetBindingId.do", targetCard)
			source := post(t, c, m, "createSourceBindingId.do", sourceCard)
			for method, pair := range map[string][2]string{
				"createTargetBindingId.do": {targetCard, target.body},
				"createSourceBindingId.do": {sourceCard, source.body},
				"performPayout.do":         {edit(t, all2payRequest, "payout_1", "1728285261_2111"), target.body},
			} {
				a := post(t, c, m, method, pair[0])
				assert.Equal(t, test.status, a.status, method)
				assert.Equal(t, test.code, a.json(t)["errorCode"], method)
				if test.duplicates == sandbox.AnswerFirst {
					assert.Equal(t, pair[1], a.body, method)
				}
			}
			assert.Len(t, m.Orders(), test.orders)
			assert.Equal(t, test.duplicates == sandbox.PayAgain, len(m.Ledger().Entries()) == 1)
		})
	}
}

// getPayoutStatus takes no merchantLogin (all2pay:499-508).
func TestOrdersOfAChildAreHidden(t *testing.T) {
	for hidden, want := range map[bool]int{false: 200, true: 400} {
		m, c := startAll2Pay(t, sandbox.ModuleConfig{Children: []string{"child"}, ChildrenHidden: hidden, TellOrderID: true})
		v := post(t, c, m, "performPayout.do", edit(t, all2payRequest, `"target"`, `"merchantLogin":"child","target"`)).json(t)
		post(t, c, m, "registerPayout.do", edit(t, all2payRegister, `"urls"`, `"merchantLogin":"child","urls"`))
		post(t, c, m, "performPayout.do", edit(t, all2payRequest, "payout_1", "own"))
		assert.Equal(t, want, post(t, c, m, "getPayoutStatus.do", statusRequest).status)
		byID := `{"userName":"payout_api_username","password":"payout_api_password","orderId":"` + v["orderId"].(string) + `"}`
		assert.Equal(t, want, post(t, c, m, "getPayoutStatus.do", byID).status)
		assert.Equal(t, want, post(t, c, m, "getPayoutStatus.do", registeredStatus).status)
		assert.Equal(t, 200, post(t, c, m, "getPayoutStatus.do", edit(t, statusRequest, "payout_1", "own")).status)
		assert.Equal(t, 1, m.Ledger().Times("payout_1"), "it was paid all the same")
	}
}
