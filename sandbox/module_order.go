package sandbox

import (
	"cmp"
	"fmt"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// details is what the module keeps of an order for its answers and its pages.
type details struct {
	method      ModuleMethod // that made the order
	description string
	clientID    string
	child       string // the merchantLogin
	target      target
	refNum      string
	params      bank.Object

	returnURL, failURL string
	expires            time.Time // of the page
	transaction        string    // of 3-D Secure
}

// saves reports whether the order keeps a card and pays nobody.
func (d details) saves() bool {
	return d.method == CreateTargetBindingID || d.method == CreateSourceBindingID
}

// How long a person may take (all2pay:220, bereke:214).
const sessionTimeout = 1200 * time.Second

// sessionExpired is the processing's action code for a page that nobody sent in in
// time. That the module says so of payouts, and declines them, is invented.
const sessionExpired = "-2007"

// intake checks what the methods that make payouts have in common. It returns a broken
// rule with the answer to it.
func (m *Module) intake(v bank.Values) (rule string, answer bank.Answer) {
	notPositive := func(name string) (string, bank.Answer) {
		return name + ": must be more than 0", m.refusal(rowPattern, "[paramName]", name, "[pattern]", "[1-9][0-9]*")
	}
	switch {
	case v.Text("currency") != m.dialect.Currency.Numeric():
		return "currency: is not the bank's", m.refusal(rowCurrency)
	case v.Int("amount") <= 0:
		return notPositive("amount")
	case v.Has("sessionTimeoutSecs") && v.Int("sessionTimeoutSecs") <= 0:
		return notPositive("sessionTimeoutSecs")
	case v.Has("merchantLogin") && !m.child(v.Text("merchantLogin")):
		return "merchantLogin: is not a child of the partner", m.refusal(rowUnauthenticated) // invented
	case !m.knownSource(v):
		return "source.bindingId: is not known", m.refusal(rowSource)
	}
	return "", answer
}

func (m *Module) knownSource(v bank.Values) bool {
	if !v.Has("source") {
		return !m.cfg.NoTransit
	}
	id := v.Text("source.bindingId")
	_, ok := m.cfg.Sources[id]
	if !ok {
		_, ok = m.savedBy(CreateSourceBindingID, id)
	}
	return ok
}

// newOrder is a payout as a request describes it.
func (m *Module) newOrder(c *bank.Call, method ModuleMethod, v bank.Values, to target) bank.Order {
	timeout := sessionTimeout
	if v.Has("sessionTimeoutSecs") {
		timeout = time.Duration(v.Int("sessionTimeoutSecs")) * time.Second
	}
	d := details{
		method:      method,
		description: v.Text("description"),
		clientID:    v.Text("client.clientId"),
		child:       v.Text("merchantLogin"),
		target:      to,
		refNum:      fmt.Sprintf("%012d", 948498232195+c.Serial()), // all2pay:480
		returnURL:   v.Text("urls.returnUrl"),
		failURL:     v.Text("urls.failUrl"),
		expires:     c.Now().Add(timeout),
		transaction: c.UUID(),
	}
	for _, p := range v.Free("jsonParams") {
		d.params.Add(true, p.Name, p.Value)
	}
	o := bank.Order{
		Reference:   v.Text("orderNumber"),
		ID:          c.UUID(),
		Money:       payout.FromMinor(v.Int("amount"), m.dialect.Currency),
		Fee:         m.cfg.Fee,
		Destination: to.masked,
		Account:     v.Text("source.bindingId"),
		Details:     d,
		Lag:         m.cfg.Lag,
		Expire:      d.expire,
	}
	decided := o
	o.Decide = func(f bank.Funds) bank.Act { return m.decide(decided, f) }
	return o
}

// decide pays an order, or declines it for lack of what it takes.
func (m *Module) decide(o bank.Order, f bank.Funds) bank.Act {
	sum := o.Money.Minor() + o.Fee.Minor()
	switch {
	case o.Details.(details).target.restricted:
		return bank.Decline(m.row(rowRestricted).Code)
	case m.cfg.Limit.Minor() > 0 && f.Spent+sum > m.cfg.Limit.Minor():
		return bank.Decline(m.row(rowLimit).Code)
	case f.Limited && f.Balance < sum:
		return bank.Decline(m.row(rowFunds).Code)
	default:
		return bank.Pay()
	}
}

// expire declines what nobody has sent in in time.
func (d details) expire(at bank.Turn, now time.Time) bank.Act {
	if d.waits(at) == nobody || now.Before(d.expires) {
		return bank.Act{}
	}
	return bank.Decline(sessionExpired)
}

// waiting is whom an order waits for.
type waiting uint8

const (
	nobody    waiting = iota
	recipient         // to enter a card on the payout page
	payer             // to pass 3-D Secure
)

func (d details) waits(at bank.Turn) waiting {
	switch {
	case at.State == bank.Registered && at.Word == acsStarted:
		return payer
	case at.State == bank.Registered && at.Word == "" && d.method == RegisterPayout:
		return recipient
	default:
		return nobody
	}
}

// word is the value of orderStatus.
func (m *Module) word(s bank.Statement) string { return cmp.Or(s.Word, m.dialect.Statuses[s.State]) }
