package rbs

import (
	"context"
	"errors"
	"net/http"

	"github.com/payoutkit/payout"
)

// question is the body of getPayoutStatus.do: one of the two (all2pay:504, 506;
// bereke:425).
type question struct {
	OrderNumber string `json:"orderNumber,omitempty"`
	OrderID     string `json:"orderId,omitempty"`
	credentials
}

// Find implements [payout.Provider] by getPayoutStatus.do, by orderNumber: answers
// to performPayout often have no orderId (all2pay:462-494), and a bank that paid
// twice under one number shows it so. An order that is not found by its number, such
// as a child merchant's, is asked for by its orderId, if that is known.
func (m *Module) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	w, err := m.ask(ctx, question{OrderNumber: ref.Reference}, ref.Reference)
	if errors.Is(err, payout.ErrNotFound) && ref.ProviderID != "" {
		w, err = m.ask(ctx, question{OrderID: ref.ProviderID}, ref.Reference)
	}
	if err != nil {
		return payout.Payout{}, err
	}
	return m.payout(w), nil
}

// ask returns the answer to a question that worked; the order's state is in it.
func (m *Module) ask(ctx context.Context, q question, reference string) (answer, error) {
	q.credentials = m.credentials()
	var w answer
	a, err := m.post(ctx, m.dialect.Status, q, nil, &w)
	if err != nil {
		return answer{}, err
	}
	switch (Pair{a.Status, w.ErrorCode.Value}) {
	case Pair{http.StatusOK, success}: // the call worked; the order's state is in orderStatus
		return w, nil
	case Pair{http.StatusBadRequest, "98"}: // "Order not found", or a dozen other faults (all2pay:893-905)
		if w.OrderStatus.Present || w.OrderNumber.Present && w.OrderNumber.Value != reference {
			return answer{}, a.Error(payout.ErrOutcomeUnknown, w.ErrorCode.Value, "an error that knows an order")
		}
		return answer{}, a.Error(payout.ErrNotFound, w.ErrorCode.Value, "")
	case Pair{http.StatusUnauthorized, "90"}:
		return answer{}, a.Error(payout.ErrUnauthorized, w.ErrorCode.Value, "")
	default:
		return answer{}, a.Error(payout.ErrOutcomeUnknown, w.ErrorCode.Value, "no usable answer to the status request")
	}
}
