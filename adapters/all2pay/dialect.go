package all2pay

import (
	"maps"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/internal/rbs"
)

// dialect is what all2pay's document says of the Payout Module.
func dialect() rbs.Dialect {
	errors := rbs.CommonErrors()
	maps.Copy(errors, rbs.DeclinesInOK()) // all2pay:890-892
	return rbs.Dialect{
		Adapter:  "all2pay",
		Currency: payout.RUB, // all2pay:32; the examples' 398 are somebody else's
		Exponent: 2,
		Order:    orderKind,
		Errors:   errors,
		Register: rbs.Method{Name: "registerPayout.do", Lines: "204-249", Params: map[string]string{
			"userName": "205-206", "password": "207-208", "orderNumber": "209-210", "amount": "211-212", "currency": "213-214",
			"description": "215-216", "language": "217-218", "sessionTimeoutSecs": "219-220", "merchantLogin": "221-222",
			"client.clientId": "225-226", "client.email": "227-228", "client.phone": "229-230", "client.name": "232-233, 904",
			"source.bindingId": "237-238", "urls.returnUrl": "241-242", "urls.failUrl": "243-244", "jsonParams": "245-249",
		}},
		Perform: rbs.Method{Name: "performPayout.do", Lines: "300-358", Params: map[string]string{
			"userName": "302-303", "password": "304-305", "orderNumber": "306-307", "amount": "308-309", "currency": "310-311",
			"description": "312-313", "language": "314-315", "merchantLogin": "316-317",
			"client.clientId": "320-321", "client.email": "322-323", "client.phone": "324-325", "client.name": "327-328, 904",
			"source.bindingId": "332-333",
			"target.bindingId": "336-337", "target.pan": "338-339", "target.seToken": "340-341", "target.phone": "343-345",
			"target.bankId": "346-347", "target.lastName": "348-349", "target.firstName": "350-351", "target.middleName": "352-353",
			"jsonParams": "354-358",
		}},
		Status: rbs.Method{Name: "getPayoutStatus.do", Lines: "497-508", Params: map[string]string{
			"userName": "499-500", "password": "501-502", "orderNumber": "503-504", "orderId": "505-506",
		}},
		// Promised without a name (all2pay:26). It is the module's: bereke:143.
		Balance: rbs.Method{Name: "getAmount.do", Lines: "26", Params: map[string]string{
			"userName": "26", "password": "26", "source.bindingId": "26",
		}},
		SaveTarget: rbs.Method{Name: "createTargetBindingId.do", Lines: "631-648", Params: map[string]string{
			"userName": "633-634", "password": "635-636", "orderNumber": "637-638", "clientId": "639-640", "pan": "641-642",
			"month": "643-644", "year": "645-646", "cardholderName": "647-648",
		}},
		SaveSource: rbs.Method{Name: "createSourceBindingId.do", Lines: "690-709", Params: map[string]string{
			"userName": "692-693", "password": "694-695", "merchantLogin": "696-697", "pan": "698-699", "month": "700-701",
			"year": "702-703", "cvv": "704-705", "cvc": "743", "cardholderName": "706-707", "clientId": "708-709", "orderNumber": "722, 742",
		}},
	}
}
