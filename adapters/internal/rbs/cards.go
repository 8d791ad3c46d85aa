package rbs

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// opFindCard names FindCard in errors.
const opFindCard payout.Op = "find card"

// cardRequest is the body of createTargetBindingId.do and createSourceBindingId.do
// (all2pay:630-648, 689-709). The second one's table lacks orderNumber, which its
// example has and its answer copies (all2pay:722, 742).
type cardRequest struct {
	PAN            string `json:"pan"`
	OrderNumber    string `json:"orderNumber"`
	ClientID       string `json:"clientId"`
	CVV            string `json:"cvv,omitempty"`
	CVC            string `json:"cvc,omitempty"`
	Year           string `json:"year,omitempty"`
	Month          string `json:"month,omitempty"`
	CardholderName string `json:"cardholderName,omitempty"`
	MerchantLogin  string `json:"merchantLogin,omitempty"`
	credentials
}

// card translates what both methods take.
func (m *Module) card(req payout.SaveCardRequest) (cardRequest, findings) {
	found := findings{}
	found.needed("orderNumber", req.Reference != "", "is required")
	out := cardRequest{
		PAN: req.Card.Number.Reveal(), OrderNumber: req.Reference, ClientID: req.OwnerID,
		CardholderName: req.Card.Holder.Reveal(), credentials: m.credentials(),
	}
	if !req.Card.Expiry.IsZero() {
		month := req.Card.Expiry.Reveal()
		if _, err := time.Parse("2006-01", month); err != nil {
			found.broken("year", "must be a month as YYYY-MM")
		}
		out.Year, out.Month, _ = strings.Cut(month, "-")
	}
	return out, found
}

// SaveCard implements [payout.CardSaver] by createTargetBindingId.do (all2pay:629).
// It takes no CVV, and none is sent.
func (m *Module) SaveCard(ctx context.Context, req payout.SaveCardRequest) (payout.CardSaved, error) {
	body, found := m.card(req)
	return m.save(ctx, m.dialect.SaveTarget, body, found)
}

// SaveSourceCard implements [payout.SourceCardSaver] by createSourceBindingId.do
// (all2pay:687).
func (m *Module) SaveSourceCard(ctx context.Context, req payout.SaveCardRequest) (payout.CardSaved, error) {
	body, found := m.card(req)
	body.MerchantLogin = m.merchant
	// The table calls it cvv, the example cvc (all2pay:704, 743).
	found.needed("cvv", !req.CVV.IsZero(), "is required")
	if m.cvc {
		body.CVC = req.CVV.Reveal()
	} else {
		body.CVV = req.CVV.Reveal()
	}
	return m.save(ctx, m.dialect.SaveSource, body, found)
}

func (m *Module) save(ctx context.Context, method Method, body cardRequest, found findings) (payout.CardSaved, error) {
	var w answer
	a, err := m.post(ctx, method, body, found, &w)
	if err != nil {
		return payout.CardSaved{}, err
	}
	// The first answer of two has a page, and no errorCode in its table (all2pay:712-722).
	if a.Status != http.StatusOK || w.ErrorCode.Value != success && (w.ErrorCode.Present || !w.page()) {
		return payout.CardSaved{}, m.unsaved(a, w, body.OrderNumber)
	}
	if w.ClientID.Present && w.ClientID.Value != body.ClientID {
		return payout.CardSaved{}, a.Unknown("the answer is about another client's card")
	}
	return w.card(w.BindingID), nil
}

// unsaved decides by the table what an error answer proves. A row that declines a
// payout for its card says that the bank does not take this card.
func (m *Module) unsaved(a provider.Answer, w answer, orderNumber string) error {
	verdict, listed := m.dialect.Errors[Pair{a.Status, w.ErrorCode.Value}]
	switch {
	case !listed, w.OrderNumber.Present && w.OrderNumber.Value != orderNumber, w.BindingID.Present, w.page():
		return a.Error(payout.ErrOutcomeUnknown, w.ErrorCode.Value, "the answer does not say whether the card was saved")
	case verdict.Reason == payout.ReasonDestinationInvalid, verdict.Reason == payout.ReasonDestinationRestricted:
		return a.Error(payout.ErrRefused, w.ErrorCode.Value, "the bank does not take this card")
	default:
		return a.Error(verdict.Kind, w.ErrorCode.Value, "")
	}
}

// FindCard asks by getPayoutStatus.do what became of a card that was to be saved
// (all2pay:638).
func (m *Module) FindCard(ctx context.Context, reference string) (payout.CardSaved, error) {
	if rule := m.info.Reference.Check(reference); rule != "" {
		return payout.CardSaved{}, m.named(opFindCard, provider.Invalid(payout.Violation{Field: "reference", Rule: rule, Doc: m.info.Reference.Doc}))
	}
	w, err := m.ask(ctx, question{OrderNumber: reference}, reference)
	if err != nil {
		return payout.CardSaved{}, m.named(opFindCard, err)
	}
	refusal := &payout.Error{HTTPStatus: http.StatusOK}
	switch {
	case w.OrderNumber.Value != reference, w.credited():
		refusal.Detail = "the answer is about another order, or about a payout"
		return payout.CardSaved{}, m.named(opFindCard, refusal)
	case statuses[w.OrderStatus.Value] == payout.StatusFailed && !w.page():
		refusal.Code, refusal.Detail = payout.CleanCode(w.ActionCode.Value), "the answer does not say whether the card was saved"
		if w.failed() {
			refusal.Kind, refusal.Detail = payout.ErrRefused, "the card was not saved"
		}
		return payout.CardSaved{}, m.named(opFindCard, refusal)
	}
	id := w.BindingID
	if !id.Present && w.savesCard() { // where a payout's own cards stand
		id = provider.Text{Value: cmp.Or(w.Target.BindingID.Value, w.Source.BindingID.Value)}
	}
	return w.card(id), nil
}

// card is what an answer says of a card. Its identifier is none while the owner has
// to act.
func (w answer) card(id provider.Text) payout.CardSaved {
	s := payout.CardSaved{Reference: w.OrderNumber.Value, ProviderID: identifier(cmp.Or(w.OrderID.Value, w.MDOrder.Value))}
	if masked := cmp.Or(w.MaskedPAN.Value, w.Target.MaskedPAN.Value, w.Source.MaskedPAN.Value); masked != "" {
		s.Masked = payout.MaskCardNumber(masked)
	}
	if w.page() {
		s.Action.URL = w.pageURL()
	} else {
		s.ID = identifier(id.Value)
	}
	return s
}

// identifier returns what a bank calls one, or "" if it is free text: no Client looks at
// what FindCard returns.
func identifier(text string) string {
	if len(text) > maxID || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return text
}
