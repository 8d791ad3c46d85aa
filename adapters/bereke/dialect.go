package bereke

import (
	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/internal/rbs"
)

// dialect is what Bereke's document says of the Payout Module.
func dialect() rbs.Dialect {
	return rbs.Dialect{
		Adapter:  "bereke",
		Currency: payout.KZT, // bereke:35
		Exponent: 2,
		Order:    orderKind,
		Errors:   rbs.CommonErrors(),
		Checks:   map[string]func(string) string{"client.name": rbs.Latin}, // bereke:213, 295
		// A page pays from the transit account only: the table has no source.
		Register: rbs.Method{Name: "registerPayout.do", Lines: "195-219", Params: map[string]string{
			"userName": "196", "password": "197", "orderNumber": "200, 317", "amount": "203", "currency": "206",
			"description": "207", "language": "208", "sessionTimeoutSecs": "214",
			"client.clientId": "210", "client.email": "211", "client.phone": "212", "client.name": "213",
			"urls.returnUrl": "216", "urls.failUrl": "217", "jsonParams": "218-219",
		}},
		Perform: rbs.Method{Name: "performPayout.do", Lines: "277-302", Params: map[string]string{
			"userName": "278", "password": "279", "orderNumber": "282, 317", "amount": "285", "currency": "288",
			"description": "289", "language": "290",
			"client.clientId": "292", "client.email": "293", "client.phone": "294", "client.name": "295",
			"source.bindingId": "297", "target.bindingId": "299", "target.pan": "300", "jsonParams": "301-302",
		}},
		Status: rbs.Method{Name: "getPayoutStatus.do", Lines: "420-431", Params: map[string]string{
			"userName": "421", "password": "422", "orderNumber": "425", "orderId": "428",
		}},
		Balance: rbs.Method{Name: "getAmount.do", Lines: "147-151", Params: map[string]string{
			"userName": "148", "password": "149", "source.bindingId": "151",
		}},
	}
}
