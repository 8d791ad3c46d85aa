package sandbox

import (
	"fmt"
	"slices"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// details is what the module keeps of an order for its answers.
type details struct {
	description string
	clientID    string
	target      target
	refNum      string
	params      bank.Object
}

// perform makes a payout (all2pay:296-494, bereke:270-408).
func (m *Module) perform(c *bank.Call) bank.Answer {
	v, refusal, ok := m.accept(c, PerformPayout)
	if !ok {
		return refusal
	}
	refuse := func(rule string, a bank.Answer) bank.Answer { return c.Refuse(v.Text("orderNumber"), rule, a) }
	amount := v.Int("amount")
	switch {
	case v.Text("currency") != m.dialect.Currency.Numeric():
		return refuse("currency: is not the bank's", m.refusal(rowCurrency))
	case amount <= 0:
		return refuse("amount: must be more than 0", m.refusal(rowPattern, "[paramName]", "amount", "[pattern]", "[1-9][0-9]*"))
	case v.Has("merchantLogin") && !m.child(v.Text("merchantLogin")):
		return refuse("merchantLogin: is not a child of the partner", m.refusal(rowUnauthenticated)) // invented
	case !m.knownSource(v):
		return refuse("source.bindingId: is not known", m.refusal(rowSource))
	}
	to, rule, answer := m.target(v)
	if rule != "" {
		return refuse(rule, answer)
	}
	d := details{
		description: v.Text("description"),
		clientID:    v.Text("client.clientId"),
		target:      to,
		refNum:      fmt.Sprintf("%012d", 948498232195+c.Serial()), // all2pay:480
	}
	for _, p := range v.Free("jsonParams") {
		d.params.Add(true, p.Name, p.Value)
	}
	restricted := to.pan != "" && slices.Contains(m.cfg.Restricted, to.pan)
	d.target.pan = ""
	return c.Create(bank.Order{
		Reference:   v.Text("orderNumber"),
		ID:          c.UUID(),
		Money:       payout.FromMinor(amount, m.dialect.Currency),
		Fee:         m.cfg.Fee,
		Destination: to.masked,
		Account:     v.Text("source.bindingId"),
		Details:     d,
		Lag:         m.cfg.Lag,
		Decide: func(f bank.Funds) bank.Act {
			sum := amount + m.cfg.Fee.Minor()
			switch {
			case restricted:
				return bank.Decline(m.row(rowRestricted).Code)
			case m.cfg.Limit.Minor() > 0 && f.Spent+sum > m.cfg.Limit.Minor():
				return bank.Decline(m.row(rowLimit).Code)
			case f.Limited && f.Balance < sum:
				return bank.Decline(m.row(rowFunds).Code)
			default:
				return bank.Pay()
			}
		},
	}, m.performed, m.again())
}

func (m *Module) knownSource(v bank.Values) bool {
	if !v.Has("source") {
		return !m.cfg.NoTransit
	}
	_, ok := m.cfg.Sources[v.Text("source.bindingId")]
	return ok
}
