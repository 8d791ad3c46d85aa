package connpay_test

import (
	"fmt"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
)

// row is one row of the document's table (connpay:18-183).
type row struct {
	name string // the document's
	max  int    // its length; 0: the document has none, or what it is of can't be that long
	line int    // where the document says so

	to  payout.Destination // what to start from; nil: an account
	set func(*payout.Request, string)

	good, wire string // a value of ours, and the bytes on the wire

	field, bad, rule string // how a value is refused, and under which name of ours
	refusal          string // all of it, where it is about more than this parameter
}

const expiry = "destination.expiry: must be a month as YYYY-MM (expire_month and expire_year) (connpay:67-72)"

// rows is the table, in the document's order. Of it nothing is left out.
var rows = []row{
	{
		name: "client_orderid", line: 20, max: 128, set: func(r *payout.Request, v string) { r.Reference = v },
		good: "inv-2034_12.7", wire: "inv-2034_12.7",
		field: "reference", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "amount", line: 23, set: func(r *payout.Request, v string) { r.Amount = payout.MustMoney(v + " USD") },
		good: "10.5", wire: "10.50", // 10 dollars 50 cents (connpay:22)
		field: "amount", bad: "10000000.00", rule: "must be at most 10 characters",
	},
	{
		name: "currency", line: 26, set: func(r *payout.Request, v string) { r.Amount = payout.MustMoney("10.42 " + v) },
		good: "USD", wire: "USD",
		field: "amount", bad: "EUR", rule: "must be in a currency of this endpoint",
	},
	{
		name: "order_desc", line: 29, max: 64, set: func(r *payout.Request, v string) { r.Description = v },
		good: "Bonus & more, 1+1=2", wire: "Bonus%20%26%20more%2C%201%2B1%3D2",
		field: "description", bad: letters(65), rule: "must be at most 64 characters",
	},
	{
		name: "ipaddress", line: 32, set: order(func(o *connpay.Order, v string) { o.IPAddress = s(v) }),
		good: "2001:db8::7", wire: "2001%3Adb8%3A%3A7",
		field: "options.connpay_order.ipaddress", bad: "192.0.2.256", rule: "must be an IPv4 or IPv6 address",
	},
	{
		name: "purpose", line: 35, max: 128, set: order(func(o *connpay.Order, v string) { o.Purpose = v }),
		good: "Возврат", wire: "%D0%92%D0%BE%D0%B7%D0%B2%D1%80%D0%B0%D1%82",
		field: "options.connpay_order.purpose", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "server_callback_url", line: 38, set: func(r *payout.Request, v string) { r.CallbackURL = v },
		good: "https://platform.example/connpay?tenant=1", wire: "https%3A%2F%2Fplatform.example%2Fconnpay%3Ftenant%3D1",
		field: "callback_url", bad: "https://a.example/" + letters(111), rule: "must be at most 128 characters",
	},
	{
		name: "redirect_url", line: 46, set: func(r *payout.Request, v string) { r.ReturnURL = v },
		good: "https://doc.connpay.com/", wire: "https%3A%2F%2Fdoc.connpay.com%2F", // connpay:44
		field: "return_url", bad: "https://a.example/" + letters(111), rule: "must be at most 128 characters",
	},
	{
		name: "redirect_success_url", line: 53,
		set:  func(r *payout.Request, v string) { r.ReturnURL, r.FailURL = v, "https://platform.example/no" },
		good: "https://platform.example/yes", wire: "https%3A%2F%2Fplatform.example%2Fyes",
		field: "return_url", bad: "https://a.example/" + letters(1007), rule: "must be at most 1024 characters",
	},
	{
		name: "redirect_fail_url", line: 60,
		set:  func(r *payout.Request, v string) { r.ReturnURL, r.FailURL = "https://platform.example/yes", v },
		good: "https://platform.example/no", wire: "https%3A%2F%2Fplatform.example%2Fno",
		field: "fail_url", bad: "https://a.example/" + letters(1007), rule: "must be at most 1024 characters",
	},
	{
		name: "credit_card_number", line: 63, to: toCard, set: to(func(c *payout.Card, v string) { c.Number = s(v) }),
		good: "5555555555554444", wire: "5555555555554444",
		field: "destination.number", bad: "4111-1111-1111-1111", rule: "must be digits only",
	},
	{
		name: "card_printed_name", line: 66, max: 128, to: toCard, set: to(func(c *payout.Card, v string) { c.Holder = s(v) }),
		good: "JAN O'NEIL", wire: "JAN%20O%27NEIL",
		field: "destination.holder", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "expire_month", line: 69, to: toCard, set: to(func(c *payout.Card, v string) { c.Expiry = s(v) }),
		good: "2034-03", wire: "03",
		field: "destination.expiry", bad: "2034-13", refusal: expiry,
	},
	{
		name: "expire_year", line: 72, to: toCard, set: to(func(c *payout.Card, v string) { c.Expiry = s(v) }),
		good: "2034-03", wire: "2034",
		field: "destination.expiry", bad: "34-03", refusal: expiry,
	},
	{
		name: "cvv2", line: 75, to: toCard, set: order(func(o *connpay.Order, v string) { o.CVV2 = s(v) }),
		good: "0123", wire: "0123",
		field: "options.connpay_order.cvv2", bad: "12", rule: "must be at least 3 characters",
	},
	{
		name: "account_number", line: 78, max: 32, set: to(func(a *payout.BankAccount, v string) { a.Number = s(v) }),
		good: "DE89370400440532013000", wire: "DE89370400440532013000",
		field: "destination.number", bad: letters(33), rule: "must be at most 32 characters",
	},
	{
		name: "account_name", line: 81, max: 128, set: to(func(a *payout.BankAccount, v string) { a.Name = s(v) }),
		good: "Ján Novák", wire: "J%C3%A1n%20Nov%C3%A1k",
		field: "destination.name", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "ewallet_type", line: 84, max: 64, to: toWallet, set: to(func(w *payout.Wallet, v string) { w.System = v }),
		good: "PAYER~1", wire: "PAYER~1",
		field: "destination.system", bad: letters(65), rule: "must be at most 64 characters",
	},
	{
		name: "ewallet_wallet", line: 87, max: 128, to: toWallet, set: to(func(w *payout.Wallet, v string) { w.ID = s(v) }),
		good: "jan@example.com", wire: "jan%40example.com",
		field: "destination.id", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "crypto_wallet_address", line: 90, max: 64, to: toCrypto, set: to(func(w *payout.CryptoWallet, v string) { w.Address = s(v) }),
		good: "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", wire: "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
		field: "destination.address", bad: letters(65), rule: "must be at most 64 characters",
	},
	{
		name: "bank_name", line: 93, max: 255, set: to(func(a *payout.BankAccount, v string) { a.BankName = v }),
		good: "Bank \"A\"", wire: "Bank%20%22A%22",
		field: "destination.bank_name", bad: letters(256), rule: "must be at most 255 characters",
	},
	{
		name: "bank_branch", line: 96, max: 255, set: to(func(a *payout.BankAccount, v string) { a.BankBranch = v }),
		good: "Branch (7)", wire: "Branch%20%287%29",
		field: "destination.bank_branch", bad: letters(256), rule: "must be at most 255 characters",
	},
	{
		name: "bank_code", line: 99, max: 32, set: to(func(a *payout.BankAccount, v string) { a.BankCode = v }),
		good: "044525225", wire: "044525225",
		field: "destination.bank_code", bad: letters(33), rule: "must be at most 32 characters",
	},
	{
		name: "bank_city", line: 102, max: 128, set: to(func(a *payout.BankAccount, v string) { a.BankCity = v }),
		good: "北京", wire: "%E5%8C%97%E4%BA%AC",
		field: "destination.bank_city", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "bank_address1", line: 105, max: 255, set: to(func(a *payout.BankAccount, v string) { a.BankAddress = v }),
		good: "Street 1/2", wire: "Street%201%2F2",
		field: "destination.bank_address", bad: letters(256), rule: "must be at most 255 characters",
	},
	{
		name: "bank_zip_code", line: 108, max: 255, set: to(func(a *payout.BankAccount, v string) { a.BankZIP = v }),
		good: "SW1A 1AA", wire: "SW1A%201AA",
		field: "destination.bank_zip", bad: letters(256), rule: "must be at most 255 characters",
	},
	{
		name: "bank_province", line: 111, max: 255, set: to(func(a *payout.BankAccount, v string) { a.BankProvince = v }),
		good: "Hebei", wire: "Hebei",
		field: "destination.bank_province", bad: letters(256), rule: "must be at most 255 characters",
	},
	{
		name: "bank_area", line: 114, max: 255, set: to(func(a *payout.BankAccount, v string) { a.BankArea = v }),
		good: "Area 51", wire: "Area%2051",
		field: "destination.bank_area", bad: letters(256), rule: "must be at most 255 characters",
	},
	{
		name: "routing_number", line: 117, max: 16, set: to(func(a *payout.BankAccount, v string) { a.RoutingNumber = v }),
		good: "15", wire: "15", // connpay:216
		field: "destination.routing_number", bad: letters(17), rule: "must be at most 16 characters",
	},
	{
		name: "legal_person_name", line: 120, max: 128, set: order(func(o *connpay.Order, v string) { o.LegalPersonName = s(v) }),
		good: "ООО «А»", wire: "%D0%9E%D0%9E%D0%9E%20%C2%AB%D0%90%C2%BB",
		field: "options.connpay_order.legal_person_name", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "legal_person_document_number", line: 123, max: 128, set: order(func(o *connpay.Order, v string) { o.LegalPersonDocumentNumber = s(v) }),
		good: "1027700132195", wire: "1027700132195",
		field: "options.connpay_order.legal_person_document_number", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "receiver_first_name", line: 126, max: 128, set: func(r *payout.Request, v string) { r.Recipient.FirstName = s(v) },
		good: "Anne-Marie", wire: "Anne-Marie",
		field: "recipient.first_name", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "receiver_last_name", line: 129, max: 128, set: func(r *payout.Request, v string) { r.Recipient.LastName = s(v) },
		good: "O'Neil", wire: "O%27Neil",
		field: "recipient.last_name", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "receiver_birthday", line: 132, set: func(r *payout.Request, v string) { r.Recipient.BirthDate = s(v) },
		good: "1990-02-01", wire: "19900201",
		field: "recipient.birth_date", bad: "01.02.1990", rule: "must be a date as YYYY-MM-DD",
	},
	{
		name: "receiver_country_code", line: 135, set: func(r *payout.Request, v string) { r.Recipient.Address.Country = v },
		good: "US", wire: "US",
		field: "recipient.country", bad: "USA!", rule: "must be at most 3 characters",
	},
	{
		name: "receiver_state", line: 138, max: 4, set: func(r *payout.Request, v string) { r.Recipient.Address.State = v },
		good: "CA", wire: "CA",
		field: "recipient.state", bad: "Texas", rule: "must be at most 4 characters",
	},
	{
		name: "receiver_city", line: 141, max: 128, set: func(r *payout.Request, v string) { r.Recipient.Address.City = s(v) },
		good: "São Paulo", wire: "S%C3%A3o%20Paulo",
		field: "recipient.city", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "receiver_zip_code", line: 144, max: 32, set: func(r *payout.Request, v string) { r.Recipient.Address.ZIP = s(v) },
		good: "01234", wire: "01234",
		field: "recipient.zip", bad: "SW1A 1AA", rule: "must be digits only",
	},
	{
		name: "receiver_address1", line: 147, max: 256, set: func(r *payout.Request, v string) { r.Recipient.Address.Street = s(v) },
		good: "Main St. #7, 50%", wire: "Main%20St.%20%237%2C%2050%25",
		field: "recipient.street", bad: letters(257), rule: "must be at most 256 characters",
	},
	{
		name: "receiver_phone", line: 150, max: 32, set: func(r *payout.Request, v string) { r.Recipient.Phone = s(v) },
		good: "+421901123456", wire: "421901123456", // Numeric: no plus
		field: "recipient.phone", bad: "+421 901 123456", rule: "must be digits only",
	},
	{
		name: "receiver_email", line: 153, set: func(r *payout.Request, v string) { r.Recipient.Email = s(v) },
		good: "jan+pay@example.com", wire: "jan%2Bpay%40example.com",
		field: "recipient.email", bad: "a@" + letters(127), rule: "must be at most 128 characters",
	},
	{
		name: "receiver_identity_document_id", line: 156, max: 128, set: order(func(o *connpay.Order, v string) { o.IdentityDocumentID = s(v) }),
		good: "21", wire: "21",
		field: "options.connpay_order.receiver_identity_document_id", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "receiver_identity_document_number", line: 159, max: 128, set: order(func(o *connpay.Order, v string) { o.IdentityDocumentNumber = s(v) }),
		good: "45 08 123456", wire: "45%2008%20123456",
		field: "options.connpay_order.receiver_identity_document_number", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "merchant_data", line: 162, set: func(r *payout.Request, v string) {
			r.Metadata = map[string]string{"campaign": v}
			for i := range len(v) / 1000 * 64 {
				r.Metadata[fmt.Sprintf("more-%02d", i)] = v
			}
		},
		good: "spring <50%>", wire: "%7B%22campaign%22%3A%22spring%20%3C50%25%3E%22%7D",
		field: "metadata", bad: letters(1010), rule: "must be at most 65536 characters",
	},
	{
		name: "bank_bic", line: 165, max: 128, set: to(func(a *payout.BankAccount, v string) { a.BIC = v }),
		good: "COBADEFF", wire: "COBADEFF",
		field: "destination.bic", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "receiver_inn", line: 168, max: 128, set: order(func(o *connpay.Order, v string) { o.INN = s(v) }),
		good: "500100732259", wire: "500100732259",
		field: "options.connpay_order.receiver_inn", bad: letters(129), rule: "must be at most 128 characters",
	},
	{
		name: "customer_level", line: 171, max: 32, set: order(func(o *connpay.Order, v string) { o.CustomerLevel = v }),
		good: "VIP", wire: "VIP",
		field: "options.connpay_order.customer_level", bad: letters(33), rule: "must be at most 32 characters",
	},
	{
		name: "customer_id", line: 174, max: 10, set: order(func(o *connpay.Order, v string) { o.CustomerID = v }),
		good: "2147483647", wire: "2147483647",
		field: "options.connpay_order.customer_id", bad: "-7", rule: "must be digits only",
	},
	{
		name: "merchant_customer_identifier", line: 177, max: 64, set: order(func(o *connpay.Order, v string) { o.MerchantCustomerID = v }),
		good: "user:7/b", wire: "user%3A7%2Fb",
		field: "options.connpay_order.merchant_customer_identifier", bad: letters(65), rule: "must be at most 64 characters",
	},
	{
		name: "card_recurring_payment_id", line: 180, to: toToken, set: to(func(c *payout.SavedCard, v string) { c.ID = v }),
		good: "9223372036854775807", wire: "9223372036854775807",
		field: "destination.id", bad: "9223372036854775808", rule: "must be a whole number that fits in 64 bits",
	},
	{
		name: "recurring-payment-id", line: 183, to: toToken, set: to(func(c *payout.SavedCard, v string) { c.ID = v }),
		good: "1001", wire: "1001",
		field: "destination.id", bad: "83309cde-a56d", rule: "must be a whole number that fits in 64 bits",
	},
}
