package sandbox

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/payoutkit/payout/sandbox/bank"
)

// ConnPayCallback is a call that the gateway made to a server_callback_url, or refused
// to make. Of the address it keeps the host alone, of what was sent nothing that signs.
type ConnPayCallback struct {
	Time      time.Time // when it was over
	Reference string    // client_orderid
	OrderID   string    // paynet-order-id
	Status    string    // what it told
	Method    string
	Host      string // with the port, if the address has one
	Attempt   int    // from 1 for each status of an order; 0 for a call by Notify
	Answer    int    // the status of HTTP that came back; 0 if none did
	Refused   string // why it was not made, or ""
}

// CallbackScript is one way to treat callbacks. The zero values are the normal one, for
// every order.
type CallbackScript struct {
	// Reference says for which order; "" is any. Times is for how many statuses of
	// orders; 0 is for every one.
	Reference string
	Times     int

	// Lose: nothing is sent.
	Lose bool
	// Delay puts the first call off, by the gateway's clock: so callbacks change places.
	Delay time.Duration
	// Copies is how often the call is made once more, though the answer was 200.
	Copies int
	// Alter changes what is sent, after it was signed.
	Alter func(url.Values)
}

// ScriptCallback adds scripts. Of those that name an order the first with Times left is
// used.
func (g *ConnPay) ScriptCallback(scripts ...CallbackScript) {
	g.caller.mu.Lock()
	defer g.caller.mu.Unlock()
	for _, s := range scripts {
		g.caller.scripts = append(g.caller.scripts, &callbackScripted{CallbackScript: s})
	}
}

// Callbacks returns the calls that the gateway made or refused to make, in order.
func (g *ConnPay) Callbacks() []ConnPayCallback {
	g.caller.mu.Lock()
	defer g.caller.mu.Unlock()
	return slices.Clone(g.caller.log)
}

// WaitCallbacks returns when n calls about a reference were made and are over, answered
// or not, or with the context's error; "" is any reference.
func (g *ConnPay) WaitCallbacks(ctx context.Context, reference string, n int) error {
	for {
		g.caller.mu.Lock()
		made := 0
		for _, c := range g.caller.log {
			if c.Refused == "" && (reference == "" || reference == c.Reference) {
				made++
			}
		}
		changed := g.caller.changed
		g.caller.mu.Unlock()
		if made >= n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Notify calls back about the newest order of a reference now, whatever its status is
// and however often that was told, and once. What is on the agenda stays there. An
// error says that there was nothing to send; a call that failed is none.
func (g *ConnPay) Notify(ctx context.Context, reference string) (ConnPayCallback, error) {
	all := g.Orders()
	slices.Reverse(all)
	i := slices.IndexFunc(all, func(s bank.Statement) bool { return s.Order.Reference == reference })
	if i < 0 {
		return ConnPayCallback{}, errors.New("sandbox: ConnPay has no order of that reference")
	}
	c, ok := g.caller.calling(all[i])
	if !ok {
		return ConnPayCallback{}, errors.New("sandbox: that order has no server_callback_url, or the gateway no Transport")
	}
	if c.Refused == "" {
		c.Answer = g.caller.send(ctx, c)
	}
	g.caller.note(c.ConnPayCallback)
	return c.ConnPayCallback, nil
}
