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

// banks are the three simulated banks, each with the client that pays through it.
type banks struct {
	all2pay, bereke *sandbox.Module
	connpay         *sandbox.ConnPay
	all             []simulated
	watch           *watch
}

type simulated struct {
	client *payout.Client
	server *bank.Server
	idle   interface{ CloseIdleConnections() }
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
	for _, start := range []func() error{b.startAll2Pay, b.startBereke, b.startConnPay} {
		if err = start(); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *banks) startAll2Pay() (err error) {
	if b.all2pay, err = sandbox.StartAll2Pay(sandbox.ModuleConfig{}); err != nil {
		return err
	}
	p, err := all2pay.New(all2pay.Config{
		BaseURL: b.all2pay.URL(), UserName: b.all2pay.UserName(), Password: payout.NewSecret(b.all2pay.Password()),
		HTTP: provider.HTTP{Roots: b.all2pay.Roots()},
	})
	return b.add(b.all2pay.Server, p, err)
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
	client := payout.NewClient(p, payout.WithPolling(polling()), payout.WithObserver(b.watch))
	b.all = append(b.all, simulated{client: client, server: server, idle: p})
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

func (b *banks) books() (out []book) {
	for _, s := range b.all {
		out = append(out, book{s.client.Name(), s.server.Ledger().Entries()})
	}
	return out
}

// choose returns the first provider that pays in the request's currency to its kind
// of destination, or nil.
func (b *banks) choose(req payout.Request) *payout.Client {
	for _, s := range b.all {
		info := s.client.Info()
		_, pays := info.Range(req.Amount.Currency())
		_, reaches := info.DestinationKind(req.Destination.Kind().Name())
		if pays && reaches {
			return s.client
		}
	}
	return nil
}
