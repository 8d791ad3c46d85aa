package all2pay

import (
	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/internal/rbs"
)

// Order is what a request may say to all2pay alone: put it into
// [payout.Request.Options].
type Order struct {
	// MerchantLogin is the child merchant in whose name this payout is made
	// (all2pay:222, 317). Empty: [Config.MerchantLogin]. Such an order may never be found
	// by its number, since a status request does not name the merchant (all2pay:496-508).
	MerchantLogin string
	// SessionTimeoutSecs is how long the page of a [payout.HostedPage] stays open, in
	// seconds: "300" (all2pay:220). Empty: 1200. Other destinations have no page.
	SessionTimeoutSecs string
}

var orderKind = payout.NewKind("all2pay_order", "what a request says to all2pay alone",
	payout.Text(payout.Field{Name: "merchant_login", Doc: "login of the child merchant (all2pay:317)", Mask: payout.CleanCode},
		func(o *Order) *string { return &o.MerchantLogin }),
	payout.Text(payout.Field{Name: "session_timeout_secs", Doc: "life of the payout page in seconds (all2pay:220)", Check: rbs.Seconds, Mask: payout.CleanCode},
		func(o *Order) *string { return &o.SessionTimeoutSecs }),
)

// Kind implements [payout.Record].
func (Order) Kind() payout.Kind { return orderKind }
