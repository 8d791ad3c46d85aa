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

// Each rule of the fields, broken once.
func TestModuleRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		old, new string
		status   int
		code     string
		message  string // "" is not looked at
		rule     string
	}{
		"no login":              {`"userName": "payout_api_username",`, "", 400, "98", "userName and password are mandatory fields", "userName, password: are required"},
		"username":              {`"userName"`, `"username"`, 400, "98", "userName and password are mandatory fields", "userName, password: are required"},
		"no password":           {`"password": "payout_api_password",`, "", 400, "98", "userName and password are mandatory fields", "userName, password: are required"},
		"another login":         {`payout_api_username`, "somebody", 401, "90", "User not authenticated", "userName: is not known"},
		"another password":      {`payout_api_password`, "guess-4711", 401, "90", "Wrong password for user payout_api_username", "password: is wrong"},
		"no reference":          {`"orderNumber": "payout_1",`, "", 400, "98", "orderNumber is a required parameter", "orderNumber: is required (all2pay:306)"},
		"empty reference":       {`"payout_1"`, `""`, 400, "98", "orderNumber is a required parameter", "orderNumber: is required"},
		"reference of 33":       {`payout_1`, strings.Repeat("1", 33), 400, "98", "", "orderNumber: has the wrong length"},
		"slash in a reference":  {`payout_1`, `a/b`, 400, "98", "", "orderNumber: does not match"},
		"reference as a number": {`"payout_1"`, `1`, 400, "98", "Invalid request", "orderNumber: has the wrong type"},
		"no amount":             {`"amount": 1234,`, ``, 400, "98", "amount is a required parameter", "amount: is required"},
		"amount as text":        {`1234,`, `"1234",`, 400, "98", "", "amount: has the wrong type"},
		"amount with a dot":     {`1234,`, `12.34,`, 400, "98", "", "amount: has the wrong type"},
		"amount with .0":        {`1234,`, `1234.0,`, 400, "98", "", "amount: has the wrong type"},
		"amount as 1e3":         {`1234,`, `1e3,`, 400, "98", "", "amount: has the wrong type"},
		"negative amount":       {`1234,`, `-1234,`, 400, "98", "", "amount: has the wrong type"},
		"nothing":               {`1234,`, `0,`, 400, "98", "", "amount: must be more than 0"},
		"amount of 13 digits":   {`1234,`, `1234567890123,`, 400, "98", "", "amount: has the wrong length"},
		"null":                  {`1234,`, `null,`, 400, "98", "", "amount: has the wrong type"},
		"another currency":      {`"643"`, `"398"`, 400, "98", "Currency does not match required pattern", "currency: is not the bank's"},
		"currency in letters":   {`"643"`, `"RUB"`, 400, "98", "Currency does not match required pattern", "currency: does not match"},
		"currency as a number":  {`"643"`, `643`, 400, "98", "", "currency: has the wrong type"},
		"description of 599":    {`"target"`, `"description":"` + strings.Repeat("ы", 599) + `","target"`, 400, "98", "", "description: has the wrong length"},
		"language of three":     {`"target"`, `"language":"rus","target"`, 400, "98", "", "language: does not match"},
		"no client":             {`"client": {`, `"jsonParams2": {`, 400, "98", "", "jsonParams2: is not a parameter"},
		"no name":               {`"name": "John Doe",`, ``, 400, "98", "Invalid request. client.name is empty", "client.name: is required (all2pay:904)"},
		"empty name":            {`"John Doe"`, `""`, 400, "98", "Invalid request. client.name is empty", "client.name: is required"},
		"name of 25":            {`John Doe`, strings.Repeat("d", 25), 400, "98", "", "client.name: has the wrong length"},
		"phone of eleven":       {`9991234567`, `79991234567`, 400, "98", "client.phone does not match required pattern ^[0-9]{10}$", "client.phone: does not match"},
		"no e-mail":             {`payee@mail.com`, `payee`, 400, "98", "", "client.email: does not match"},
		"unknown field":         {`"currency"`, `"extra": {"a":[1,{"b":2}]}, "currency"`, 400, "98", "Invalid request", "extra: is not a parameter of this method"},
		"unknown deeper":        {`"name"`, `"nick": "d", "name"`, 400, "98", "Invalid request", "client.nick: is not a parameter"},
		"wrong case":            {`"orderNumber"`, `"OrderNumber"`, 400, "98", "", "OrderNumber: is not a parameter"},
		"given twice":           {`"currency"`, `"amount": 1234, "currency"`, 400, "98", "Invalid request", "amount: is given twice"},
		"twice deeper":          {`"name"`, `"name": "A", "name"`, 400, "98", "Invalid request", "client.name: is given twice"},
		"client as text":        {`"target": {`, `"source": "x", "target": {`, 400, "98", "", "source: has the wrong type"},
		"unknown source":        {`"target": {`, `"source": {"bindingId": "other"}, "target": {`, 400, "98", "Source is not specified or is incorrect compared to configured debit tools", "source.bindingId: is not known"},
		"empty source":          {`"target": {`, `"source": {}, "target": {`, 400, "98", "", "source.bindingId: is required"},
		"unknown child":         {`"target": {`, `"merchantLogin": "child", "target": {`, 401, "90", "", "merchantLogin: is not a child"},
		"parameter of a list":   {`"paramvalue1"`, `["a"]`, 400, "98", "", "jsonParams.paramname1: has the wrong type"},
		"no target":             {`"target"`, `"jsonParams2"`, 400, "98", "", "jsonParams2: is not a parameter"},
		"not JSON":              {`"amount": 1234,`, `"amount": 1234,,`, 500, "99", "Failed to parse incoming request for PerformPayoutRequest", "body: is not well formed"},
		"comma at the end":      {`"paramvalue2"`, `"paramvalue2",`, 500, "99", "", "body: is not well formed"},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, sandbox.ModuleConfig{})
			a := post(t, c, m, "performPayout.do", edit(t, all2payRequest, test.old, test.new))
			assert.Equal(t, test.status, a.status, a.body)
			assert.Equal(t, test.code, a.json(t)["errorCode"])
			if test.message != "" {
				assert.Equal(t, test.message, a.json(t)["errorMessage"])
			}
			require.Len(t, m.Refusals(), 1)
			assert.Contains(t, m.Refusals()[0].Refused, test.rule)
			assert.Empty(t, m.Ledger().Entries())
			assert.Empty(t, m.Orders())
			assert.Equal(t, 1, m.Count(bank.Create, ""))
		})
	}
	t.Run("no client at all", func(t *testing.T) {
		m, c := startAll2Pay(t, sandbox.ModuleConfig{})
		a := post(t, c, m, "performPayout.do", `{"userName":"payout_api_username","password":"payout_api_password",`+
			`"orderNumber":"o","amount":1,"currency":"643","target":{`+panTarget+`}}`)
		assert.Equal(t, "Invalid request. client.name is empty", a.json(t)["errorMessage"])
	})
	for name, body := range map[string]string{
		"two bodies": all2payRequest + all2payRequest, "a list": "[" + all2payRequest + "]", "nothing": "",
		"half": all2payRequest[:300], "no UTF-8": strings.Replace(all2payRequest, "John", "J\xffhn", 1), "text": `"x"`,
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, sandbox.ModuleConfig{})
			a := post(t, c, m, "performPayout.do", body)
			assert.Equal(t, 500, a.status)
			assert.Equal(t, "99", a.json(t)["errorCode"])
			assert.Empty(t, m.Ledger().Entries())
		})
	}
}

func TestBerekeRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		old, new, message, rule string
	}{
		"Cyrillic name":    {"JOHN DOE", "Иван", "", "client.name: does not match its pattern (bereke:295)"},
		"no name":          {",\n        \"name\": \"JOHN DOE\"", "", "client.name is а required parameter", "client.name: is required"},
		"roubles":          {`"398"`, `"643"`, "Currency does not match required pattern", "currency: is not the bank's"},
		"phone of nine":    {"9991234567", "999123456", "", "client.phone: has the wrong length"},
		"merchantLogin":    {`"target"`, `"merchantLogin":"c","target"`, "", "merchantLogin: is not a parameter"},
		"seToken":          {panTarget, `"seToken":"AAAA"`, "", "target.seToken: is not a parameter"},
		"another password": {"payout_api_password", "x", "User not authenticated", "password: is wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startBereke(t, sandbox.ModuleConfig{})
			a := post(t, c, m, "performPayout.do", edit(t, berekeRequest, test.old, test.new))
			if test.message != "" {
				assert.Equal(t, test.message, a.json(t)["errorMessage"])
			}
			require.Len(t, m.Refusals(), 1, a.body)
			assert.Contains(t, m.Refusals()[0].Refused, test.rule)
			assert.Empty(t, m.Ledger().Entries())
		})
	}
	m, c := startBereke(t, sandbox.ModuleConfig{NoTransit: true})
	a := post(t, c, m, "performPayout.do", berekeRequest)
	assert.Equal(t, 400, a.status)
	assert.Contains(t, a.body, "Source is not specified")
}

func TestModuleHeaders(t *testing.T) {
	for name, test := range map[string]struct {
		key, value string
		status     int
	}{
		"as documented":     {"X-Other", "x", 200},
		"small letters":     {"Content-Type", "application/json; charset=utf-8", 200},
		"no space":          {"Content-Type", "application/json;charset=UTF-8", 200},
		"no charset":        {"Content-Type", "application/json", 400},
		"a form":            {"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8", 400},
		"another charset":   {"Content-Type", "application/json; charset=windows-1251", 400},
		"no version":        {"Accept", "application/json", 400},
		"another version":   {"Accept", "application/json; version=1.0", 400},
		"anything accepted": {"Accept", "*/*", 400},
		"a page accepted":   {"Accept", "text/html; version=2.0", 400},
		"half a parameter":  {"Accept", "application/json; version=2.0; x", 400},
		"and of the type":   {"Content-Type", "application/json; charset=UTF-8; x", 400},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, sandbox.ModuleConfig{})
			h := moduleHeader()
			h.Set(test.key, test.value)
			a, err := send(t, c, http.MethodPost, m.URL()+"/payouts/api/v2/performPayout.do", all2payRequest, h)
			require.NoError(t, err)
			assert.Equal(t, test.status, a.status, a.body)
			assert.Equal(t, test.status == 200, len(m.Ledger().Entries()) == 1)
		})
	}
	for _, twice := range []string{"Content-Type", "Accept"} {
		m, c := startAll2Pay(t, sandbox.ModuleConfig{})
		h := moduleHeader()
		h.Add(twice, h.Get(twice))
		a, err := send(t, c, http.MethodPost, m.URL()+"/payouts/api/v2/performPayout.do", all2payRequest, h)
		require.NoError(t, err)
		assert.Equal(t, 400, a.status, twice)
	}
}

func TestModulePaths(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{})
	for _, test := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/payouts/api/v2/echo", 200},
		{http.MethodPost, "/payouts/api/v2/echo", 404},
		{http.MethodGet, "/payouts/api/v2/performPayout.do", 404},
		{http.MethodPost, "/payouts/api/v1/performPayout.do", 404},
		{http.MethodPost, "/payouts/api/v2/performPayout", 404},
		{http.MethodPost, "/payouts/api/v2/performPayout.do/", 404},
		{http.MethodPost, "/payouts/api/v2/performPayout.do?userName=x", 404},
		{http.MethodPost, "/payouts/api/v2/refund.do", 404},
	} {
		a, err := send(t, c, test.method, m.URL()+test.path, all2payRequest, moduleHeader())
		require.NoError(t, err)
		assert.Equal(t, test.status, a.status, "%s %s", test.method, test.path)
		if test.status == 200 {
			assert.Equal(t, "Payout v2.3 is online in channel Payout_APIserver - svip01[instance:svipUAT]", a.body)
			assert.Contains(t, a.header.Get("Content-Type"), "text/plain")
		} else {
			assert.NotContains(t, a.json(t), "errorCode")
		}
	}
	assert.Empty(t, m.Ledger().Entries())
	for _, r := range m.Requests() {
		assert.NotContains(t, r.Path, "userName", "no query in the log")
	}
}
