package sandbox

import "github.com/payoutkit/payout/sandbox/bank"

// perform makes a payout (all2pay:296-494, bereke:269-411).
func (m *Module) perform(c *bank.Call) bank.Answer {
	v, refusal, ok := m.accept(c, PerformPayout)
	if !ok {
		return refusal
	}
	rule, answer := m.intake(v)
	if rule != "" {
		return c.Refuse(v.Text("orderNumber"), rule, answer)
	}
	to, rule, answer := m.target(c, v)
	if rule != "" {
		return c.Refuse(v.Text("orderNumber"), rule, answer)
	}
	return c.Create(m.newOrder(c, PerformPayout, v, to), func(s bank.Statement) bank.Answer {
		m.ring.use(to.token) // not of a request that was lost
		return m.performed(s)
	}, m.again())
}
