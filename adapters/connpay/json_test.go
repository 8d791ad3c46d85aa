package connpay_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
)

// The answers of connpay:231-235 and of a status, in JSON, where an id is a number or a
// string.
const (
	receivedJSON = `{"type":"async-response","serial-number":"00000000-0000-0000-0000-000002e2c322","merchant-order-id":"p-1","paynet-order-id":6982864,"end-point-id":39915}`
	statedJSON   = `{"type":"status-response","serial-number":"00000000-0000-0000-0000-000002e2c323","merchant-order-id":"p-1","paynet-order-id":6982864,` +
		`"status":"approved","amount":10.42,"currency":"USD","end-point-id":39915,"merchant_data":"{\"a\":\"1<2\"}","verified-3d":null,"card":{"type":"VISA"}}`
	refusedJSON = `{"type":"validation-error","serial-number":"00000000-0000-0000-0000-000002231f99","merchant-order-id":"p-1",` +
		`"error-message":"Parameter <credit_card_number> is required","error-code":1}`
)

// JSON is asked for only where it was configured; the request stays a form.
func TestAskingForJSON(t *testing.T) {
	header := map[string]string{"Content-Type": formHeader["Content-Type"], "Authorization": "*"}
	for _, asked := range []bool{false, true} {
		capture, client := captured(t, connpay.Config{JSON: asked})
		if asked {
			header["Accept"] = "application/vnd.pay+json"
		}
		sent := capture.By(t, func() { _, _ = client.Create(t.Context(), sample()) })
		sent.RequireHeader(t, header)
		require.Len(t, sent.Body, 150)
		sent = capture.By(t, func() { _, _ = client.Find(t.Context(), sample().Ref()) })
		sent.RequireHeader(t, header)
	}
}

// told to Create in JSON.
func TestCreateAnswersInJSON(t *testing.T) {
	const unknown = "error: outcome unknown"
	swap := func(in, old, new string) string {
		require.Contains(t, in, old)
		return strings.Replace(in, old, new, 1)
	}
	capture, client := captured(t, connpay.Config{JSON: true})
	for name, tt := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"received":                       {200, receivedJSON, "pending"},
		"received, ids in strings":       {200, strings.ReplaceAll(receivedJSON, "6982864", `"6982864"`), "pending"},
		"received, spaces around":        {200, "\r\n " + receivedJSON + "\n", "pending"},
		"received, another order":        {200, swap(receivedJSON, "p-1", "p-2"), "unknown"},
		"received under HTTP 202":        {202, receivedJSON, unknown},
		"received under HTTP 400":        {400, receivedJSON, unknown},
		"refused under HTTP 200":         {200, refusedJSON, "error: refused by the bank"},
		"refused under HTTP 400":         {400, refusedJSON, "error: refused by the bank"},
		"refused under HTTP 422":         {422, refusedJSON, "error: refused by the bank"},
		"refused, another order":         {400, swap(refusedJSON, "p-1", "p-2"), unknown},
		"refused, and yet an order":      {400, swap(refusedJSON, `"error-code"`, `"paynet-order-id":1,"error-code"`), unknown},
		"refused under HTTP 302":         {302, refusedJSON, unknown},
		"refused under HTTP 408":         {408, refusedJSON, unknown},
		"refused under HTTP 429":         {429, refusedJSON, unknown},
		"refused under HTTP 500":         {500, refusedJSON, unknown},
		"denied":                         {403, refusedJSON, unknown},
		"an error":                       {400, swap(refusedJSON, "validation-error", "error"), unknown},
		"no type":                        {200, swap(receivedJSON, `"type":"async-response",`, ""), unknown},
		"type null":                      {200, swap(receivedJSON, `"async-response"`, "null"), unknown},
		"type in an object":              {200, swap(receivedJSON, `"async-response"`, `{"a":"async-response"}`), unknown},
		"type true":                      {200, swap(receivedJSON, `"async-response"`, `true`), unknown},
		"two types":                      {200, swap(receivedJSON, "{", `{"type":"error",`), unknown},
		"two types that differ in case":  {200, swap(receivedJSON, "{", `{"Type":"error",`), unknown},
		"Type alone":                     {200, swap(receivedJSON, "type", "Type"), unknown},
		"an order in a list":             {200, swap(receivedJSON, `"p-1"`, `["p-1"]`), unknown},
		"in a list":                      {200, "[" + receivedJSON + "]", unknown},
		"cut off":                        {200, receivedJSON[:len(receivedJSON)-1], unknown},
		"more after it":                  {200, receivedJSON + "}", unknown},
		"a page after it":                {200, receivedJSON + "<html>", unknown},
		"a form all the same":            {200, received(nil), "pending"},
		"a refusal in a form":            {200, refused(nil), "error: refused by the bank"},
		"a refusal in a form, under 400": {400, refused(nil), unknown},
		"a page":                         {502, "<html>Bad gateway</html>", unknown},
		"nothing":                        {200, "", unknown},
	} {
		capture.Say(tt.status, tt.body)
		p, err := client.Create(t.Context(), request("p-1", "1234567890"))
		require.Equal(t, tt.want, told(t, p, err), name)
		if tt.want == "pending" {
			require.Equal(t, []string{"6982864", "39915"}, []string{p.ProviderID, p.Endpoint}, name)
			require.Equal(t, "00000000-0000-0000-0000-000002e2c322", p.Support["serial-number"], name)
		}
		if err != nil {
			require.NotContains(t, err.Error(), "credit_card_number")
		}
	}
}

// told to Find in JSON: numbers keep their digits, and what nothing is decided by may be
// anything.
func TestStatusAnswersInJSON(t *testing.T) {
	const unknown = "error: outcome unknown"
	capture, client := captured(t, connpay.Config{JSON: true})
	for name, tt := range map[string]struct {
		old, new string
		status   int
		want     string
	}{
		"approved":                  {want: "paid"},
		"amount in a string":        {old: "10.42", new: `"10.42"`, want: "paid"},
		"amount with a zero more":   {old: "10.42", new: "10.420", want: "paid"},
		"amount with an exponent":   {old: "10.42", new: "1042e-2", want: "unknown"},
		"amount nearly":             {old: "10.42", new: "10.420000000000001", want: "unknown"},
		"another amount":            {old: "10.42", new: "10.43", want: "unknown"},
		"amount in a list":          {old: "10.42", new: "[10.42]", want: unknown},
		"no amount":                 {old: "10.42", new: "null", want: "unknown"},
		"status in an object":       {old: `"approved"`, new: `{"value":"approved"}`, want: unknown},
		"another status":            {old: "approved", new: "processing", want: "pending"},
		"declined":                  {old: "approved", new: "declined", want: "failed declined"},
		"another order of the same": {old: `"paynet-order-id":6982864`, new: `"paynet-order-id":6982865`, want: "paid"}, // no id is recorded
		"under HTTP 400":            {status: 400, want: unknown},
		"not a status":              {old: "status-response", new: "async-response", want: unknown},
	} {
		if tt.status == 0 {
			tt.status = 200
		}
		require.Contains(t, statedJSON, tt.old)
		capture.Say(tt.status, strings.Replace(statedJSON, tt.old, tt.new, 1))
		p, err := client.Find(t.Context(), request("p-1", "1234567890").Ref())
		require.Equal(t, tt.want, told(t, p, err), name)
		if tt.want == "paid" {
			require.Equal(t, map[string]string{"a": "1<2"}, p.Metadata)
			require.Equal(t, payout.FromMinor(1042, payout.USD), p.Amount)
		}
	}
}
