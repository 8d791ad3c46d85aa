package all2pay_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
)

// performed is all2pay:463-494, found all2pay:588-628, as printed.
const (
	performed = `{
"errorCode": "0",
"errorMessage": "Success",
"amount": 1234,
"fee": 0,
"currency": "398",
"orderNumber": "1645458818059_12",
"description": "Decent payout",
"orderStatus": "2",
"operationList": [
{
"operationDate": 1665414462047,
"operationType": "P2P_CREDIT",
"amount": 1234,
"currency": "398",
"resultCode": 0,
"resultCodeDescription": "Payout completed",
"refNum": "948498232196",
"pan": "411111XXXXXX1111",
"cardholderName": "CARDHOLDER NAME"
}
],
"target": {
"bindingId": "83309cde-a56d-7409-88dd-c02e00ab3428",
"clientId": "12345abc-d67e-8901-23fg-h45i67jk8901",
"maskedPan": "411111XXXXXX1111"
},
"orderParams": {
"paramname1": "paramvalue1",
"paramname2": "paramvalue2"
}
}`
	found = `{
"amount": 214,
"fee": 2,
"currency": "398",
"creationDate": 1764146589800,
"description": "Test payout",
"errorCode": "0",
"errorMessage": "Success",
"orderId": "0c3a16da-2835-7c75-b867-191207508f12",
"orderNumber": "1764146589_3620",
"orderStatus": "2",
"orderParams": {
"mdOrder_svip": "1d16836b-e747-4e9f-913c-17b8ce8b5eec",
"useCustomExternalSystem": "1",
"param2": "456"
},
"actionCode": 0,
"actionCodeDescription": "Request is processed successfully",
"operationList": [
{
"amount": 214,
"currency": "398",
"operationDate": 1764146590137,
"operationType": "P2P_VERIFY",
"resultCode": 0,
"resultCodeDescription": "Request is processed successfully"
},
{
"amount": 214,
"currency": "398",
"operationDate": 1764146590846,
"operationType": "P2P_CREDIT",
"refNum": "533089444221",
"resultCode": 0,
"resultCodeDescription": "Request is processed successfully"
}
],
"target": {
"maskedPan": "4402XXXXXXXX2639"
}
}`
)

func millis(n int64) time.Time { return time.UnixMilli(n).UTC() }

// The document's answers, in the currency that it says is the only one (#3): it prints
// tenge, which would be another payout's.
func TestDocumentedAnswers(t *testing.T) {
	capture, client := captured(t, all2pay.Config{})
	account := client.Info().Account
	inRoubles := strings.NewReplacer(`"398"`, `"643"`)

	req := request(toCard)
	req.Reference, req.Amount = "1645458818059_12", payout.FromMinor(1234, payout.RUB)
	capture.Say(200, inRoubles.Replace(performed))
	p, err := client.Create(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, payout.Payout{
		Reference: "1645458818059_12", Provider: "all2pay", Account: account,
		Amount: req.Amount, Fee: payout.FromMinor(0, payout.RUB), Status: payout.StatusPaid, Destination: "card ******1111",
		Operations: []payout.Operation{{
			Type: "P2P_CREDIT", Amount: req.Amount, OK: true, Code: "0", RRN: "948498232196", At: millis(1665414462047),
		}},
		Metadata: map[string]string{"paramname1": "paramvalue1", "paramname2": "paramvalue2"},
	}, p)

	ref := payout.Ref{Reference: "1764146589_3620", Amount: payout.FromMinor(214, payout.RUB)}
	capture.Say(200, inRoubles.Replace(found))
	p, err = client.Find(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, payout.Payout{
		Reference: "1764146589_3620", Provider: "all2pay", Account: account, ProviderID: "0c3a16da-2835-7c75-b867-191207508f12",
		Amount: ref.Amount, Fee: payout.FromMinor(2, payout.RUB), Status: payout.StatusPaid, Destination: "card ******2639",
		Operations: []payout.Operation{
			{Type: "P2P_VERIFY", Amount: ref.Amount, OK: true, Code: "0", At: millis(1764146590137)},
			{Type: "P2P_CREDIT", Amount: ref.Amount, OK: true, Code: "0", RRN: "533089444221", At: millis(1764146590846)},
		},
		CreatedAt: millis(1764146589800),
		Metadata:  map[string]string{"mdOrder_svip": "1d16836b-e747-4e9f-913c-17b8ce8b5eec", "useCustomExternalSystem": "1", "param2": "456"},
	}, p)

	capture.Say(200, found)
	p, err = client.Find(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, payout.StatusUnknown, p.Status)

	// #29: the printed request is about another order than the printed answer.
	req.Reference = "payout_1"
	capture.Say(200, inRoubles.Replace(performed))
	p, err = client.Create(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, payout.StatusUnknown, p.Status)
	require.Equal(t, "payout_1", p.Reference)
}
