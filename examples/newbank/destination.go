package newbank

import (
	"strings"

	"github.com/payoutkit/payout"
)

// MobileWallet is a wallet that is kept by a mobile operator, by its number.
type MobileWallet struct {
	Operator string        // the operator's short name, such as "demotel"
	Number   payout.Secret // digits with the country's prefix, no plus: "21620123456"
}

var mobileWalletKind = payout.NewKind("mobile_wallet", "a wallet at a mobile operator, by its number",
	payout.Text(payout.Field{Name: "operator", Doc: "the operator's short name", Required: true, Max: 12, Mask: payout.CleanCode},
		func(w *MobileWallet) *string { return &w.Operator }),
	payout.Hidden(payout.Field{Name: "number", Doc: "digits with the country's prefix, no plus", Required: true, Check: checkNumber, Mask: lastTwo},
		func(w *MobileWallet) *payout.Secret { return &w.Number }),
)

// Kind implements [payout.Record].
func (MobileWallet) Kind() payout.Kind { return mobileWalletKind }

func checkNumber(text string) (rule string) { // newbank:16
	if len(text) < 11 || len(text) > 12 || strings.Trim(text, "0123456789") != "" {
		return "must be 11 or 12 digits, with the country's prefix and no plus"
	}
	return ""
}

// lastTwo is also given texts that no check has seen: a short one would be shown whole.
func lastTwo(text string) string {
	if len(text) < 11 {
		return "******"
	}
	return "******" + text[len(text)-2:]
}
