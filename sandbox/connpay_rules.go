package sandbox

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"

	"github.com/payoutkit/payout/sandbox/bank"
)

// connPayAliases are the other names under which receiver_* may be sent (connpay:125-158).
var connPayAliases = map[string]string{
	"receiver_first_name":               "first_name",
	"receiver_last_name":                "last_name",
	"receiver_birthday":                 "birthday",
	"receiver_country_code":             "country",
	"receiver_state":                    "state",
	"receiver_city":                     "city",
	"receiver_zip_code":                 "zip_code",
	"receiver_address1":                 "address1",
	"receiver_phone":                    "phone",
	"receiver_email":                    "email",
	"receiver_identity_document_id":     "identity_document_id",
	"receiver_identity_document_number": "identity_document_number",
}

// withAliases is a table with the other names in it.
func withAliases(s bank.Schema) bank.Schema {
	all := slices.Clone(s)
	for _, f := range s {
		if alias, ok := connPayAliases[f.Name]; ok {
			f.Name = alias
			all = append(all, f)
		}
	}
	return all
}

// given returns a parameter's value, under whichever name it was sent.
func given(v bank.Values, name string) string {
	if text := v.Text(name); text != "" {
		return text
	}
	return v.Text(connPayAliases[name])
}

// connPayDestinations are the parameters of which a payout needs exactly one.
var connPayDestinations = []string{
	"credit_card_number", "account_number", "ewallet_wallet", "crypto_wallet_address",
	"card_recurring_payment_id", "recurring-payment-id",
}

// destination returns the parameter that says where a payout goes, and its value.
func destination(v bank.Values) (name, to string) {
	i := slices.IndexFunc(connPayDestinations, func(name string) bool { return v.Text(name) != "" })
	if i < 0 {
		return "", ""
	}
	return connPayDestinations[i], v.Text(connPayDestinations[i])
}

// connPayRule returns the first rule between parameters, or about one, that a payout
// breaks and the table can't say; or "".
func connPayRule(v bank.Values) (parameter, rule string) {
	for _, f := range connPayPayout {
		if alias, ok := connPayAliases[f.Name]; ok && v.Has(alias) && v.Has(f.Name) {
			return f.Name, "is given twice, as " + alias + " too"
		}
	}
	for _, check := range []func(bank.Values) (string, string){addressRule, cardRule, destinationRule} {
		if parameter, rule = check(v); rule != "" {
			return parameter, rule
		}
	}
	return "", ""
}

// addressRule is about what points somewhere in the network.
func addressRule(v bank.Values) (parameter, rule string) {
	for _, name := range []string{"server_callback_url", "redirect_url", "redirect_success_url", "redirect_fail_url"} {
		if u, err := url.Parse(v.Text(name)); v.Text(name) != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			return name, "is not a URL"
		}
	}
	_, err := netip.ParseAddr(v.Text("ipaddress"))
	success, bad := v.Has("redirect_success_url"), v.Has("redirect_fail_url")
	switch {
	case v.Text("ipaddress") != "" && err != nil:
		return "ipaddress", "is not an address (connpay:31)"
	case v.Has("redirect_url") && (success || bad):
		return "redirect_url", "can't be given together with redirect_success_url and redirect_fail_url (connpay:44)"
	case success && !bad:
		return "redirect_fail_url", "is required beside redirect_success_url (connpay:51)"
	case bad && !success:
		return "redirect_success_url", "is required beside redirect_fail_url (connpay:58)"
	}
	return "", ""
}

// cardRule is about cards and what stands for one.
func cardRule(v bank.Values) (parameter, rule string) {
	for _, name := range []string{"card_recurring_payment_id", "recurring-payment-id"} {
		text := v.Text(name)
		if text == "" {
			continue
		}
		if _, err := strconv.ParseInt(text, 10, 64); err != nil {
			return name, "has the wrong type: a Long ends at 9223372036854775807 (connpay:180)"
		}
		for _, own := range []string{"credit_card_number", "card_printed_name", "expire_month", "expire_year"} {
			if v.Has(own) {
				return name, "can't be given together with the card's own fields (connpay:179)"
			}
		}
	}
	token := v.Text("card_recurring_payment_id") + v.Text("recurring-payment-id")
	pan := v.Text("credit_card_number")
	month, year := v.Text("expire_month"), v.Text("expire_year")
	switch {
	case pan != "" && !bank.Luhn(pan):
		return "credit_card_number", "has a wrong check digit"
	case pan == "" && (v.Text("card_printed_name") != "" || month != "" || year != "" || token == "" && v.Text("cvv2") != ""):
		return "credit_card_number", "is required beside the card's other fields (connpay:179)"
	case month != "" && year == "":
		return "expire_year", "is required beside expire_month (connpay:179)"
	case month == "" && year != "":
		return "expire_month", "is required beside expire_year (connpay:179)"
	}
	return "", ""
}

// destinationRule is that a payout has one destination, and a whole one.
func destinationRule(v bank.Values) (parameter, rule string) {
	number := 0
	for _, name := range connPayDestinations {
		if v.Text(name) != "" {
			number++
		}
	}
	switch {
	case number != 1:
		return "account_number", "or another destination is required, and only one"
	case v.Text("ewallet_wallet") != "" && v.Text("ewallet_type") == "":
		return "ewallet_type", "is required (connpay:82)"
	case v.Text("ewallet_wallet") == "" && v.Text("ewallet_type") != "":
		return "ewallet_wallet", "is required beside ewallet_type (connpay:85)"
	}
	return "", ""
}
