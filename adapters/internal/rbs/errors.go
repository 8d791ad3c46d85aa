package rbs

import (
	"net/http"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// Pair is what an answer is classed by. HTTP 200 can be a refusal, and 98, 204 and
// 400 are codes as well as, or under, other HTTP statuses.
type Pair struct {
	HTTP int
	Code string
}

// Verdict is what a listed pair proves about a payout: an error of a kind, or, if
// Reason is set, that the payout failed for it.
type Verdict struct {
	Kind   payout.ErrorKind
	Reason payout.Reason
}

// CommonErrors are the rows that both documents list and that prove something about
// a payout that was just sent. What they list as 91 or 99, or under 5xx in general,
// does not: "Please check order status manually" (all2pay:908).
func CommonErrors() map[Pair]Verdict {
	return map[Pair]Verdict{
		{http.StatusBadRequest, "98"}:   {Kind: payout.ErrRefused},                 // all2pay:893-905, bereke:577-587
		{http.StatusUnauthorized, "90"}: {Kind: payout.ErrUnauthorized},            // all2pay:906, 910, bereke:588
		{http.StatusBadGateway, "204"}:  {Reason: payout.ReasonDestinationInvalid}, // all2pay:918-919, bereke:598-599
		{http.StatusBadGateway, "400"}:  {Reason: payout.ReasonDestinationInvalid}, // all2pay:920, bereke:600
		{http.StatusBadGateway, "98"}:   {Reason: payout.ReasonDestinationInvalid}, // all2pay:921, bereke:601
	}
}

// DeclinesInOK are refusals for a business reason under HTTP 200, which only
// all2pay's document lists (all2pay:890-892).
func DeclinesInOK() map[Pair]Verdict {
	return map[Pair]Verdict{
		{http.StatusOK, "116"}: {Reason: payout.ReasonInsufficientFunds},
		{http.StatusOK, "121"}: {Reason: payout.ReasonLimitExceeded},
		{http.StatusOK, "902"}: {Reason: payout.ReasonDestinationRestricted},
	}
}

// judge decides by the table what an error answer to performPayout or registerPayout
// proves. Of a registration it proves more than it says: whoever did not get a page's
// address has nothing that somebody could be paid by.
func (m *Module) judge(a provider.Answer, w answer, orderNumber string) (payout.Payout, error) {
	verdict, listed := m.dialect.Errors[Pair{a.Status, w.ErrorCode.Value}]
	switch {
	case !listed:
		return payout.Payout{}, a.Error(payout.ErrOutcomeUnknown, w.ErrorCode.Value, "the document does not say what this answer means for the money")
	case w.OrderNumber.Present && w.OrderNumber.Value != orderNumber:
		return payout.Payout{}, a.Error(payout.ErrOutcomeUnknown, w.ErrorCode.Value, "the answer is about another order")
	case w.OrderStatus.Present && statuses[w.OrderStatus.Value] != payout.StatusFailed, w.page(), w.FormURL.Present, w.credited():
		return payout.Payout{}, a.Error(payout.ErrOutcomeUnknown, w.ErrorCode.Value, "the answer's error contradicts the rest of it")
	case verdict.Reason != payout.ReasonUnknown:
		return payout.Payout{
			Reference:  w.OrderNumber.Value,
			ProviderID: w.OrderID.Value,
			Status:     payout.StatusFailed,
			Failure:    payout.Failure{Reason: verdict.Reason, Code: w.ErrorCode.Value},
		}, nil
	default:
		return payout.Payout{}, a.Error(verdict.Kind, w.ErrorCode.Value, "")
	}
}
