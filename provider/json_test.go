package provider_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/provider"
)

// order has what of a bank's answer decides over money.
type order struct {
	Status provider.Text                `json:"orderStatus"`
	Amount provider.Int                 `json:"amount"`
	At     provider.Millis              `json:"operationDate"`
	List   provider.List[order]         `json:"operationList"`
	Params map[string]json.RawMessage   `json:"orderParams"`
	Target struct{ Pan provider.Text }  `json:"target"`
	Source *struct{ Pan provider.Text } `json:"source"`
}

func text(s string) provider.Text { return provider.Text{Value: s, Present: true} }

func TestDecodeJSON(t *testing.T) {
	for _, c := range []struct {
		name, json string
		want       order
	}{
		{"nothing in it (7)", `{}`, order{}},
		{"a status", `{"orderStatus":0}`, order{Status: text("0")}},
		{"another case (6)", `{"OrderStatus":2}`, order{Status: text("2")}},
		{"no status at all (7)", `{"amount":"953"}`, order{Amount: provider.Int{Value: 953, Present: true}}},
		{"null (6)", `{"orderStatus":null}`, order{}},
		{"unknown names", `{"x":{"y":[1e999,true,null,"z"]},"orderStatus":"2"}`, order{Status: text("2")}},
		{"twice the same (6)", `{"orderStatus":"2","OrderStatus":"2"}`, order{Status: text("2")}},
		{"three times the same", `{"orderStatus":2,"OrderStatus" : 2,"ORDERSTATUS":	2}`, order{Status: text("2")}},
		{"the same object twice", `{"target":{"pan":"1"},"Target":{"pan":"1"}}`, order{Target: struct{ Pan provider.Text }{text("1")}}},
		{"the same name in two objects", `{"orderStatus":"2","operationList":[{"orderStatus":"0"},{"orderStatus":"6"}]}`,
			order{Status: text("2"), List: provider.List[order]{{Status: text("0")}, {Status: text("6")}}}},
		{"a name and a value alike", `{"orderStatus":"orderStatus","amount":1}`, order{Status: text("orderStatus"), Amount: provider.Int{Value: 1, Present: true}}},
		{"the same among many names", `{` + manyNames + `"N9":1,"orderStatus":2}`, order{Status: text("2")}},
		{"space around", " \t\r\n{} \t\r\n", order{}},
		{"32 deep", `{"x":` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`, order{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got order
			require.NoError(t, provider.DecodeJSON([]byte(c.json), &got))
			assert.Equal(t, c.want, got)
		})
	}
}

// manyNames are more than are compared one by one.
var manyNames = func() string {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, `"n%d":1,`, i)
	}
	return b.String()
}()

func TestDecodeJSONRefuses(t *testing.T) {
	const (
		notUTF8   = "not UTF-8"
		notObject = "not a JSON object"
		notJSON   = "not JSON"
		tooDeep   = "JSON nested too deep"
		twice     = "a name stands twice in a JSON object, with different values"
		unlike    = "not the JSON that was expected"
	)
	for _, c := range []struct{ name, json, err string }{
		{"nothing", ``, notObject},
		{"space", " \n", notObject},
		{"a list", `[{"orderStatus":2}]`, notObject},
		{"null", `null`, notObject},
		{"a string", `"{}"`, notObject},
		{"a page", `<html>{"orderStatus":2}</html>`, notObject},
		{"a byte order mark", "\ufeff{}", notObject},
		{"a space that JSON does not know", "\u00a0{}", notObject},
		{"a form feed after", "{}\f", notJSON},
		{"a space that JSON does not know after", "{}\u00a0", notJSON},
		{"another object after", `{}{"orderStatus":2}`, notJSON},
		{"a bracket after", `{}}`, notJSON},
		{"NUL after", "{}\x00", notJSON},
		{"NUL before", "\x00{}", notObject},
		{"NUL inside", "{\"a\":\"\x00\"}", notJSON},
		{"not UTF-8", "{\"a\":\"\xff\"}", notUTF8},
		{"Windows-1251", "{\"a\":\"\xd3\xf1\xef\xe5\xf8\xed\xee\"}", notUTF8},
		{"UTF-16", "\xff\xfe{\x00}\x00", notUTF8},
		{"cut", `{"orderStatus":2`, notJSON},
		{"cut in a name", `{"orderSt`, notJSON},
		{"cut in a list", `{"a":[1`, notJSON},
		{"no value", `{"a"}`, notJSON},
		{"no name", `{1:2}`, notJSON},
		{"a comma too many (15)", `{"a":1,}`, notJSON},
		{"a comma too few (15)", `{"a":1 "b":2}`, notJSON},
		{"a quote too few (15)", `{"a":"1,"b":2}`, notJSON},
		{"wrong brackets", `{"a":[1}`, notJSON},
		{"single quotes", `{'a':1}`, notJSON},
		{"a comment", `{/* x */}`, notJSON},
		{"NaN", `{"a":NaN}`, notJSON},
		{"a leading zero", `{"a":01}`, notJSON},
		{"33 deep", `{"x":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`, tooDeep},
		{"very deep", `{"x":` + strings.Repeat(`{"x":`, 100_000), notJSON},
		{"very deep, and whole", strings.Repeat(`{"x":`, 9_000) + "1" + strings.Repeat("}", 9_000), tooDeep},
		{"two values", `{"orderStatus":2,"orderStatus":6}`, twice},
		{"two values in two cases (6)", `{"orderStatus":"2","OrderStatus":"6"}`, twice},
		{"the other way round (6)", `{"OrderStatus":"6","orderStatus":"2"}`, twice},
		{"the same, in two types (6)", `{"orderStatus":2,"OrderStatus":"2"}`, twice},
		{"null and a value", `{"orderStatus":2,"OrderStatus":null}`, twice},
		{"two spellings of a number", `{"x":1,"x":1.0}`, twice},
		{"the third differs", `{"a":1,"A":1,"a":2}`, twice},
		{"in an object within", `{"target":{"pan":1,"PAN":2}}`, twice},
		{"in a list within", `{"operationList":[{},{"amount":1,"Amount":2}]}`, twice},
		{"two objects that would be merged", `{"target":{"pan":"1"},"target":{}}`, twice},
		{"two lists", `{"operationList":[{"amount":1}],"OperationList":[]}`, twice},
		{"in what nobody reads", `{"x":{"y":1,"Y":2}}`, twice},
		{"two values among many names", `{` + manyNames + `"n9":1,"N9":2}`, twice},
		{"escaped", `{"order\u0053tatus":2,"orderStatus":6}`, twice},
		{"a long s, which encoding/json takes for s", `{"order\u017ftatus":2,"orderStatus":6}`, twice},
		{"a Kelvin sign, which encoding/json takes for k", `{"\u212ao":2,"ko":6}`, twice},
		{"an unlike type", `{"orderStatus":{}}`, unlike},
		{"an amount with a point (53)", `{"amount":9.53}`, unlike},
		{"an amount beyond all numbers", `{"amount":1e999}`, unlike},
		{"a list where an object is", `{"target":[]}`, unlike},
		{"a string where an object is", `{"target":"4111111111111111"}`, unlike},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got order
			require.EqualError(t, provider.DecodeJSON([]byte(c.json), &got), c.err)
		})
	}
}

// Two names that encoding/json takes for one field are one name here too.
func TestNamesAreFoldedAtLeastAsWidelyAsByEncodingJSON(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			if provider.FoldRune(r) != provider.FoldRune(other) {
				t.Errorf("%U and %U", r, other)
			}
		}
	}
}

// FuzzDecodeJSON holds DecodeJSON to encoding/json: what it takes, encoding/json
// takes and reads alike, and reads alike again when names and values are written
// once and in order.
func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `{"orderStatus":2,"OrderStatus":"2"}`, `{"a":[{"b":null},1e999,"\u0000"]}`, `{"operationList":{"amount":"953"}}`,
		"\ufeff{}", `{"target":{"pan":"1"},"Target":{"pan":"1"}}`, `{"operationDate":1665416062047}`, `{"x":` + strings.Repeat("[", 40), `{"a":1}{}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var got order
		if err := provider.DecodeJSON(body, &got); err != nil {
			return
		}
		var plain order
		require.NoError(t, json.Unmarshal(body, &plain))
		require.Equal(t, plain, got)

		var generic map[string]any
		dec := json.NewDecoder(strings.NewReader(string(body)))
		dec.UseNumber()
		require.NoError(t, dec.Decode(&generic))
		canonical, err := json.Marshal(generic)
		require.NoError(t, err)
		var again order
		require.NoError(t, provider.DecodeJSON(canonical, &again), "%s", canonical)
		require.Equal(t, got.Status, again.Status)
		require.Equal(t, got.Amount, again.Amount)
		require.Equal(t, got.Target, again.Target)
		require.Equal(t, len(got.List), len(again.List))
	})
}

// FuzzText: a text that is taken is one that encoding/json takes, and an Int is
// what the text says.
func FuzzText(f *testing.F) {
	for _, seed := range []string{``, `1`, `"1"`, `-0`, `1e9`, `null`, ` "a" `, `"\ud800"`, `"\u0000"`, `9223372036854775808`, "\x80"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var text provider.Text
		var number provider.Int
		textErr, numberErr := text.UnmarshalJSON(body), number.UnmarshalJSON(body)
		if textErr == nil {
			require.True(t, json.Valid(body))
		}
		if numberErr == nil {
			require.NoError(t, textErr)
			require.Equal(t, text.Present, number.Present)
			require.NotContains(t, text.Value, ".")
		}
		_ = new(provider.Millis).UnmarshalJSON(body)
		_ = new(provider.List[provider.Text]).UnmarshalJSON(body)
	})
}
