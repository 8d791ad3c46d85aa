package sandbox

import (
	"regexp"

	"github.com/payoutkit/payout/sandbox/bank"
)

// Patterns that both banks share. The documents print none; these are what their
// samples and words allow.
var (
	orderNumber = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`) // all2pay:306; the letters are invented
	language    = regexp.MustCompile(`^[A-Za-z]{2}$`)         // all2pay:314; the sample has "EN"
	threeDigits = regexp.MustCompile(`^[0-9]{3}$`)            // all2pay:310, 521
	tenDigits   = regexp.MustCompile(`^[0-9]{10}$`)           // all2pay:324
	cardMonth   = regexp.MustCompile(`^(0[1-9]|1[0-2])$`)     // "12" in all2pay:745
	cardYear    = regexp.MustCompile(`^20[0-9]{2}$`)          // "2034" in all2pay:744
	cardCVV     = regexp.MustCompile(`^[0-9]{3,4}$`)
	digits      = regexp.MustCompile(`^[0-9]+$`)
	latin       = regexp.MustCompile(`^[A-Za-z][A-Za-z .'-]*$`)      // bereke:295: "Имя Получателя латиницей"
	cyrillic    = regexp.MustCompile(`^[А-Яа-яЁё][А-Яа-яЁё .'’-]*$`) // all2pay:348-353
	// all2pay:242: "in full, including the protocol". That it is https is invented.
	absolute = regexp.MustCompile(`^https://[A-Za-z0-9.-]+(:[0-9]+)?([/?#][^\s"'<>\\^{|}]*)?$`)
	email    = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
	// all2pay:344-345: 0079261214249 or 79261214249. SBP reaches Russian mobile numbers,
	// which go on with 9; Kazakhstan's +7 numbers do not (invented: how strict the bank is).
	sbpPhone = regexp.MustCompile(`^(00)?79[0-9]{9}$`)
	sbpBank  = regexp.MustCompile(`^1[0-9]{11}$`) // all2pay:346; the form is that of the SBP's lists
)

// The limit of clientId is 30 in the tables (all2pay:320, bereke:292) and 36 in their
// own samples; answers have 255 (all2pay:420).
const clientIDLength = 255

// moduleFields are the fields of the methods as all2pay's document has them, the one
// that documents all of the module.
var moduleFields = map[ModuleMethod]bank.Schema{
	PerformPayout:  all2payPerform,
	RegisterPayout: all2payRegister,
	GetPayoutStatus: {
		{Name: "userName", Required: true, Max: 30, Doc: "all2pay:499"},
		{Name: "password", Required: true, Max: 30, Doc: "all2pay:501"},
		{Name: "orderNumber", Max: 32, Pattern: orderNumber, Doc: "all2pay:503"},
		{Name: "orderId", Max: 36, Doc: "all2pay:505"},
		{Name: "language", Pattern: language, Doc: "all2pay:507"},
	},
	GetAmount: amountFields("all2pay:26"),
	CreateTargetBindingID: {
		{Name: "userName", Required: true, Max: 30, Doc: "all2pay:633"}, // the table says username, the sample userName
		{Name: "password", Required: true, Max: 30, Doc: "all2pay:635"},
		{Name: "orderNumber", Required: true, Max: 32, Pattern: orderNumber, Doc: "all2pay:637"},
		{Name: "clientId", Required: true, Max: clientIDLength, Doc: "all2pay:639"},
		{Name: "pan", Required: true, Min: 12, Max: 19, Pattern: digits, Doc: "all2pay:641"},
		{Name: "month", Pattern: cardMonth, Doc: "all2pay:643"},
		{Name: "year", Pattern: cardYear, Doc: "all2pay:645"},
		{Name: "cardholderName", Max: 26, Doc: "all2pay:647"},
	},
	CreateSourceBindingID: {
		{Name: "userName", Required: true, Max: 30, Doc: "all2pay:692"}, // likewise
		{Name: "password", Required: true, Max: 30, Doc: "all2pay:694"},
		{Name: "merchantLogin", Doc: "all2pay:696"},
		{Name: "orderNumber", Required: true, Max: 32, Pattern: orderNumber, Doc: "all2pay:722"}, // not in the table; in the sample (742)
		{Name: "pan", Required: true, Min: 12, Max: 19, Pattern: digits, Doc: "all2pay:698"},
		{Name: "month", Pattern: cardMonth, Doc: "all2pay:700"},
		{Name: "year", Pattern: cardYear, Doc: "all2pay:702"},
		{Name: "cvv", Required: true, Pattern: cardCVV, Doc: "all2pay:704"}, // the sample says cvc
		{Name: "cardholderName", Max: 26, Doc: "all2pay:706"},
		{Name: "clientId", Required: true, Max: clientIDLength, Doc: "all2pay:708"},
	},
}

var berekeFields = map[ModuleMethod]bank.Schema{
	PerformPayout:  berekePerform,
	RegisterPayout: berekeRegister,
	GetPayoutStatus: {
		{Name: "userName", Required: true, Max: 30, Doc: "bereke:421"},
		{Name: "password", Required: true, Max: 30, Doc: "bereke:422"},
		{Name: "orderNumber", Max: 32, Pattern: orderNumber, Doc: "bereke:425"},
		{Name: "orderId", Max: 36, Doc: "bereke:428"},
		{Name: "language", Pattern: language, Doc: "bereke:431"},
	},
	GetAmount: amountFields("bereke:148"),
}

var all2payPerform = bank.Schema{
	{Name: "userName", Required: true, Max: 30, Doc: "all2pay:302"},
	{Name: "password", Required: true, Max: 30, Doc: "all2pay:304"},
	{Name: "orderNumber", Required: true, Max: 32, Pattern: orderNumber, Doc: "all2pay:306"},
	{Name: "amount", Kind: bank.Integer, Required: true, Max: 12, Doc: "all2pay:308"},
	{Name: "currency", Required: true, Pattern: threeDigits, Doc: "all2pay:310"},
	{Name: "description", Max: 598, Doc: "all2pay:312"},
	{Name: "language", Pattern: language, Doc: "all2pay:314"},
	{Name: "merchantLogin", Doc: "all2pay:316"},
	{Name: "client", Kind: bank.Nested, Required: true, Doc: "all2pay:318", Fields: bank.Schema{
		{Name: "clientId", Max: clientIDLength, Doc: "all2pay:320"},
		{Name: "email", Max: 30, Pattern: email, Doc: "all2pay:322"},
		{Name: "phone", Pattern: tenDigits, Doc: "all2pay:324"},
		{Name: "name", Required: true, Max: 24, Doc: "all2pay:904"}, // optional in all2pay:327
	}},
	{Name: "source", Kind: bank.Nested, Doc: "all2pay:329", Fields: bank.Schema{
		{Name: "bindingId", Required: true, Doc: "all2pay:332"},
	}},
	{Name: "target", Kind: bank.Nested, Required: true, Doc: "all2pay:334", Fields: bank.Schema{
		{Name: "bindingId", Max: 255, Doc: "all2pay:336"},
		{Name: "pan", Min: 12, Max: 19, Pattern: digits, Doc: "all2pay:338"}, // the table says target.card.pan
		{Name: "seToken", Doc: "all2pay:340"},
		{Name: "phone", Pattern: sbpPhone, Doc: "all2pay:343"},
		{Name: "bankId", Pattern: sbpBank, Doc: "all2pay:346"},
		{Name: "lastName", Pattern: cyrillic, Doc: "all2pay:348"},
		{Name: "firstName", Pattern: cyrillic, Doc: "all2pay:350"},
		{Name: "middleName", Pattern: cyrillic, Doc: "all2pay:352"},
	}},
	{Name: "jsonParams", Kind: bank.Free, Doc: "all2pay:354"},
}

var berekePerform = bank.Schema{
	{Name: "userName", Required: true, Max: 30, Doc: "bereke:278"},
	{Name: "password", Required: true, Max: 30, Doc: "bereke:279"},
	{Name: "orderNumber", Required: true, Max: 32, Pattern: orderNumber, Doc: "bereke:282"},
	{Name: "amount", Kind: bank.Integer, Required: true, Max: 12, Doc: "bereke:285"},
	{Name: "currency", Required: true, Pattern: threeDigits, Doc: "bereke:288"},
	{Name: "description", Max: 598, Doc: "bereke:289"},
	{Name: "language", Pattern: language, Doc: "bereke:290"},
	{Name: "client", Kind: bank.Nested, Required: true, Doc: "bereke:291", Fields: bank.Schema{
		{Name: "clientId", Max: clientIDLength, Doc: "bereke:292"},
		{Name: "email", Max: 30, Pattern: email, Doc: "bereke:293"},
		{Name: "phone", Min: 10, Max: 15, Pattern: digits, Doc: "bereke:294"},
		{Name: "name", Required: true, Max: 24, Pattern: latin, Doc: "bereke:295"},
	}},
	{Name: "source", Kind: bank.Nested, Doc: "bereke:296", Fields: bank.Schema{
		{Name: "bindingId", Required: true, Doc: "bereke:297"},
	}},
	{Name: "target", Kind: bank.Nested, Required: true, Doc: "bereke:298", Fields: bank.Schema{
		{Name: "bindingId", Max: 255, Doc: "bereke:299"},
		{Name: "pan", Min: 12, Max: 19, Pattern: digits, Doc: "bereke:300"}, // the table says target.card.pan
	}},
	{Name: "jsonParams", Kind: bank.Free, Doc: "bereke:301"},
}

// all2payRegister has no target: the recipient names it on the page (all2pay:201).
var all2payRegister = bank.Schema{
	{Name: "userName", Required: true, Max: 30, Doc: "all2pay:205"},
	{Name: "password", Required: true, Max: 30, Doc: "all2pay:207"},
	{Name: "orderNumber", Required: true, Max: 32, Pattern: orderNumber, Doc: "all2pay:209"},
	{Name: "amount", Kind: bank.Integer, Required: true, Max: 12, Doc: "all2pay:211"},
	{Name: "currency", Required: true, Pattern: threeDigits, Doc: "all2pay:213"},
	{Name: "description", Max: 598, Doc: "all2pay:215"},
	{Name: "language", Pattern: language, Doc: "all2pay:217"},
	{Name: "sessionTimeoutSecs", Kind: bank.Integer, Max: 9, Doc: "all2pay:219"},
	{Name: "merchantLogin", Doc: "all2pay:221"},
	{Name: "client", Kind: bank.Nested, Required: true, Doc: "all2pay:223", Fields: bank.Schema{
		{Name: "clientId", Max: clientIDLength, Doc: "all2pay:225"},
		{Name: "email", Max: 30, Pattern: email, Doc: "all2pay:227"},
		{Name: "phone", Pattern: tenDigits, Doc: "all2pay:229"},
		{Name: "name", Required: true, Max: 24, Doc: "all2pay:904"}, // optional in all2pay:232
	}},
	{Name: "source", Kind: bank.Nested, Doc: "all2pay:234", Fields: bank.Schema{
		{Name: "bindingId", Required: true, Doc: "all2pay:237"},
	}},
	{Name: "urls", Kind: bank.Nested, Required: true, Doc: "all2pay:239", Fields: bank.Schema{
		{Name: "returnUrl", Required: true, Pattern: absolute, Doc: "all2pay:241"},
		{Name: "failUrl", Pattern: absolute, Doc: "all2pay:243"},
	}},
	{Name: "jsonParams", Kind: bank.Free, Doc: "all2pay:245"},
}

// berekeRegister has no source: bereke:195-219 lists none.
var berekeRegister = bank.Schema{
	{Name: "userName", Required: true, Max: 30, Doc: "bereke:196"},
	{Name: "password", Required: true, Max: 30, Doc: "bereke:197"},
	{Name: "orderNumber", Required: true, Max: 32, Pattern: orderNumber, Doc: "bereke:200"},
	{Name: "amount", Kind: bank.Integer, Required: true, Max: 12, Doc: "bereke:203"},
	{Name: "currency", Required: true, Pattern: threeDigits, Doc: "bereke:206"},
	{Name: "description", Max: 598, Doc: "bereke:207"},
	{Name: "language", Pattern: language, Doc: "bereke:208"},
	{Name: "client", Kind: bank.Nested, Required: true, Doc: "bereke:209", Fields: bank.Schema{
		{Name: "clientId", Max: clientIDLength, Doc: "bereke:210"},
		{Name: "email", Max: 30, Pattern: email, Doc: "bereke:211"},
		{Name: "phone", Min: 10, Max: 15, Pattern: digits, Doc: "bereke:212"},
		{Name: "name", Required: true, Max: 24, Pattern: latin, Doc: "bereke:213"},
	}},
	{Name: "sessionTimeoutSecs", Kind: bank.Integer, Max: 9, Doc: "bereke:214"},
	{Name: "urls", Kind: bank.Nested, Required: true, Doc: "bereke:215", Fields: bank.Schema{
		{Name: "returnUrl", Required: true, Pattern: absolute, Doc: "bereke:216"},
		{Name: "failUrl", Pattern: absolute, Doc: "bereke:217"},
	}},
	{Name: "jsonParams", Kind: bank.Free, Doc: "bereke:218"},
}

// amountFields are those of getAmount.do (bereke:148-151).
func amountFields(doc string) bank.Schema {
	return bank.Schema{
		{Name: "userName", Required: true, Max: 30, Doc: doc},
		{Name: "password", Required: true, Max: 30, Doc: doc},
		{Name: "source", Kind: bank.Nested, Doc: doc, Fields: bank.Schema{
			{Name: "bindingId", Required: true, Doc: doc},
		}},
	}
}
