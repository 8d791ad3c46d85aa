package bereke_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/bereke"
)

// performed is bereke:377-411, found bereke:493-524, as printed.
const (
	performed = `{
    "errorCode": "0",
    "errorMessage": "Успешно",
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
            "resultCodeDescription": "Перевод исполнен",
            "refNum": "948498232196",
            "pan": "411111XXXXXX1111",
            "cardholderName": "CARDHOLDER NAME"
        }
    ],
    "source": {
        "bindingId": "83309cde-a56d-7409-88dd-c02e00ab3428"
    },
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
    "errorCode": "0",
    "errorMessage": "Успешно",
    "amount": 1234,
    "fee": 0,
    "currency": "398",
    "orderNumber": "1645458818059_12",
    "description": "Decent payout",
    "orderStatus": "2",
    "operationList": [
        {
            "datetime": "1665414462047",
            "operationType": "P2P_CREDIT",
            "amount": 1234,
            "currency": "643",
            "resultCode": 0,
            "resultCodeDescription": "Перевод исполнен",
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
        "name1": "value1",
        "name2": "value2"
    }
}`
)

// The document's answers: #4, one names roubles in an operation; #9, one dates it
// under another name; #32, one has a source that was not asked for.
func TestDocumentedAnswers(t *testing.T) {
	capture, client := captured(t, bereke.Config{})
	req := request()
	req.Reference, req.Amount = "1645458818059_12", payout.FromMinor(1234, payout.KZT)
	want := payout.Payout{
		Reference: req.Reference, Provider: "bereke", Account: client.Info().Account,
		Amount: req.Amount, Fee: payout.FromMinor(0, payout.KZT), Status: payout.StatusPaid, Destination: "card ******1111",
		Operations: []payout.Operation{{
			Type: "P2P_CREDIT", Amount: req.Amount, OK: true, Code: "0", RRN: "948498232196", At: time.UnixMilli(1665414462047).UTC(),
		}},
		Metadata: map[string]string{"paramname1": "paramvalue1", "paramname2": "paramvalue2"},
	}
	capture.Say(200, performed)
	p, err := client.Create(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, want, p)

	want.Operations[0].Amount = payout.FromMinor(1234, payout.RUB)
	want.Metadata = map[string]string{"name1": "value1", "name2": "value2"}
	capture.Say(200, found)
	p, err = client.Find(t.Context(), req.Ref())
	require.NoError(t, err)
	require.Equal(t, want, p)
}
