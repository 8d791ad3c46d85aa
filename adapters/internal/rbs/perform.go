package rbs

import (
	"context"
	"errors"
	"net/http"

	"github.com/payoutkit/payout"
)

// target is exactly one of PAN, BindingID, SEToken, or the fields of SBP
// (all2pay:337). The card number stands in target.pan, as in the signed sample; the
// tables also call it target.card.pan.
type target struct {
	PAN        string `json:"pan,omitempty"`
	BindingID  string `json:"bindingId,omitempty"`
	SEToken    string `json:"seToken,omitempty"`
	Phone      string `json:"phone,omitempty"`
	BankID     string `json:"bankId,omitempty"`
	LastName   string `json:"lastName,omitempty"`
	FirstName  string `json:"firstName,omitempty"`
	MiddleName string `json:"middleName,omitempty"`
}

// Create implements [payout.Provider]: registerPayout.do for a page of the bank's,
// performPayout.do for everything else.
func (m *Module) Create(ctx context.Context, req payout.Request, extra Order) (payout.Payout, error) {
	if err := m.pays(req.Destination); err != nil {
		return payout.Payout{}, err
	}
	if _, ok := req.Destination.(payout.HostedPage); ok {
		return m.register(ctx, req, extra)
	}
	return m.perform(ctx, req, extra)
}

// perform makes a payout (all2pay:296, bereke:271).
func (m *Module) perform(ctx context.Context, req payout.Request, extra Order) (payout.Payout, error) {
	body, found := m.order(req, extra)
	body.Target = found.target(req)
	var w answer
	a, err := m.post(ctx, m.dialect.Perform, body, found, &w)
	if err != nil {
		return payout.Payout{}, err
	}
	if a.Status != http.StatusOK || w.ErrorCode.Value != success {
		p, err := m.judge(a, w, req.Reference)
		if body.Target.SEToken != "" && errors.Is(err, payout.ErrRefused) {
			m.keys.forget() // it may be the key that the bank does not take any more
		}
		return p, err
	}
	return m.payout(w), nil
}

// target is where the money goes.
func (f findings) target(req payout.Request) *target {
	switch to := req.Destination.(type) {
	case payout.Card:
		f.needed("target.pan", !to.Number.IsZero(), "is required")
		return &target{PAN: to.Number.Reveal()}
	case payout.SavedCard:
		f.needed("target.bindingId", to.ID != "", "is required")
		f.needed("client.clientId", req.Recipient.ID != "", "is required for a saved card")
		return &target{BindingID: to.ID}
	case payout.EncryptedCard:
		f.needed("target.seToken", !to.Token.IsZero(), "is required")
		return &target{SEToken: to.Token.Reveal()}
	case payout.SBP:
		phone, rule := russianMobile(to.Phone.Reveal())
		f.broken("target.phone", rule)
		f.needed("target.bankId", to.BankID != "", "is required")
		f.needed("target.lastName", !to.LastName.IsZero(), "is required")
		f.needed("target.firstName", !to.FirstName.IsZero(), "is required")
		return &target{
			Phone: phone, BankID: to.BankID,
			LastName: to.LastName.Reveal(), FirstName: to.FirstName.Reveal(), MiddleName: to.MiddleName.Reveal(),
		}
	default: // a kind that a dialect has and nobody has written down here: nothing may be sent
		f.broken("target.pan", "can't be made from a destination of this kind")
		return nil
	}
}
