package rbs

import (
	"context"
	"net/http"
	"time"

	"github.com/payoutkit/payout"
)

// sessionTimeoutSecs is how long the page of a payout stays open if the request does
// not say: the bank's own default (all2pay:220, bereke:214). It is always sent, so
// that the end is known.
const sessionTimeoutSecs = 1200

// urls are where the bank's page sends the recipient's browser (all2pay:239-244,
// bereke:215-217).
type urls struct {
	ReturnURL string `json:"returnUrl,omitempty"`
	FailURL   string `json:"failUrl,omitempty"`
}

// register has the bank make a page on which the recipient enters a card
// (all2pay:199, bereke:191). No money moves before somebody does. The answer is the
// only one that ever holds the page's address: if it is lost, the order stands and
// nobody can act on it.
func (m *Module) register(ctx context.Context, req payout.Request, extra Order) (payout.Payout, error) {
	body, found := m.order(req, extra)
	body.URLs = &urls{ReturnURL: req.ReturnURL, FailURL: req.FailURL}
	if body.SessionTimeoutSecs == 0 {
		body.SessionTimeoutSecs = sessionTimeoutSecs
	}
	// The bank's session begins later: the page is open at least until then.
	expires := m.now().Add(time.Duration(body.SessionTimeoutSecs) * time.Second)
	var w answer
	a, err := m.post(ctx, m.dialect.Register, body, found, &w)
	if err != nil {
		return payout.Payout{}, err
	}
	if a.Status != http.StatusOK || w.ErrorCode.Value != success {
		if w.OrderID.Present { // absent if there is no order (all2pay:260)
			return payout.Payout{}, a.Error(payout.ErrOutcomeUnknown, w.ErrorCode.Value, "the answer's error contradicts the rest of it")
		}
		return m.judge(a, w, req.Reference)
	}
	p := payout.Payout{Reference: w.OrderNumber.Value, ProviderID: w.OrderID.Value}
	// Without an address there is an order on which nobody can act: its fate is asked for.
	if page := pageURL(w.FormURL.Value); !page.IsZero() {
		p.Status = payout.StatusActionRequired
		p.Action = payout.Action{URL: page, ExpiresAt: expires}
	}
	return p, nil
}
