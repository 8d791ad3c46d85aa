package sandbox

import (
	"context"

	"github.com/payoutkit/payout/sandbox/bank"
)

// turned is told, under the bank's lock, where an order stands.
func (g *ConnPay) turned(s bank.Statement) {
	switch {
	case connPayFinal(s.Turn):
		g.caller.ends(s)
	case s.State != bank.Registered && g.cfg.ProcessingTime > 0 && g.time(s.ID):
		g.agenda.add(g.cfg.Bank.Now().Add(g.cfg.ProcessingTime), func(context.Context) { g.end(s.ID) })
	}
}

// time notes that an order will come to its end by itself; false if that was noted
// before.
func (g *ConnPay) time(id string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.timed[id] {
		return false
	}
	g.timed[id] = true
	return true
}

// end takes an order through all the turns that are left to it.
func (g *ConnPay) end(id string) (turned bool) {
	for g.Proceed(id) {
		turned = true
	}
	return turned
}

// Finish brings the newest order of a reference to its end, as the passing of time does,
// though nobody asks for its status. It reports whether there was anything left to
// happen: an order that waits for its receiver goes on waiting.
func (g *ConnPay) Finish(reference string) bool {
	id := ""
	for _, s := range g.Orders() {
		if s.Order.Reference == reference {
			id = s.ID
		}
	}
	return g.end(id)
}

// RunDue does what is due by the gateway's clock, callbacks and ends of orders, and
// returns how much that was. The gateway does so by itself too, when the time has passed
// by package time: RunDue is for a clock in Config.Now that goes otherwise.
func (g *ConnPay) RunDue(ctx context.Context) int { return g.agenda.work(ctx) }
