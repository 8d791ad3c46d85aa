package sandbox

import (
	"regexp"

	"github.com/payoutkit/payout/sandbox/bank"
)

var (
	majorUnits = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]+)?$`) // connpay:22: highest units, a dot
	capitals   = regexp.MustCompile(`^[A-Z]{3}$`)
	month      = regexp.MustCompile(`^(0[1-9]|1[0-2])$`)
	year       = regexp.MustCompile(`^20[0-9]{2}$`)
)

// connPayPayout is the whole table of request parameters (connpay:14-183). Numeric
// fields but the amount are digits only. A Long has at most 19 digits, see connPayRule.
// That a card number has 12 digits or more is invented.
var connPayPayout = bank.Schema{
	{Name: "client_orderid", Required: true, Max: 128, Doc: "connpay:18"},
	{Name: "amount", Kind: bank.Numeric, Required: true, Max: 10, Pattern: majorUnits, Doc: "connpay:21"},
	{Name: "currency", Required: true, Min: 3, Max: 3, Pattern: capitals, Doc: "connpay:24"},
	{Name: "order_desc", Max: 64, Doc: "connpay:27"},
	{Name: "ipaddress", Min: 7, Max: 45, Doc: "connpay:30"},
	{Name: "purpose", Max: 128, Doc: "connpay:33"},
	{Name: "server_callback_url", Max: 128, Doc: "connpay:36"},
	{Name: "redirect_url", Max: 128, Doc: "connpay:39"},
	{Name: "redirect_success_url", Max: 1024, Doc: "connpay:47"},
	{Name: "redirect_fail_url", Max: 1024, Doc: "connpay:54"},
	{Name: "credit_card_number", Kind: bank.Integer, Min: 12, Max: 20, Doc: "connpay:61"},
	{Name: "card_printed_name", Max: 128, Doc: "connpay:64"},
	{Name: "expire_month", Kind: bank.Integer, Max: 2, Pattern: month, Doc: "connpay:67"},
	{Name: "expire_year", Kind: bank.Integer, Max: 4, Pattern: year, Doc: "connpay:70"},
	{Name: "cvv2", Kind: bank.Integer, Min: 3, Max: 4, Doc: "connpay:73"},
	{Name: "account_number", Max: 32, Doc: "connpay:76"},
	{Name: "account_name", Max: 128, Doc: "connpay:79"},
	{Name: "ewallet_type", Max: 64, Doc: "connpay:82"},
	{Name: "ewallet_wallet", Max: 128, Doc: "connpay:85"},
	{Name: "crypto_wallet_address", Max: 64, Doc: "connpay:88"},
	{Name: "bank_name", Max: 255, Doc: "connpay:91"},
	{Name: "bank_branch", Max: 255, Doc: "connpay:94"},
	{Name: "bank_code", Max: 32, Doc: "connpay:97"},
	{Name: "bank_city", Max: 128, Doc: "connpay:100"},
	{Name: "bank_address1", Max: 255, Doc: "connpay:103"},
	{Name: "bank_zip_code", Max: 255, Doc: "connpay:106"},
	{Name: "bank_province", Max: 255, Doc: "connpay:109"},
	{Name: "bank_area", Max: 255, Doc: "connpay:112"},
	{Name: "routing_number", Max: 16, Doc: "connpay:115"},
	{Name: "legal_person_name", Max: 128, Doc: "connpay:118"},
	{Name: "legal_person_document_number", Max: 128, Doc: "connpay:121"},
	{Name: "receiver_first_name", Max: 128, Doc: "connpay:124"},
	{Name: "receiver_last_name", Max: 128, Doc: "connpay:127"},
	{Name: "receiver_birthday", Kind: bank.Integer, Max: 30, Doc: "connpay:130"},
	{Name: "receiver_country_code", Max: 3, Doc: "connpay:133"},
	{Name: "receiver_state", Max: 4, Doc: "connpay:136"},
	{Name: "receiver_city", Max: 128, Doc: "connpay:139"},
	{Name: "receiver_zip_code", Kind: bank.Integer, Max: 32, Doc: "connpay:142"},
	{Name: "receiver_address1", Max: 256, Doc: "connpay:145"},
	{Name: "receiver_phone", Kind: bank.Integer, Max: 128, Doc: "connpay:148"},
	{Name: "receiver_email", Max: 128, Doc: "connpay:151"},
	{Name: "receiver_identity_document_id", Max: 128, Doc: "connpay:154"},
	{Name: "receiver_identity_document_number", Max: 128, Doc: "connpay:157"},
	{Name: "merchant_data", Max: 65536, Doc: "connpay:160"},
	{Name: "bank_bic", Max: 128, Doc: "connpay:163"},
	{Name: "receiver_inn", Max: 128, Doc: "connpay:166"},
	{Name: "customer_level", Max: 32, Doc: "connpay:169"},
	{Name: "customer_id", Kind: bank.Integer, Max: 10, Doc: "connpay:172"},
	{Name: "merchant_customer_identifier", Max: 64, Doc: "connpay:175"},
	{Name: "card_recurring_payment_id", Kind: bank.Integer, Max: 19, Doc: "connpay:178"},
	{Name: "recurring-payment-id", Kind: bank.Integer, Max: 19, Doc: "connpay:181"},
}
