package killtest_test

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// banks live in the process that kills, with their ledgers.
type banks struct {
	all2pay, reserve, bereke *sandbox.Module
	connpay                  *sandbox.ConnPay
	named                    map[string]*bank.Server

	mu    sync.Mutex
	gates []*bank.Gate
}

// link is how the child reaches a bank.
type link struct {
	URL, Roots, User, Password, Key string
}

func openBanks(t *testing.T) *banks {
	t.Helper()
	b := &banks{}
	var err error
	b.all2pay, err = sandbox.StartAll2Pay(sandbox.ModuleConfig{Balance: payout.MustMoney("40000.00 RUB")})
	require.NoError(t, err)
	t.Cleanup(b.all2pay.Close)
	b.reserve, err = sandbox.StartAll2Pay(sandbox.ModuleConfig{Balance: payout.MustMoney("900000000.00 RUB")})
	require.NoError(t, err)
	t.Cleanup(b.reserve.Close)
	b.bereke, err = sandbox.StartBereke(sandbox.ModuleConfig{Balance: payout.MustMoney("900000000.00 KZT")})
	require.NoError(t, err)
	t.Cleanup(b.bereke.Close)
	b.connpay, err = sandbox.StartConnPay(sandbox.ConnPayConfig{})
	require.NoError(t, err)
	t.Cleanup(b.connpay.Close)
	b.named = map[string]*bank.Server{
		"all2pay": b.all2pay.Server, "reserve": b.reserve.Server, "bereke": b.bereke.Server, "connpay": b.connpay.Server,
	}
	return b
}

// links are what the child needs to know of the banks.
func (b *banks) links(t *testing.T) map[string]link {
	t.Helper()
	module := func(m *sandbox.Module) link {
		return link{URL: m.URL(), Roots: roots(t, m.Server), User: m.UserName(), Password: m.Password()}
	}
	return map[string]link{
		"all2pay": module(b.all2pay), "reserve": module(b.reserve), "bereke": module(b.bereke),
		"connpay": {
			URL: b.connpay.URL() + "/paynet", Roots: roots(t, b.connpay.Server),
			User: b.connpay.Login(), Password: b.connpay.Control(), Key: keyText(b.connpay.MerchantKey()),
		},
	}
}

func keyText(key *rsa.PrivateKey) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
}

// roots is the authority of a bank's certificate, as text: a pool does not give it.
func roots(t *testing.T, s *bank.Server) string {
	t.Helper()
	conn, err := tls.Dial("tcp", strings.TrimPrefix(s.URL(), "https://"), &tls.Config{RootCAs: s.Roots(), MinVersion: tls.VersionTLS12})
	require.NoError(t, err)
	defer conn.Close()
	chain := conn.ConnectionState().VerifiedChains[0]
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: chain[len(chain)-1].Raw}))
}

// clients are the child's. What it says of Bereke is so of the simulated one: it refuses
// an order that it has, and finds at once each that it will ever pay.
func clients(links map[string]link) (out []*payout.Client, err error) {
	transport := func(l link) provider.HTTP {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM([]byte(l.Roots))
		return provider.HTTP{Roots: pool}
	}
	add := func(p payout.Provider, e error) {
		if err = errors.Join(err, e); err == nil {
			out = append(out, payout.NewClient(p))
		}
	}
	for _, name := range []string{"all2pay", "reserve"} {
		l := links[name]
		p, e := all2pay.New(all2pay.Config{
			Name: name, BaseURL: l.URL, UserName: l.User, Password: payout.NewSecret(l.Password), HTTP: transport(l),
		})
		add(p, e)
	}
	l := links["bereke"]
	kz, e := bereke.New(bereke.Config{
		BaseURL: l.URL, UserName: l.User, Password: payout.NewSecret(l.Password), HTTP: transport(l),
		Dedup: payout.DedupRefuses, DedupEvidence: "sandbox.RefuseWith1",
		Absence: payout.Absence{Proves: true, After: time.Second, Times: 2, Evidence: "the simulated bank has no lag"},
	})
	add(kz, e)
	l = links["connpay"]
	gateway, e := connpay.New(connpay.Config{
		BaseURL: l.URL, Login: l.User, Control: payout.NewSecret(l.Password), PrivateKey: payout.NewSecret(l.Key), HTTP: transport(l),
		Endpoint: connpay.Endpoint{
			ID: "1001", Group: true, Currencies: []payout.Currency{payout.USD},
			Destinations: []payout.Kind{payout.BankAccount{}.Kind()},
		},
	})
	add(gateway, e)
	return out, err
}

func routes() []dispatch.Route {
	of := func(c payout.Currency) dispatch.Match { return dispatch.Match{Currencies: []payout.Currency{c}} }
	return []dispatch.Route{
		{Provider: "all2pay", Priority: 1, Match: of(payout.RUB)},
		{
			Provider: "reserve", Priority: 2, Match: of(payout.RUB),
			Limits: []dispatch.Limit{{Name: limitName, Amount: payout.MustMoney("800000000.00 RUB"), Period: dispatch.Daily}},
		},
		{Provider: "bereke", Priority: 1, Match: of(payout.KZT)},
		{Provider: "connpay", Priority: 1, Match: of(payout.USD)},
	}
}

const limitName = "reserve"

// gate is one that the next kill opens: what waits behind it reaches the bank, or the
// caller, when the process that sent it is dead.
func (b *banks) gate() *bank.Gate {
	b.mu.Lock()
	defer b.mu.Unlock()
	g := bank.NewGate()
	b.gates = append(b.gates, g)
	return g
}

func (b *banks) openGates() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, g := range b.gates {
		g.Open()
	}
	b.gates = nil
}

// misbehave has the banks make something of an order: more than half of them do.
func (b *banks) misbehave(r *rand.Rand, i int) {
	request := order(i)
	name := map[payout.Currency]string{payout.RUB: "all2pay", payout.KZT: "bereke", payout.USD: "connpay"}[request.Amount.Currency()]
	s := b.named[name]
	script := bank.Script{Operation: bank.Create, Reference: request.Reference}
	switch r.IntN(20) {
	case 0:
		script.Reply = bank.Lost()
	case 1:
		script.Reply = bank.Reply{Cut: bank.InBody}
	case 2:
		script.Reply = bank.ProxyPage() // it was paid
	case 3:
		script.Reply = bank.Reply{Hold: b.gate()}
	case 4:
		if name == "bereke" { // of which we say that nothing lands late
			script.Reply = b.bereke.Reply(500, "99")
		} else {
			script.Hold = b.gate()
		}
	case 5:
		script.Act = bank.Nothing()
	case 6:
		script.Act = bank.Pend(3).Then(bank.Pay())
	case 7:
		script.Act = bank.PendPaid(3).Then(bank.Pay())
	case 8:
		script.Act = bank.Decline("")
	case 9:
		s.Script(bank.Script{Operation: bank.Status, Reference: request.Reference, Times: 2, Reply: bank.Lost()})
	default:
		return
	}
	s.Script(script)
	if r.IntN(12) == 0 { // the reserve's references are not known here; all of these come one after the other
		b.reserve.Script(bank.Script{Operation: bank.Create, Times: 1, Reply: []bank.Reply{bank.Lost(), bank.ProxyPage()}[r.IntN(2)]})
	}
}

// times are those of banks on this machine. What a dead process has sent is past after
// two seconds, and what nobody can prove goes to a person after eight.
func times(providers []*payout.Client) dispatch.Times {
	t := dispatch.Times{
		SendWindow: time.Second, CallTimeout: time.Second, SendFor: time.Hour,
		ReviewAfter: 8 * time.Second, ReviewEvery: 3 * time.Second,
		RetryEvery: 20 * time.Millisecond, Apart: 100 * time.Millisecond, Check: 100 * time.Millisecond,
		Patrol: []time.Duration{-1}, Polling: map[string]payout.Polling{},
	}
	for _, p := range providers {
		t.Polling[p.Name()] = payout.Polling{{Every: 20 * time.Millisecond, For: time.Second}, {Every: 250 * time.Millisecond}}
	}
	return t
}
