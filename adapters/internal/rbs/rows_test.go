package rbs_test

import (
	"cmp"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// Every row of both banks' tables of errors, as the answer to a payout and to a
// question. Rows that are not here leave the fate open: #43, HTTP status and
// errorCode decide together; #40 to #42, the texts with their look-alike letters
// decide nothing.
var createRows = map[string]string{
	"200/116": "failed insufficient_funds", // #44: refusals under HTTP 200
	"200/121": "failed limit_exceeded",
	"200/902": "failed destination_restricted", // #50: which cards are taken is the bank's to say
	"400/98":  "error: refused by the bank",
	"401/90":  "error: unauthorized",
	"502/204": "failed destination_invalid",
	"502/400": "failed destination_invalid", // #43: 400 is an errorCode here
	"502/98":  "failed destination_invalid", // #41
}

var findRows = map[string]string{
	"400/98": "error: not found", // and a dozen other faults: it proves nothing
	"401/90": "error: unauthorized",
}

func pairOf(row sandbox.Row) string { return fmt.Sprintf("%d/%s", row.HTTP, row.Code) }

// #40, #41, #42: texts decide nothing. #43: the pair does. #44: 200 can be a refusal.
// #50: a card that the bank does not take is the destination's fault.
func TestRows(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		module, client := e.inSandbox(t)
		seen := map[string]bool{}
		for n, row := range module.Rows() {
			reference := fmt.Sprintf("row-%d", n)
			pair := pairOf(row)
			seen[pair] = true
			module.Script(bank.Script{Reference: reference, Act: bank.Nothing(), Reply: row.Reply()})
			req := e.request(reference)

			p, err := client.Create(t.Context(), req)
			want, listed := createRows[pair]
			if !listed {
				want = "error: outcome unknown"
			}
			require.Equal(t, want, told(t, p, err), "%s %s", row.Doc, pair)
			if err == nil {
				require.Equal(t, row.Code, p.Failure.Code)
			} else {
				require.NotContains(t, err.Error(), cmp.Or(row.Message, "Not Found"), row.Doc)
			}

			p, err = client.Find(t.Context(), req.Ref())
			want, listed = findRows[pair]
			if !listed {
				want = "error: outcome unknown"
			}
			require.Equal(t, want, told(t, p, err), "%s %s", row.Doc, pair)
		}
		require.Empty(t, module.Ledger().Entries())
		for pair := range createRows {
			require.True(t, seen[pair] || e.name == "bereke" && pair[:3] == "200", pair)
		}
	})
}

// A refusal that does not agree with the rest of its answer refuses nothing.
func TestRefusalsThatContradictThemselves(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		for name, tt := range map[string]struct {
			status int
			change map[string]string
			want   string
		}{
			"about this order":         {502, map[string]string{"errorCode": `"204"`, "orderStatus": ""}, "failed destination_invalid"},
			"with a final status":      {502, map[string]string{"errorCode": `"204"`, "orderStatus": `"6"`}, "failed destination_invalid"},
			"code as a number":         {502, map[string]string{"errorCode": "204", "orderStatus": ""}, "failed destination_invalid"},
			"with another status":      {502, map[string]string{"errorCode": `"204"`, "orderStatus": `"2"`}, "error: outcome unknown"},
			"with a status nobody has": {502, map[string]string{"errorCode": `"204"`, "orderStatus": `"99"`}, "error: outcome unknown"},
			"about another order":      {502, map[string]string{"errorCode": `"204"`, "orderStatus": "", "orderNumber": `"p-2"`}, "error: outcome unknown"},
			"#31 with a page":          {502, map[string]string{"errorCode": `"204"`, "orderStatus": "", "acsUrl": `"https://acs.example/"`}, "error: outcome unknown"},
			"#31 with a short page":    {502, map[string]string{"errorCode": `"204"`, "orderStatus": "", "shortUrl": `"https://acs.example/"`}, "error: outcome unknown"},
			"with a credit": {
				502, map[string]string{"errorCode": `"204"`, "orderStatus": "", "operationList": `[{"operationType":"P2P_CREDIT","resultCode":0}]`},
				"error: outcome unknown",
			},
			"refused with a status":      {400, map[string]string{"errorCode": `"98"`, "orderStatus": `"2"`}, "error: outcome unknown"},
			"refused, another order":     {400, map[string]string{"errorCode": `"98"`, "orderStatus": "", "orderNumber": `"p-2"`}, "error: outcome unknown"},
			"#43 refused under 500":      {500, map[string]string{"errorCode": `"98"`, "orderStatus": ""}, "error: outcome unknown"},
			"#43 refused under 200":      {200, map[string]string{"errorCode": `"98"`, "orderStatus": ""}, "error: outcome unknown"},
			"#43 not known under 500":    {500, map[string]string{"errorCode": `"90"`, "orderStatus": ""}, "error: outcome unknown"},
			"#43 no BIN under 200":       {200, map[string]string{"errorCode": `"204"`, "orderStatus": ""}, "error: outcome unknown"},
			"#43 no funds under 500":     {500, map[string]string{"errorCode": `"116"`, "orderStatus": ""}, "error: outcome unknown"},
			"#43 HTTP status as a code":  {400, map[string]string{"errorCode": `"400"`, "orderStatus": ""}, "error: outcome unknown"},
			"success under an error":     {500, nil, "error: outcome unknown"},
			"success under created":      {201, nil, "error: outcome unknown"},
			"code of a known order (1)":  {200, map[string]string{"errorCode": `"1"`, "orderStatus": ""}, "error: outcome unknown"},
			"code that is missing":       {200, map[string]string{"errorCode": ""}, "error: outcome unknown"},
			"code that is null":          {200, map[string]string{"errorCode": "null"}, "error: outcome unknown"},
			"code that is empty":         {200, map[string]string{"errorCode": `""`}, "error: outcome unknown"},
			"code that is almost 0":      {200, map[string]string{"errorCode": `"0.0"`}, "error: outcome unknown"},
			"code that is an object":     {200, map[string]string{"errorCode": `{"code":0}`}, "error: outcome unknown"},
			"two codes that disagree":    {200, map[string]string{"ErrorCode": `"116"`}, "error: outcome unknown"},
			"#44 HTTP 200, unknown code": {200, map[string]string{"errorCode": `"7"`, "orderStatus": ""}, "error: outcome unknown"},
		} {
			bank.Say(tt.status, e.answer(tt.change))
			p, err := client.Create(t.Context(), e.request("p-1"))
			require.Equal(t, tt.want, told(t, p, err), name)
		}
	})
}

// A question that finds an error about an order has not found that there is none.
func TestNotFoundIsAboutNoOrder(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		for change, want := range map[string]string{
			`{"errorCode":"98"}`: "error: not found",
			`{"errorCode":98,"errorMessage":"Order not found in payout proxy"}`: "error: not found",
			`{"errorCode":"98","orderNumber":"p-1"}`:                            "error: not found",
			`{"errorCode":"98","orderNumber":"p-2"}`:                            "error: outcome unknown",
			`{"errorCode":"98","orderStatus":"2"}`:                              "error: outcome unknown",
			`{"errorCode":"98","orderStatus":"6"}`:                              "error: outcome unknown",
		} {
			bank.Say(400, change)
			p, err := client.Find(t.Context(), e.request("p-1").Ref())
			require.Equal(t, want, told(t, p, err), change)
		}
	})
}

// What no table lists leaves the fate open, and a firewall holds the provider.
func TestAnswersThatAreNotTheModules(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		for _, tt := range []struct {
			name, body string
			status     int
			hold       bool
		}{
			{"a firewall's 403", "<html>denied</html>", 403, true},
			{"a proxy's 401", "<html>log in</html>", 401, true},
			{"a gateway's 401 in JSON", `{"error":"unauthorized"}`, 401, true},
			{"the module's code under 403", `{"errorCode":"90"}`, 403, true},
			{"a proxy's 502", "<html>bad gateway</html>", 502, false},
			{"a proxy's 400", "<html>bad request</html>", 400, false},
			{"not found", "<html>404</html>", 404, false},
			{"nothing", "", 200, false},
			{"a list", "[" + e.answer(nil) + "]", 200, false},
			{"two objects", e.answer(nil) + e.answer(nil), 200, false},
			{"half an object", e.answer(nil)[:40], 200, false},
			{"not UTF-8", e.answer(map[string]string{"description": "\"\xff\""}), 200, false},
			{"a string", `"2"`, 200, false},
			{"null", "null", 200, false},
			{"a form", "errorCode=0&orderStatus=2", 200, false},
		} {
			bank.Say(tt.status, tt.body)
			for _, call := range []func() (payout.Payout, error){
				func() (payout.Payout, error) { return client.Create(t.Context(), e.request("p-1")) },
				func() (payout.Payout, error) { return client.Find(t.Context(), e.request("p-1").Ref()) },
			} {
				p, err := call()
				require.Equal(t, "error: outcome unknown", told(t, p, err), tt.name)
				var e *payout.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, tt.hold, e.Hold, tt.name)
				require.Equal(t, tt.status, e.HTTPStatus, tt.name)
			}
		}
	})
}
