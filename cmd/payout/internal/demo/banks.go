package demo

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// banks are the three simulated banks, each with the client that pays through it, and
// a second account at one of them for when the first has run dry.
type banks struct {
	all2pay, bereke *sandbox.Module
	reserve         *sandbox.Module
	connpay         *sandbox.ConnPay
	all             []simulated
	watch           *watch
}

type simulated struct {
	client *payout.Client
	server *bank.Server
	idle   interface{ CloseIdleConnections() }
	// priority of the route: lower goes first
	priority int
}

// polling is impatient: these banks live in the same process.
func polling() payout.Polling {
	return payout.Polling{{Every: 20 * time.Millisecond, For: time.Second}, {Every: 200 * time.Millisecond}}
}

// startBanks starts the banks and makes a client of each.
func startBanks(logger *slog.Logger) (_ *banks, err error) {
	b := &banks{watch: newWatch(logger)}
	defer func() {
		if err != nil {
			b.close()
		}
	}()
	for _, start := range []func() error{b.startAll2Pay, b.startBereke, b.startConnPay, b.startReserve} {
		if err = start(); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *banks) startAll2Pay() (err error) {
	b.all2pay, err = b.roubles("all2pay", 1, payout.Money{})
	return err
}

func (b *banks) startReserve() (err error) {
	b.reserve, err = b.roubles("reserve", 2, payout.MustMoney("100000000.00 RUB"))
	return err
}

// roubles starts an all2pay of its own.
func (b *banks) roubles(name string, priority int, balance payout.Money) (*sandbox.Module, error) {
	m, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{Balance: balance})
	if err != nil {
		return nil, err
	}
	p, err := all2pay.New(all2pay.Config{
		Name: name, BaseURL: m.URL(), UserName: m.UserName(), Password: payout.NewSecret(m.Password()),
		HTTP: provider.HTTP{Roots: m.Roots()},
	})
	return m, b.add(m.Server, p, priority, err)
}

func (b *banks) startBereke() (err error) {
	if b.bereke, err = sandbox.StartBereke(sandbox.ModuleConfig{}); err != nil {
		return err
	}
	p, err := bereke.New(bereke.Config{
		BaseURL: b.bereke.URL(), UserName: b.bereke.UserName(), Password: payout.NewSecret(b.bereke.Password()),
		HTTP: provider.HTTP{Roots: b.bereke.Roots()},
	})
	return b.add(b.bereke.Server, p, 1, err)
}

func (b *banks) startConnPay() (err error) {
	if b.connpay, err = sandbox.StartConnPay(sandbox.ConnPayConfig{}); err != nil {
		return err
	}
	p, err := connpay.New(connpay.Config{
		BaseURL: b.connpay.URL() + "/paynet", Login: b.connpay.Login(),
		Control: payout.NewSecret(b.connpay.Control()), PrivateKey: pemOf(b.connpay.MerchantKey()),
		Endpoint: connpay.Endpoint{
			ID: "1001", Group: true, Currencies: []payout.Currency{payout.USD, payout.EUR, payout.JPY},
			Destinations: []payout.Kind{payout.BankAccount{}.Kind()},
		},
		HTTP: provider.HTTP{Roots: b.connpay.Roots()},
	})
	return b.add(b.connpay.Server, p, 1, err)
}

// add takes over a server, and its provider if there is one.
func (b *banks) add(server *bank.Server, p interface {
	payout.Provider
	CloseIdleConnections()
}, priority int, err error,
) error {
	if err != nil {
		server.Close()
		return err
	}
	client := payout.NewClient(p, payout.WithPolling(polling()), payout.WithObserver(b.watch))
	b.all = append(b.all, simulated{client: client, server: server, idle: p, priority: priority})
	return nil
}

func pemOf(key *rsa.PrivateKey) payout.Secret {
	return payout.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})))
}

func (b *banks) close() {
	for _, s := range b.all {
		s.idle.CloseIdleConnections()
		s.server.Close()
	}
}

func (b *banks) names() (out []string) {
	for _, s := range b.all {
		out = append(out, s.client.Name())
	}
	return out
}

// books are the banks' ledgers, with the references of the registry: an attempt after
// the first has a reference of its own at its bank.
func (b *banks) books(results []Result) (out []book) {
	whose := map[string]string{}
	for _, r := range results {
		for _, reference := range r.Attempts {
			whose[reference] = r.Reference
		}
	}
	for _, s := range b.all {
		entries := s.server.Ledger().Entries()
		for i, e := range entries {
			if reference, ok := whose[e.Reference]; ok {
				entries[i].Reference = reference
			}
		}
		out = append(out, book{s.client.Name(), entries})
	}
	return out
}
