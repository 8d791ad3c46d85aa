package sandbox

import (
	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// dialect is what one bank's module has of its own.
type dialect struct {
	name     string
	currency payout.Currency
	source   string // the bindingId of the samples
	balance  bool   // getAmount.do is documented
	rows     []Row

	perform, status, amount bank.Schema

	success   string // errorMessage of a call that worked
	completed string // resultCodeDescription of a payout, in the answer to performPayout
	done      string // the same in a status answer
	states    map[bank.State]string
	sheet     sheet // what a status answer looks like
}

// sheet is the form of a bank's status answers, where the two documents differ.
type sheet struct {
	orderID, creationDate, actionCode bool
	verify                            bool   // an operation P2P_VERIFY comes first
	dateAsText                        bool   // "datetime":"..." instead of "operationDate":...
	currency                          string // of the operations; "" is the order's
	pan                               bool   // the operations name card and cardholder
	maskFour                          bool   // 4402XXXXXXXX2639 instead of 411111XXXXXX1111
}

func all2pay() dialect {
	return dialect{
		name:     "all2pay",
		currency: payout.RUB, // all2pay:32
		source:   All2PaySource,
		rows:     all2payRows,
		perform:  all2payPerform,
		status: bank.Schema{
			{Name: "userName", Required: true, Max: 30, Doc: "all2pay:499"},
			{Name: "password", Required: true, Max: 30, Doc: "all2pay:501"},
			{Name: "orderNumber", Max: 32, Pattern: orderNumber, Doc: "all2pay:503"},
			{Name: "orderId", Max: 36, Doc: "all2pay:505"},
			{Name: "language", Pattern: language, Doc: "all2pay:507"},
		},
		amount:    amountFields("all2pay:26"),
		success:   "Success",
		completed: "Payout completed",                  // all2pay:479
		done:      "Request is processed successfully", // all2pay:613
		states: map[bank.State]string{
			bank.Registered: "-1", // all2pay:382
			bank.Pending:    "0",
			bank.Paid:       "2",
			bank.Declined:   "6",
			bank.Returned:   "4",
		},
		// all2pay:588-628
		sheet: sheet{orderID: true, creationDate: true, actionCode: true, verify: true, maskFour: true},
	}
}

func bereke() dialect {
	return dialect{
		name:     "Bereke",
		currency: payout.KZT, // bereke:35
		source:   BerekeSource,
		balance:  true,
		rows:     berekeRows,
		perform:  berekePerform,
		status: bank.Schema{
			{Name: "userName", Required: true, Max: 30, Doc: "bereke:421"},
			{Name: "password", Required: true, Max: 30, Doc: "bereke:422"},
			{Name: "orderNumber", Max: 32, Pattern: orderNumber, Doc: "bereke:425"},
			{Name: "orderId", Max: 36, Doc: "bereke:428"},
			{Name: "language", Pattern: language, Doc: "bereke:431"},
		},
		amount:    amountFields("bereke:148"),
		success:   "Успешно",
		completed: "Перевод исполнен", // bereke:393
		done:      "Перевод исполнен",
		states: map[bank.State]string{ // bereke:320-327
			bank.Registered: "0",
			bank.Pending:    "0",
			bank.Paid:       "2",
			bank.Declined:   "6",
			bank.Returned:   "4",
		},
		// bereke:491-525: the operations are in 643 there, in a KZT order
		sheet: sheet{dateAsText: true, currency: "643", pan: true},
	}
}
