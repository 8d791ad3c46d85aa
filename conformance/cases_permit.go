package conformance

import "github.com/payoutkit/payout"

func permitCases() []Case {
	return []Case{{
		Name: "send permit", Rule: "Create asks for the permit in its context when the connection is up and nothing has left, and sends nothing if it is refused; Find needs none.",
		Cost: "A payout leaves after its platform has taken it for unsent, and has made it again.", Money: true, run: sendPermit,
	}}
}

// sendPermit refuses the permit on a new connection, where it is good until the bank's
// side has begun to answer the handshake, and on one that has been used.
func sendPermit(t *T) {
	w := t.world()
	first := w.request()
	fresh := payout.NewClient(t.provider(w.net)) // completing the request may have opened a connection
	silent := w.net.wire.answered()
	w.unpermitted("on a new connection", fresh, first, func() bool { return w.net.wire.answered() == silent })
	w.pay(first)

	second := w.request()
	w.unpermitted("on a connection that was used", w.client, second, func() bool { return false })
	if p, err := w.client.Find(t.ctx, first.Ref()); err != nil || p.Status != payout.StatusPaid {
		t.Errorf("a question without a permit: status %s, error %v", p.Status, err)
	}
	// A permit is asked for in every call anew.
	if _, err := w.createIn(payout.WithSendPermit(t.ctx, func() bool { return true }), second); err != nil {
		t.Errorf("a permit that is given after one was refused: %v", err)
	}
}

// unpermitted makes a payout whose permit is refused in time.
func (w *world) unpermitted(where string, c *payout.Client, req payout.Request, permit func() bool) {
	w.t.Helper()
	before := w.net.all()
	_, err := c.Create(payout.WithSendPermit(w.t.ctx, permit), req)
	wantNotSent(w.t, "the permit to send was refused "+where, err)
	if n := w.net.all() - before; n > 0 {
		w.t.Errorf("the permit to send was refused %s, and %d requests arrived", where, n)
	}
}
