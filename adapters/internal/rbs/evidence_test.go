package rbs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// A paid answer is about this payout, its amount and its currency, and says so; a
// failed one is about this payout.
func TestEvidence(t *testing.T) {
	const unreadable = "error: outcome unknown"
	var (
		reference = []payout.AlarmKind{payout.AlarmReferenceDiffers}
		amount    = []payout.AlarmKind{payout.AlarmAmountDiffers}
		absent    = []payout.AlarmKind{payout.AlarmPaidWithoutEvidence}
	)
	type change = map[string]string
	tests := []struct {
		name   string
		change change
		want   string
		alarms []payout.AlarmKind
	}{
		{"whole", nil, "paid", nil},
		{"#18 a message beside code 0", change{"errorMessage": `"Успешно"`}, "paid", nil},
		{"#18 a message of an error beside code 0", change{"errorMessage": `"Insufficient funds"`}, "paid", nil},
		{"code as a number", change{"errorCode": "0"}, "paid", nil},
		{"#30 an order id", change{"orderId": `"0c3a16da-2835-7c75-b867-191207508f12"`}, "paid", nil},
		{"#32 a source that was not sent", change{"source": `{"bindingId":"83309cde-a56d-7409-88dd-c02e00ab3428"}`}, "paid", nil},
		{"#53 amount as a string", change{"amount": `"1234"`}, "paid", nil},
		{"#5 currency as a number", change{"currency": "CUR"}, "paid", nil},

		{"#29 another reference", change{"orderNumber": `"p-2"`}, "unknown", reference},
		{"another case", change{"orderNumber": `"P-1"`}, "unknown", reference},
		{"no reference", change{"orderNumber": ""}, "unknown", absent},
		{"reference null", change{"orderNumber": "null"}, "unknown", absent},
		{"another amount", change{"amount": "1235"}, "unknown", amount},
		{"#53 amount in major units", change{"amount": "12.34"}, unreadable, nil},
		{"#53 amount with zeros", change{"amount": "1234.00"}, unreadable, nil},
		{"amount below zero", change{"amount": "-1234"}, "unknown", amount},
		{"amount of nothing", change{"amount": "0"}, "unknown", amount},
		{"no amount", change{"amount": ""}, "unknown", absent},
		{"amount null", change{"amount": "null"}, "unknown", absent},
		{"amount that is empty", change{"amount": `""`}, unreadable, nil},
		{"amount beyond 64 bits", change{"amount": "18446744073709552850"}, unreadable, nil},
		{"#3 #4 another currency", change{"currency": `"978"`}, "unknown", amount},
		{"#54 no currency", change{"currency": ""}, "unknown", absent},
		{"#54 currency null", change{"currency": "null"}, "unknown", absent},
		{"#48 currency in letters", change{"currency": `"RUB"`}, "unknown", nil},
		{"retired currency", change{"currency": `"810"`}, "unknown", nil},
		{"two amounts", change{"Amount": "1"}, unreadable, nil},
		{"two references", change{"ordernumber": `"p-2"`}, unreadable, nil},

		{"failed", change{"orderStatus": "6"}, "failed declined", nil},
		{"failed, another reference", change{"orderStatus": "6", "orderNumber": `"p-2"`}, "unknown", reference},
		{"failed, no reference", change{"orderStatus": "6", "orderNumber": ""}, "unknown", nil},
		{"failed, another amount", change{"orderStatus": "6", "amount": "1235"}, "unknown", amount},
		{"failed, another currency", change{"orderStatus": "6", "currency": `"978"`}, "unknown", amount},
		{"failed, currency in letters", change{"orderStatus": "6", "currency": `"RUB"`}, "unknown", nil},
		{"failed, amount not told", change{"orderStatus": "6", "amount": ""}, "failed declined", nil},
	}
	both(t, func(t *testing.T, e edition) {
		bank, client, seen := e.scripted(t)
		for _, tt := range tests {
			if tt.change["currency"] == "CUR" {
				tt.change = change{"currency": e.currency.Numeric()}
			}
			bank.Say(200, e.answer(tt.change))
			p, err := client.Create(t.Context(), e.request("p-1"))
			require.Equal(t, tt.want, told(t, p, err), "create: %s", tt.name)
			require.Equal(t, tt.alarms, seen.take(), "create: %s", tt.name)
			p, err = client.Find(t.Context(), e.request("p-1").Ref())
			require.Equal(t, tt.want, told(t, p, err), "find: %s", tt.name)
			require.Equal(t, tt.alarms, seen.take(), "find: %s", tt.name)
		}
	})
}
