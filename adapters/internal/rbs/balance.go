package rbs

import (
	"context"
	"net/http"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// balances is what getAmount.do returns. Its table calls one object a list
// (bereke:158).
type balances struct {
	ErrorCode provider.Text `json:"errorCode"`
	List      provider.List[struct {
		Sign     provider.Text `json:"balanceSign"`
		Amount   provider.Int  `json:"balanceAmount"`
		Currency provider.Text `json:"balanceCurrency"`
	}] `json:"balanceDescriptionList"`
}

// Balances asks for the balance by getAmount.do (bereke:141-187).
func (m *Module) Balances(ctx context.Context, source payout.Source) ([]payout.Balance, error) {
	body := struct {
		Source *binding `json:"source,omitempty"`
		credentials
	}{nil, m.credentials()}
	if id := m.sourceOf(source); id != "" {
		body.Source = &binding{id}
	}
	asked := m.now()
	var w balances
	a, err := m.post(ctx, m.dialect.Balance, body, nil, &w)
	if err != nil {
		return nil, err
	}
	if a.Status != http.StatusOK || w.ErrorCode.Value != success {
		// The zero kind, for what is not listed, is ErrOutcomeUnknown.
		kind := m.dialect.Errors[Pair{a.Status, w.ErrorCode.Value}].Kind
		return nil, a.Error(kind, w.ErrorCode.Value, "no usable answer to the balance request")
	}
	var out []payout.Balance
	for _, b := range w.List {
		amount, ok := m.money(b.Amount, b.Currency)
		owing := b.Sign.Value == "D" // bereke:160-161
		if !ok || amount.Currency() == 0 || amount.Sign() < 0 || !owing && b.Sign.Value != "C" {
			return nil, a.Unknown("a balance that can't be read")
		}
		if owing {
			amount = payout.FromMinor(-amount.Minor(), amount.Currency())
		}
		out = append(out, payout.Balance{Available: amount, At: asked})
	}
	if len(out) == 0 {
		return nil, a.Unknown("the answer names no balance")
	}
	return out, nil
}
