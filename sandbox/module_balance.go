package sandbox

import (
	"net/http"

	"github.com/payoutkit/payout/sandbox/bank"
)

// amount tells what an account holds (bereke:143-187).
func (m *Module) amount(c *bank.Call) bank.Answer {
	v, refusal, ok := m.accept(c, GetAmount)
	if !ok {
		return refusal
	}
	if !m.knownSource(v) {
		return c.Refuse("", "source.bindingId: is not known", m.refusal(rowSource))
	}
	return c.Answer("", func() bank.Answer {
		balance, sign := c.Ledger().Funds(v.Text("source.bindingId")).Balance, "C"
		if balance < 0 {
			balance, sign = -balance, "D" // bereke:160-161
		}
		return bank.JSON(http.StatusOK, bank.Object{
			{Name: "errorCode", Value: "0"},
			{Name: "balanceDescriptionList", Value: bank.Object{
				{Name: "balanceAmount", Value: balance},
				{Name: "balanceCurrency", Value: m.dialect.Currency.Numeric()},
				{Name: "balanceSign", Value: sign},
			}},
		})
	})
}
