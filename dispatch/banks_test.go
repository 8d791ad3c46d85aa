package dispatch_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
	simulated "github.com/payoutkit/payout/sandbox/bank"
)

// branch is a simulated bank with the real adapter before it, in a bubble of time.
type branch struct {
	*simulated.Server
	client *payout.Client
}

type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// all2payBranch starts a bank with an account of its own; through is how it is dialed,
// if not at once.
func all2payBranch(t *testing.T, name string, cfg sandbox.ModuleConfig, c all2pay.Config, through func(dialer) dialer) *branch {
	t.Helper()
	pipe := simulated.NewPipe()
	cfg.Bank.Listener, cfg.UserName = pipe, name
	b, err := sandbox.StartAll2Pay(cfg)
	require.NoError(t, err)
	t.Cleanup(b.Close)
	dial := dialer(pipe.DialContext)
	if through != nil {
		dial = through(dial)
	}
	c.Name, c.BaseURL, c.UserName, c.Password = name, b.URL(), name, payout.NewSecret("payout_api_password")
	c.HTTP = provider.HTTP{Roots: b.Roots(), Dial: dial}
	p, err := all2pay.New(c)
	require.NoError(t, err)
	t.Cleanup(p.CloseIdleConnections)
	return &branch{b.Server, payout.NewClient(p)}
}

// merchantKey is made once: it takes a while.
var merchantKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func connpayBranch(t *testing.T) (*branch, *sandbox.ConnPay) {
	t.Helper()
	pipe := simulated.NewPipe()
	gate, err := sandbox.StartConnPay(sandbox.ConnPayConfig{Bank: simulated.Config{Listener: pipe}, Key: &merchantKey().PublicKey})
	require.NoError(t, err)
	t.Cleanup(gate.Close)
	p, err := connpay.New(connpay.Config{
		BaseURL: gate.URL() + "/paynet", Login: "TestMerchant", Control: payout.NewSecret("test-merchant-control"),
		PrivateKey: payout.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(merchantKey())}))),
		Endpoint:   connpay.Endpoint{ID: "39915", Currencies: []payout.Currency{payout.USD}},
		HTTP:       provider.HTTP{Roots: gate.Roots(), Dial: pipe.DialContext},
	})
	require.NoError(t, err)
	t.Cleanup(p.CloseIdleConnections)
	return &branch{gate.Server, payout.NewClient(p)}, gate
}

// drive runs payouts through branches until it is stopped.
func drive(t *testing.T, c dispatch.Config, branches ...*branch) *desk {
	t.Helper()
	c.Now = time.Now
	for i, b := range branches {
		c.Providers = append(c.Providers, b.client)
		c.Routes = append(c.Routes, dispatch.Route{Provider: b.client.Name(), Priority: i})
	}
	d := opened(t, c)
	stop := d.run()
	t.Cleanup(func() { assert.ErrorIs(t, stop(), context.Canceled) })
	return d
}

// rub is an order to a card that a bank of all2pay pays.
func rub(reference string) payout.Request {
	return payout.Request{
		Reference: reference, Amount: payout.MustMoney("10.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")}, Recipient: payout.Recipient{Name: payout.NewSecret("A BC")},
	}
}

// bubble tests in a bubble of time.
func bubble(t *testing.T, name string, test func(t *testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

// Stories with the real adapters. What counts is the banks' books.
func TestBanks(t *testing.T) {
	merchantKey() // outside of any bubble
	bubble(t, "paid at once", func(t *testing.T) {
		a := all2payBranch(t, "a", sandbox.ModuleConfig{}, all2pay.Config{}, nil)
		d := drive(t, dispatch.Config{Times: dispatch.Times{Patrol: []time.Duration{time.Minute, time.Hour, time.Hour}}}, a)
		d.take(rub("p-1"))
		pause(time.Second)
		assert.Equal(t, "paid", d.load("p-1").State.String())
		pause(10 * time.Hour)
		assert.Equal(t, "paid", d.load("p-1").State.String())
		assert.Equal(t, 1, a.Ledger().Times("p-1"))
		assert.Equal(t, 3, a.Count(simulated.Status, "p-1"), "asked again three times, and never more")
		assert.Empty(t, d.seen.heard(), "its own order is no stranger's")
	})
	for name, reply := range map[string]simulated.Reply{"an answer that is lost": simulated.Lost(), "502 after it was paid": simulated.ProxyPage(), "an answer that is cut off": simulated.Truncated(), "an empty answer": simulated.Empty()} {
		bubble(t, name, func(t *testing.T) {
			a, b := all2payBranch(t, "a", sandbox.ModuleConfig{}, all2pay.Config{}, nil), all2payBranch(t, "b", sandbox.ModuleConfig{}, all2pay.Config{}, nil)
			a.Script(simulated.Script{Operation: simulated.Create, Reply: reply})
			d := drive(t, dispatch.Config{}, a, b)
			d.take(rub("p-1"))
			pause(time.Minute)
			assert.Equal(t, "paid", d.load("p-1").State.String())
			assert.Equal(t, []int{1, 0}, []int{len(a.Ledger().Entries()), len(b.Ledger().Entries())})
			assert.Equal(t, 1, a.Count(simulated.Create, "p-1"))
		})
	}
	bubble(t, "a request that is lost: nobody can prove it, so a person decides", func(t *testing.T) {
		a, b := all2payBranch(t, "a", sandbox.ModuleConfig{}, all2pay.Config{}, nil), all2payBranch(t, "b", sandbox.ModuleConfig{}, all2pay.Config{}, nil)
		a.Script(simulated.Script{Operation: simulated.Create, Act: simulated.Nothing()})
		d := drive(t, dispatch.Config{Times: dispatch.Times{ReviewAfter: time.Hour}}, a, b)
		d.take(rub("p-1"))
		pause(3 * time.Hour)
		e := d.load("p-1")
		assert.Equal(t, []any{"review", dispatch.ReviewDeadline}, []any{e.State.String(), e.Review})
		_, err := d.Resolve(t.Context(), "p-1", dispatch.StateFailed, "the bank's letter", "Ann")
		require.NoError(t, err)
		pause(3 * time.Hour)
		assert.Equal(t, "failed", d.load("p-1").State.String())
		assert.Zero(t, len(a.Ledger().Entries())+len(b.Ledger().Entries()))
		assert.Equal(t, []int{1, 0}, []int{a.Count(simulated.Create, ""), b.Count(simulated.Create, "")})
	})
	bubble(t, "a request that lands late", func(t *testing.T) {
		a := all2payBranch(t, "a", sandbox.ModuleConfig{}, all2pay.Config{}, nil)
		gate := simulated.NewGate()
		a.Script(simulated.Script{Operation: simulated.Create, Hold: gate})
		d := drive(t, dispatch.Config{}, a)
		d.take(rub("p-1"))
		pause(time.Hour)
		assert.Equal(t, "unknown", d.load("p-1").State.String())
		assert.Zero(t, a.Ledger().Times("p-1"))
		gate.Open()
		pause(time.Hour)
		assert.Equal(t, "paid", d.load("p-1").State.String())
		assert.Equal(t, 1, a.Ledger().Times("p-1"))
		assert.Equal(t, 1, a.Count(simulated.Create, "p-1"))
	})
	bubble(t, "insufficient funds: the next bank, once this one has agreed", func(t *testing.T) {
		a := all2payBranch(t, "a", sandbox.ModuleConfig{Balance: payout.MustMoney("9.99 RUB")}, all2pay.Config{}, nil)
		b := all2payBranch(t, "b", sandbox.ModuleConfig{}, all2pay.Config{}, nil)
		d := drive(t, dispatch.Config{}, a, b)
		d.take(rub("p-1"))
		pause(time.Minute)
		e := d.load("p-1")
		assert.Equal(t, "paid", e.State.String())
		require.Len(t, e.Attempts, 2)
		assert.Equal(t, payout.ReasonInsufficientFunds, e.Attempts[0].Failure.Reason)
		assert.Equal(t, 1, b.Ledger().Times(e.Attempts[1].Reference))
		assert.Equal(t, []int{0, 1}, []int{len(a.Ledger().Entries()), len(b.Ledger().Entries())})
		assert.Equal(t, 1, a.Count(simulated.Status, "p-1"))
	})
	bubble(t, "the recipient's bank does not take it: no other bank is tried", func(t *testing.T) {
		a, b := all2payBranch(t, "a", sandbox.ModuleConfig{}, all2pay.Config{}, nil), all2payBranch(t, "b", sandbox.ModuleConfig{}, all2pay.Config{}, nil)
		d := drive(t, dispatch.Config{}, a, b)
		req := rub("p-1")
		req.Destination = payout.Card{Number: payout.NewSecret(sandbox.RestrictedCard)}
		d.take(req)
		pause(time.Minute)
		e := d.load("p-1")
		assert.Equal(t, []any{"failed", payout.ReasonDestinationRestricted}, []any{e.State.String(), e.Failure.Reason})
		assert.Zero(t, b.Count(simulated.Create, ""))
	})
	bubble(t, "a refusal to the second transmission proves nothing of the first", func(t *testing.T) {
		vouched := all2pay.Config{
			Dedup: payout.DedupRefuses, DedupEvidence: "a test", Absence: payout.Absence{Proves: true, After: time.Minute, Times: 2, Evidence: "a test"},
		}
		a := all2payBranch(t, "a", sandbox.ModuleConfig{}, vouched, nil)
		b := all2payBranch(t, "b", sandbox.ModuleConfig{}, all2pay.Config{}, nil)
		a.Script(simulated.Script{
			Operation: simulated.Create, Reference: "p-1", Times: 1,
			Lag: simulated.Lag{Time: 20 * time.Minute}, Reply: simulated.Lost(), // it has it, and will not know it for a while
		}, simulated.Script{Operation: simulated.Create, Act: simulated.Pend(1).Then(simulated.Pay())})
		d := drive(t, dispatch.Config{}, a, b)
		d.take(rub("p-1"))
		for i := range 20 { // others come after it, so its search works
			pause(time.Minute)
			d.take(rub("q-" + string(rune('a'+i))))
		}
		pause(2 * time.Hour)
		e := d.load("p-1")
		assert.Equal(t, "paid", e.State.String(), "%v", d.happened("p-1"))
		assert.GreaterOrEqual(t, e.Attempts[0].Transmissions, 2, "absence was proved, wrongly; the bank refused the second, and that saved it")
		assert.Len(t, e.Attempts, 1)
		assert.Equal(t, 1, a.Ledger().Times("p-1"))
		assert.Empty(t, b.Ledger().Entries())
	})
	bubble(t, "a firewall's page: the provider is held until a check succeeds", func(t *testing.T) {
		a := all2payBranch(t, "a", sandbox.ModuleConfig{}, all2pay.Config{}, nil)
		a.Script(simulated.Script{Act: simulated.Nothing(), Reply: simulated.Forbidden()})
		d := drive(t, dispatch.Config{}, a)
		d.take(rub("p-1"))
		pause(time.Second)
		assert.Equal(t, dispatch.HeldUnauthorized, d.reason("a"))
		d.take(rub("p-2"))
		pause(20 * time.Minute)
		assert.Equal(t, "planned", d.load("p-2").State.String())
		a.ClearScripts()
		pause(20 * time.Minute)
		assert.Equal(t, dispatch.NotHeld, d.reason("a"))
		assert.Equal(t, "paid", d.load("p-2").State.String())
		assert.Equal(t, "unknown", d.load("p-1").State.String(), "nothing proves that it was not paid")
	})
	bubble(t, "wrong credentials", func(t *testing.T) {
		a := all2payBranch(t, "a", sandbox.ModuleConfig{Password: "another"}, all2pay.Config{}, nil)
		b := all2payBranch(t, "b", sandbox.ModuleConfig{}, all2pay.Config{}, nil)
		d := drive(t, dispatch.Config{}, a, b)
		d.take(rub("p-1"))
		pause(time.Minute)
		e := d.load("p-1")
		assert.Equal(t, []string{"paid", "b"}, []string{e.State.String(), e.Attempts[1].Provider})
		assert.Equal(t, dispatch.HeldUnauthorized, d.reason("a"))
	})
	bubble(t, "an order that somebody made in the portal, under our reference", func(t *testing.T) {
		a := all2payBranch(t, "a", sandbox.ModuleConfig{}, all2pay.Config{}, nil)
		portal := rub("p-1")
		portal.Destination = payout.Card{Number: payout.NewSecret("5105105105105100")}
		_, err := a.client.Create(t.Context(), portal)
		require.NoError(t, err)
		d := drive(t, dispatch.Config{}, a)
		d.take(rub("p-1"))
		pause(time.Hour)
		e := d.load("p-1")
		assert.Equal(t, []any{"review", dispatch.ReviewStranger}, []any{e.State.String(), e.Review})
		assert.Equal(t, 1, a.Ledger().Times("p-1"), "the portal's")
	})
	bubble(t, "a bank that takes its time to connect gets nothing after the window", func(t *testing.T) {
		slow := func(dial dialer) dialer {
			return func(ctx context.Context, network, address string) (net.Conn, error) {
				time.Sleep(9 * time.Second)
				c, err := dial(ctx, network, address)
				return slowConn{c}, err
			}
		}
		a := all2payBranch(t, "a", sandbox.ModuleConfig{}, all2pay.Config{}, slow)
		d := drive(t, dispatch.Config{Times: dispatch.Times{SendFor: time.Minute}}, a)
		d.take(rub("p-1"))
		pause(10 * time.Minute)
		e := d.load("p-1")
		assert.Equal(t, []any{"failed", payout.ReasonExpired}, []any{e.State.String(), e.Failure.Reason})
		assert.Zero(t, a.Count(simulated.Create, ""), "not one request has arrived")
		assert.Zero(t, e.Attempts[0].Transmissions)
		assert.Positive(t, e.Attempts[0].Tries)
	})
	bubble(t, "processes that stop in the middle of a sending", func(t *testing.T) {
		a := all2payBranch(t, "a", sandbox.ModuleConfig{}, all2pay.Config{}, nil)
		gate := simulated.NewGate()
		a.Script(simulated.Script{Operation: simulated.Create, Reply: simulated.Reply{Hold: gate}})
		d := opened(t, dispatch.Config{Now: time.Now, Providers: []*payout.Client{a.client}, Routes: []dispatch.Route{{Provider: "a"}}})
		stop := d.run()
		d.take(rub("p-1"))
		pause(time.Second)
		stopped := make(chan error, 1)
		go func() { stopped <- stop() }()
		pause(time.Second)
		assert.Equal(t, "sending", d.load("p-1").State.String())
		gate.Open()
		require.Error(t, <-stopped)
		assert.Equal(t, "paid", d.load("p-1").State.String(), "the outcome is recorded")
		assert.Equal(t, 1, a.Ledger().Times("p-1"))
	})
	bubble(t, "connpay: received, then approved", func(t *testing.T) {
		b, _ := connpayBranch(t)
		d := drive(t, dispatch.Config{}, b)
		d.take(payout.Request{
			Reference: "p-1", Amount: payout.MustMoney("10.42 USD"),
			Destination: payout.BankAccount{Number: payout.NewSecret(sandbox.AccountApproved)},
		})
		pause(time.Second)
		assert.Equal(t, "open", d.load("p-1").State.String())
		pause(time.Minute)
		e := d.load("p-1")
		assert.Equal(t, "paid", e.State.String())
		assert.Equal(t, []string{"6982864", "39915"}, []string{e.Attempts[0].ProviderID, e.Attempts[0].Endpoint})
		assert.Equal(t, 1, b.Ledger().Times("p-1"))
	})
	bubble(t, "connpay: a lost answer, and an order that is declined", func(t *testing.T) {
		b, _ := connpayBranch(t)
		b.Script(simulated.Script{Operation: simulated.Create, Reply: simulated.Lost()})
		d := drive(t, dispatch.Config{}, b)
		d.take(payout.Request{
			Reference: "p-1", Amount: payout.MustMoney("10.42 USD"),
			Destination: payout.BankAccount{Number: payout.NewSecret(sandbox.AccountDeclined)},
		})
		pause(10 * time.Minute)
		e := d.load("p-1")
		assert.Equal(t, []any{"failed", payout.ReasonDeclined}, []any{e.State.String(), e.Failure.Reason})
		assert.Empty(t, b.Ledger().Entries())
		assert.Equal(t, 1, b.Count(simulated.Create, "p-1"))
	})
}

// slowConn takes two seconds to say the first word, so that the handshake outlasts the
// window.
type slowConn struct{ net.Conn }

func (c slowConn) Read(p []byte) (int, error) {
	time.Sleep(2 * time.Second)
	return c.Conn.Read(p)
}
