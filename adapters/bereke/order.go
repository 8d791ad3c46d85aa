package bereke

import (
	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/internal/rbs"
)

// Order is what a request may say to Bereke alone: put it into
// [payout.Request.Options].
type Order struct {
	// SessionTimeoutSecs is how long the page of a [payout.HostedPage] stays open, in
	// seconds: "300" (bereke:214). Empty: 1200. Other destinations have no page.
	SessionTimeoutSecs string
}

var orderKind = payout.NewKind("bereke_order", "what a request says to Bereke alone",
	payout.Text(payout.Field{Name: "session_timeout_secs", Doc: "life of the payout page in seconds (bereke:214)", Check: rbs.Seconds, Mask: payout.CleanCode},
		func(o *Order) *string { return &o.SessionTimeoutSecs }),
)

// Kind implements [payout.Record].
func (Order) Kind() payout.Kind { return orderKind }
