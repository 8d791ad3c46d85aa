package rbs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// Every orderStatus, in every spelling, in both answers. #6: OrderStatus too, a
// number or a string. #7: a missing one is not 0. #8: all2pay's page has lost all
// but -1.
func TestOrderStatus(t *testing.T) {
	const unreadable = "error: outcome unknown"
	tests := []struct {
		name, status, spelled, want string // status is raw JSON
	}{
		{name: "-1", status: `"-1"`, want: "pending"},
		{name: "0", status: `"0"`, want: "pending"},
		{name: "1", status: `"1"`, want: "pending"},
		{name: "2", status: `"2"`, want: "paid"},
		{name: "3", status: `"3"`, want: "failed cancelled"},
		{name: "4", status: `"4"`, want: "review"}, // both banks say that refunds do not exist
		{name: "5", status: `"5"`, want: "action_required"},
		{name: "6", status: `"6"`, want: "failed declined"},
		{name: "7", status: `"7"`, want: "pending"},
		{name: "8", status: `"8"`, want: "pending"},
		{name: "number", status: `2`, want: "paid"},
		{name: "negative number", status: `-1`, want: "pending"},
		{name: "#7 missing", want: "unknown"},
		{name: "#7 null", status: `null`, want: "unknown"},
		{name: "empty", status: `""`, want: "unknown"},
		{name: "not listed", status: `99`, want: "unknown"},
		{name: "negative, not listed", status: `-2`, want: "unknown"},
		{name: "with a dot", status: `"2.0"`, want: "unknown"},
		{name: "number with a dot", status: `2.0`, want: "unknown"},
		{name: "with an exponent", status: `2e0`, want: "unknown"},
		{name: "space before", status: `" 2"`, want: "unknown"},
		{name: "space after", status: `"2 "`, want: "unknown"},
		{name: "zero before", status: `"02"`, want: "unknown"},
		{name: "plus", status: `"+2"`, want: "unknown"},
		{name: "minus nothing", status: `"-0"`, want: "unknown"},
		{name: "other digits", status: `"٢"`, want: "unknown"},
		{name: "word", status: `"PAID"`, want: "unknown"},
		{name: "great", status: `"18446744073709551618"`, want: "unknown"}, // 2^64 + 2
		{name: "true", status: `true`, want: unreadable},
		{name: "list", status: `["2"]`, want: unreadable},
		{name: "object", status: `{"value":"2"}`, want: unreadable},
		{name: "#6 OrderStatus", spelled: `2`, want: "paid"},
		{name: "#6 twice, the same", status: `"2"`, spelled: `"2"`, want: "paid"},
		{name: "#6 twice, different", status: `"6"`, spelled: `"2"`, want: unreadable},
		{name: "#6 twice, and one is missing", status: `null`, spelled: `"2"`, want: unreadable},
	}
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		for _, tt := range tests {
			bank.Say(200, e.answer(map[string]string{"orderStatus": tt.status, "OrderStatus": tt.spelled}))
			p, err := client.Create(t.Context(), e.request("p-1"))
			require.Equal(t, tt.want, told(t, p, err), "create: %s", tt.name)
			p, err = client.Find(t.Context(), e.request("p-1").Ref())
			require.Equal(t, tt.want, told(t, p, err), "find: %s", tt.name)
		}
	})
}

// Action codes say why a payout failed, or that it is not certain yet (all2pay:532).
func TestActionCode(t *testing.T) {
	tests := []struct{ name, status, code, want, shown string }{
		{"#7 none", "6", "", "failed declined", ""},
		{"insufficient funds", "6", "116", "failed insufficient_funds", "116"},
		{"as a string", "6", `"116"`, "failed insufficient_funds", "116"},
		{"not a reason", "6", "120", "failed declined", "120"},
		{"ok, and declined", "6", "0", "unknown", ""},
		{"ok, then cancelled", "3", "0", "failed cancelled", ""},
		{"cancelled", "3", "120", "failed cancelled", "120"},
		{"cancelled for a reason", "3", "-2007", "failed expired", "-2007"},
		{"restricted", "6", "902", "failed destination_restricted", "902"},
		{"fraud", "6", "999", "failed fraud_control", "999"},
		{"limit", "6", "-20010", "failed limit_exceeded", "-20010"},
		{"free text", "6", `"IVAN PETROV 4111111111111111"`, "failed declined", ""},
		{"issuer did not answer", "6", "910", "unknown", ""},
		{"issuer timed out", "6", `"911"`, "unknown", ""},
		{"unknown there", "6", "-3003", "unknown", ""},
		{"started", "6", "-9000", "unknown", ""},
		{"can't send", "6", "151018", "unknown", ""},
		{"duplicate order", "6", "8204", "unknown", ""}, // the first one may be paid
		{"paid", "2", "0", "paid", ""},
		{"paid, and declined", "2", "116", "unknown", ""},
		{"paid, and empty", "2", `""`, "unknown", ""},
	}
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		for _, tt := range tests {
			bank.Say(200, e.answer(map[string]string{"orderStatus": tt.status, "actionCode": tt.code}))
			p, err := client.Find(t.Context(), e.request("p-1").Ref())
			require.Equal(t, tt.want, told(t, p, err), tt.name)
			require.Equal(t, tt.shown, p.Failure.Code, tt.name)
		}
	})
}

// Every code that is known of the card processing, beside a decline.
func TestEveryActionCode(t *testing.T) {
	const open = "unknown"
	codes := map[string]string{
		"100": "failed limit_exceeded", "101": "failed destination_invalid", "103": "failed declined", "106": "failed declined",
		"109": "failed declined", "110": "failed declined", "111": "failed destination_invalid", "116": "failed insufficient_funds",
		"119": "failed destination_restricted", "120": "failed declined", "121": "failed limit_exceeded", "125": "failed destination_invalid",
		"902": "failed destination_restricted", "903": open, "904": open, "909": open, "910": open, "914": open, "999": "failed fraud_control",
		"2002": "failed declined", "2015": "failed declined", "8204": open, "151018": open,
		"-2007": "failed expired", "-3003": open, "-9000": open, "-20010": "failed limit_exceeded",
	}
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		for code, want := range codes {
			bank.Say(200, e.answer(map[string]string{"orderStatus": "6", "actionCode": code}))
			p, err := client.Find(t.Context(), e.request("p-1").Ref())
			require.Equal(t, want, told(t, p, err), code)
		}
	})
}

// What an order's operations say against its status.
func TestOperations(t *testing.T) {
	const (
		credit  = `{"operationType":"P2P_CREDIT","resultCode":0,"amount":1234}`
		refused = `{"operationType":"P2P_CREDIT","resultCode":1,"amount":1234}`
		verify  = `{"operationType":"P2P_VERIFY","resultCode":0,"amount":1234}`
	)
	tests := []struct{ name, status, list, want string }{
		{"none listed", "2", "", "paid"},
		{"empty list", "2", "[]", "paid"},
		{"null", "2", "null", "paid"},
		{"a credit", "2", "[" + credit + "]", "paid"},
		{"verified and credited", "2", "[" + verify + "," + credit + "]", "paid"},
		{"#51 one object", "2", credit, "paid"},
		{"result as a string", "2", `[{"operationType":"P2P_CREDIT","resultCode":"0"}]`, "paid"},
		{"result not told", "2", `[{"operationType":"P2P_CREDIT"}]`, "paid"},
		{"failed credit", "2", "[" + refused + "]", "unknown"},
		{"#51 one failed object", "2", refused, "unknown"},
		{"failed credit as a string", "2", `[{"operationType":"P2P_CREDIT","resultCode":"1"}]`, "unknown"},
		{"failed before a credit", "2", "[" + refused + "," + credit + "]", "unknown"},
		{"failed after a credit", "2", "[" + credit + "," + refused + "]", "unknown"},
		{"result unheard of", "2", `[{"operationType":"P2P_CREDIT","resultCode":"00"}]`, "unknown"},
		{"only verified", "2", "[" + verify + "]", "unknown"}, // a saved card shows so too
		{"type unheard of", "2", `[{"operationType":"CREDIT","resultCode":0}]`, "unknown"},
		{"type not told", "2", `[{"resultCode":0}]`, "unknown"},
		{"a part of it", "2", `[{"operationType":"P2P_CREDIT","resultCode":0,"amount":400}]`, "unknown"},
		{"amount as a string", "2", `[{"operationType":"P2P_CREDIT","resultCode":0,"amount":"1234"}]`, "paid"},
		{"#4 another currency", "2", `[{"operationType":"P2P_CREDIT","resultCode":0,"amount":1234,"currency":"978"}]`, "paid"},
		{"#5 currency as a number", "2", `[{"operationType":"P2P_CREDIT","resultCode":0,"amount":1234,"currency":978}]`, "paid"},
		{"#28 numbers of its own", "2", `[{"operationType":"P2P_CREDIT","resultCode":0,"orderNumber":"x","orderId":"y"}]`, "paid"},
		{"declined, failed credit", "6", "[" + verify + "," + refused + "]", "failed declined"},
		{"declined, yet credited", "6", "[" + credit + "]", "unknown"},
		{"cancelled, yet credited", "3", "[" + refused + "," + credit + "]", "unknown"},
		{"a text", "2", `"P2P_CREDIT"`, "error: outcome unknown"},
		{"amount in roubles", "2", `[{"operationType":"P2P_CREDIT","resultCode":0,"amount":12.34}]`, "error: outcome unknown"},
	}
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		for _, tt := range tests {
			bank.Say(200, e.answer(map[string]string{"orderStatus": tt.status, "operationList": tt.list}))
			p, err := client.Create(t.Context(), e.request("p-1"))
			require.Equal(t, tt.want, told(t, p, err), "create: %s", tt.name)
			p, err = client.Find(t.Context(), e.request("p-1").Ref())
			require.Equal(t, tt.want, told(t, p, err), "find: %s", tt.name)
		}
	})
}

// #31: an answer that names a page is never a failure, and the page is a secret.
func TestThreeDSecure(t *testing.T) {
	const page = "https://acs.example/page?mdOrder=1"
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		for _, tt := range []struct{ name, status, field, address, url string }{
			{"first answer", "", "acsUrl", page, page},
			{"registered", `"0"`, "acsUrl", page, page},
			{"declined", `"6"`, "acsUrl", page, page},
			{"paid", `"2"`, "acsUrl", page, page},
			{"short page", "", "shortUrl", page, page},
			{"page without TLS", "", "acsUrl", "http://acs.example/", ""},
			{"no page", "", "acsUrl", "javascript:alert(1)", ""},
			{"page without host", "", "acsUrl", "https:///page", ""},
		} {
			bank.Say(200, e.answer(map[string]string{
				"orderStatus": tt.status, tt.field: `"` + tt.address + `"`,
				"is3DSVer2": "false", "info": `"redirecting"`, "paReq": `"p"`, "termUrl": `"t"`, // #16, #17: extra fields
			}))
			p, err := client.Create(t.Context(), e.request("p-1"))
			require.Equal(t, "action_required", told(t, p, err), tt.name)
			require.Equal(t, payout.NewSecret(tt.url), p.Action.URL, tt.name)
		}
	})
}
