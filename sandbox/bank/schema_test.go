package bank_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox/bank"
)

var sample = bank.Schema{
	{Name: "id", Required: true, Max: 5, Doc: "doc:1"},
	{Name: "amount", Kind: bank.Integer, Required: true, Max: 12},
	{Name: "code", Min: 2, Pattern: regexp.MustCompile(`^[a-z]+$`)},
	{Name: "client", Kind: bank.Nested, Fields: bank.Schema{{Name: "name", Required: true}, {Name: "age", Kind: bank.Integer}}},
	{Name: "extra", Kind: bank.Free},
}

func TestSchemaJSON(t *testing.T) {
	for name, test := range map[string]struct{ body, want string }{
		"all of it":         {`{"id":"йцуке","amount":0,"code":"ab","client":{"name":"n","age":3},"extra":{"b":"1","a":"2"}}`, ""},
		"the least":         {" {\"id\":\"a\",\n\"amount\":999999999999 }\r\n", ""},
		"nothing":           {`{}`, "id: is required (doc:1), amount: is required"},
		"not an object":     {`[]`, "body: is not well formed"},
		"empty":             {``, "body: is not well formed"},
		"two":               {`{"id":"a","amount":1}{}`, "body: is not well formed"},
		"a bracket more":    {`{"id":"a","amount":1}}`, "body: is not well formed"},
		"cut":               {`{"id":"a","amount":1`, "body: is not well formed"},
		"no UTF-8":          {"{\"id\":\"\xff\",\"amount\":1}", "body: is not well formed"},
		"too long":          {`{"id":"йцукен","amount":1}`, "id: has the wrong length (doc:1)"},
		"too short":         {`{"id":"a","amount":1,"code":"a"}`, "code: has the wrong length"},
		"pattern":           {`{"id":"a","amount":1,"code":"aB"}`, "code: does not match its pattern"},
		"types":             {`{"id":1,"amount":"1"}`, "id: has the wrong type (doc:1), amount: has the wrong type"},
		"more types":        {`{"id":null,"amount":true,"code":{},"client":"x","extra":[{"a":[1]}]}`, "id: has the wrong type (doc:1), amount: has the wrong type, code: has the wrong type, client: has the wrong type, extra: has the wrong type"},
		"lists":             {`{"id":"a","amount":1,"client":[{"name":1}],"extra":["a"]}`, "client: has the wrong type, extra: has the wrong type"},
		"a list cut":        {`{"id":"a","amount":1,"x":[`, "body: is not well formed"},
		"numbers":           {`{"id":"a","amount":1.5}`, "amount: has the wrong type"},
		"negative":          {`{"id":"a","amount":-1}`, "amount: has the wrong type"},
		"unlisted, deep":    {`{"id":"a","amount":1,"x":{"y":[1,{"z":2}]},"client":{"name":"n","y":1}}`, "x: is not a parameter of this method, client.y: is not a parameter of this method"},
		"required deeper":   {`{"id":"a","amount":1,"client":{}}`, "client.name: is required"},
		"twice":             {`{"id":"a","id":"a","amount":1}`, "id: is given twice"},
		"twice by escape":   {`{"id":"a","\u0069d":"a","amount":1}`, "id: is given twice"},
		"twice, unlisted":   {`{"id":"a","amount":1,"extra":{"a":"1","a":"1"}}`, "extra.a: is given twice"},
		"free, not text":    {`{"id":"a","amount":1,"extra":{"a":1,"b":{"c":1},"d":"e"}}`, "extra.a: has the wrong type, extra.b: has the wrong type"},
		"another case":      {`{"ID":"a","amount":1}`, "ID: is not a parameter of this method, id: is required (doc:1)"},
		"a card for a name": {`{"id":"a","amount":1,"4111111111111111":""}`, "XXXXXXXXXXXX1111: is not a parameter of this method"},
	} {
		t.Run(name, func(t *testing.T) {
			_, broken := sample.JSON([]byte(test.body))
			var got []string
			for _, v := range broken {
				got = append(got, v.String())
			}
			assert.Equal(t, test.want, strings.Join(got, ", "))
		})
	}
	v, broken := sample.JSON([]byte(`{"id":"a","amount":12,"client":{"name":"n"},"extra":{"b":"1","a":"2"}}`))
	require.Empty(t, broken)
	assert.Equal(t, "n", v.Text("client.name"))
	assert.Equal(t, int64(12), v.Int("amount"))
	assert.Equal(t, int64(0), v.Int("id"))
	assert.True(t, v.Has("client") && v.Has("extra") && !v.Has("code") && !v.Has("client.age"))
	assert.Equal(t, []bank.Pair{{Name: "b", Value: "1"}, {Name: "a", Value: "2"}}, v.Free("extra"))
}

func TestSchemaForm(t *testing.T) {
	form := bank.Schema{
		{Name: "id", Required: true, Max: 5},
		{Name: "sum", Kind: bank.Numeric},
		{Name: "n", Kind: bank.Integer},
		{Name: "long", Min: 2},
	}
	for body, want := range map[string]string{
		"id=a":               "",
		"id=a%20b&sum=10.42": "",
		"id=a+b&n=7":         "",
		"id=a&n=":            "",
		"id=":                "id: is required",
		"id=a&long=":         "",
		"id=a&long=1":        "long: has the wrong length",
		"":                   "id: is required",
		"id=a&":              "body: is not well formed",
		"id=a&&n=1":          "body: is not well formed",
		"id":                 "body: is not well formed",
		"=a":                 "body: is not well formed",
		"id=a=b":             "body: is not well formed",
		"id=a%2":             "body: is not well formed",
		"id=%ff":             "body: is not well formed",
		"id=a\n&n=1":         "body: is not well formed",
		"%69d=a":             "",
		"%ff=a":              "body: is not well formed",
		"%6=a":               "body: is not well formed",
		"id=a&id=a":          "id: is given twice",
		"id=a&x=1":           "x: is not a parameter of this method",
		"id=a&n=1.5":         "n: has the wrong type",
		"id=a&sum=1.":        "sum: has the wrong type",
		"id=a&sum=1.2.3":     "sum: has the wrong type",
		"id=a&sum=1e3":       "sum: has the wrong type",
		"id=abcdef":          "id: has the wrong length",
	} {
		_, broken := form.Form([]byte(body))
		var got []string
		for _, v := range broken {
			got = append(got, v.String())
		}
		assert.Equal(t, want, strings.Join(got, ", "), "%q", body)
	}
	_, broken := form.Form([]byte("id=a&" + strings.Repeat("x", 50) + "=1"))
	require.Len(t, broken, 1)
	assert.Equal(t, strings.Repeat("x", 40), broken[0].Path)
	v, _ := form.Form([]byte("n=99999999999999999999"))
	assert.Equal(t, int64(0), v.Int("n"), "does not fit")
	v, _ = form.Form([]byte("n=7&id=a+b%2B"))
	assert.Equal(t, []bank.Pair{{Name: "n", Value: "7"}, {Name: "id", Value: "a b+"}}, v.All())
	assert.Equal(t, "a b+", v.Text("id"))
	assert.Equal(t, int64(7), v.Int("n"))
}

func TestMasks(t *testing.T) {
	assert.Equal(t, "411111XXXXXX1111", bank.MaskCard("4111111111111111"))
	assert.Equal(t, "411111XXX1111", bank.MaskCard("4111111111111"))
	assert.Equal(t, "XXXXXXXX1111", bank.MaskCard("411111111111"))
	assert.Equal(t, "XXXXXXX", bank.MaskEnd("1234567"))
	assert.Equal(t, "XXXX5678", bank.MaskEnd("12345678"))
	assert.Equal(t, "a/XXXXXXXX9012/12345678901/ыXXXXXXXXX1234", bank.MaskDigits("a/123456789012/12345678901/ы1234567891234"))
	assert.True(t, bank.Luhn("4111111111111111") && bank.Luhn("0"))
	assert.False(t, bank.Luhn("4111111111111112") || bank.Luhn("") || bank.Luhn("4111 1111 1111 1111"))
}

// What the strict reader takes, the standard one takes too, and reads the same.
func FuzzSchemaJSON(f *testing.F) {
	f.Add([]byte(`{"id":"a","amount":12,"client":{"name":"n"},"extra":{"b":"1"}}`))
	f.Add([]byte(`{"id":"a","id":"b","amount":1.0,"x":[{}]} `))
	f.Fuzz(func(t *testing.T, body []byte) {
		v, broken := sample.JSON(body)
		if len(broken) > 0 {
			return
		}
		var want struct {
			ID     string `json:"id"`
			Amount int64  `json:"amount"`
		}
		d := json.NewDecoder(bytes.NewReader(body))
		require.NoError(t, d.Decode(&want))
		assert.Equal(t, want.ID, v.Text("id"))
		assert.Equal(t, want.Amount, v.Int("amount"))
	})
}

func FuzzParseForm(f *testing.F) {
	f.Add("id=a%20b&sum=10.42&x=")
	f.Fuzz(func(t *testing.T, body string) {
		pairs, ok := bank.ParseForm(body)
		if !ok {
			return
		}
		want, err := url.ParseQuery(body)
		if strings.Contains(body, ";") {
			return // package url refuses it, the gateways' forms may hold it
		}
		require.NoError(t, err)
		n := 0
		for _, values := range want {
			n += len(values)
		}
		assert.Len(t, pairs, n)
		for _, p := range pairs {
			assert.Contains(t, want[p.Name], p.Value)
		}
	})
}
