package demo

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"log/slog"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// banks are the simulated banks, each with the client that pays through it. reserve is
// a second account at all2pay.
type banks struct {
	all2pay, reserve, bereke *sandbox.Module
	connpay                  *sandbox.ConnPay
	all                      []simulated
	watch                    *watch
	observer                 payout.Observer
	folder                   string // of a running sandbox; "" if the banks are in this process
}

type simulated struct {
	client  *payout.Client
	idle    interface{ CloseIdleConnections() }
	server  *bank.Server                 // nil if it runs in another process
	entries func() ([]bank.Entry, error) // its ledger
}

// startBanks starts the banks and makes a client of each.
func startBanks(logger *slog.Logger) (_ *banks, err error) {
	b := &banks{watch: newWatch()}
	b.observer = b.watch.calls(logger)
	defer func() {
		if err != nil {
			b.close()
		}
	}()
	for _, start := range []func() error{b.startAll2Pay, b.startReserve, b.startBereke, b.startConnPay} {
		if err = start(); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *banks) startAll2Pay() (err error) {
	b.all2pay, err = b.startAccount("all2pay", payout.MustMoney("10000000.00 RUB"))
	return err
}

func (b *banks) startReserve() (err error) {
	b.reserve, err = b.startAccount("reserve", payout.MustMoney("30000000.00 RUB"))
	return err
}

// startAccount starts an all2pay with one account, under a name of its own.
func (b *banks) startAccount(name string, balance payout.Money) (*sandbox.Module, error) {
	m, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{Balance: balance})
	if err != nil {
		return nil, err
	}
	p, err := all2pay.New(all2pay.Config{
		Name: name, BaseURL: m.URL(), UserName: m.UserName(), Password: payout.NewSecret(m.Password()),
		HTTP: provider.HTTP{Roots: m.Roots()},
	})
	return m, b.add(m.Server, p, err)
}

func (b *banks) startBereke() (err error) {
	if b.bereke, err = sandbox.StartBereke(sandbox.ModuleConfig{}); err != nil {
		return err
	}
	p, err := bereke.New(bereke.Config{
		BaseURL: b.bereke.URL(), UserName: b.bereke.UserName(), Password: payout.NewSecret(b.bereke.Password()),
		HTTP: provider.HTTP{Roots: b.bereke.Roots()},
	})
	return b.add(b.bereke.Server, p, err)
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
	return b.add(b.connpay.Server, p, err)
}

// add takes over a server, and its provider if there is one.
func (b *banks) add(server *bank.Server, p interface {
	payout.Provider
	CloseIdleConnections()
}, err error,
) error {
	if err != nil {
		server.Close()
		return err
	}
	client := payout.NewClient(p, payout.WithObserver(b.observer))
	entries := func() ([]bank.Entry, error) { return server.Ledger().Entries(), nil }
	b.all = append(b.all, simulated{client: client, idle: p, server: server, entries: entries})
	return nil
}

func pemOf(key *rsa.PrivateKey) payout.Secret {
	return payout.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})))
}

func (b *banks) close() {
	for _, s := range b.all {
		s.idle.CloseIdleConnections()
		if s.server != nil {
			s.server.Close()
		}
	}
}

func (b *banks) clients() (out []*payout.Client) {
	for _, s := range b.all {
		out = append(out, s.client)
	}
	return out
}

// books are the banks' ledgers, whose references payoutOf turns into payouts.
func (b *banks) books(payoutOf func(provider, reference string) string) (out []book, err error) {
	for _, s := range b.all {
		book := book{provider: s.client.Name()}
		entries, err := s.entries()
		if err != nil {
			return nil, fmt.Errorf("the ledger of %s: %w", book.provider, err)
		}
		for _, e := range entries {
			e.Reference = payoutOf(book.provider, e.Reference)
			book.entries = append(book.entries, e)
		}
		out = append(out, book)
	}
	return out, nil
}
