package adapters_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// No goroutine is left once connections are closed and banks are shut: see subject's
// clean-up.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What must never be seen. Each is long enough not to occur by chance.
const (
	password = "hunter2-password"
	control  = "merchant-control-key"
	pan      = "4111111111111111"
	account  = "DE89370400440532013000"
	mobile   = "79261214249"
	person   = "Zaphod Beeblebrox"
	email    = "zaphod@example.com"
	company  = "Magrathea Planets Ltd"
	document = "MZ-4242-77"
	inn      = "500100732259"
	address  = "2001:db8::4242"
	cvv      = "8264" // too short to be looked for where ports are
)

var secrets = []string{password, control, pan, account, mobile, "9261214249", person, "Beeblebrox", "Библброкс", email, company, document, inn, address, "PRIVATE KEY", "MII"}

// merchantKey is made once: it takes a while.
var merchantKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func keyPEM() payout.Secret {
	return payout.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(merchantKey())})))
}

type adapter interface {
	payout.Provider
	CloseIdleConnections()
}

// rail is an adapter with one way to pay through it.
type rail struct {
	name     string
	amount   payout.Money
	to       payout.Destination
	options  []payout.Option
	start    func() (*bank.Server, bank.Reply, error) // with its "something went wrong, ask" answer
	path     string                                   // below the bank's address
	open     func(baseURL string, h provider.HTTP) (adapter, any, error)
	notFound payout.ErrorKind // what a question about nothing is answered with
}

func secret(text string) payout.Secret { return payout.NewSecret(text) }

var rails = []rail{
	{
		name: "all2pay card", amount: payout.FromMinor(1234, payout.RUB), to: payout.Card{Number: secret(pan)},
		start: startAll2Pay, open: openAll2Pay, notFound: payout.ErrNotFound,
	},
	{
		name: "all2pay SBP", amount: payout.FromMinor(1234, payout.RUB), start: startAll2Pay, open: openAll2Pay, notFound: payout.ErrNotFound,
		to: payout.SBP{Phone: secret("+" + mobile), BankID: "100000000111", LastName: secret("Библброкс"), FirstName: secret("Зафод")},
	},
	{
		name: "bereke card", amount: payout.FromMinor(1234, payout.KZT), to: payout.Card{Number: secret(pan)}, notFound: payout.ErrNotFound,
		start: func() (*bank.Server, bank.Reply, error) {
			b, err := sandbox.StartBereke(sandbox.ModuleConfig{Password: password})
			if err != nil {
				return nil, bank.Reply{}, err
			}
			return b.Server, b.Reply(500, "99"), nil
		},
		open: func(baseURL string, h provider.HTTP) (adapter, any, error) {
			c := bereke.Config{BaseURL: baseURL, UserName: "payout_api_username", Password: secret(password), HTTP: h}
			p, err := bereke.New(c)
			return p, c, err
		},
	},
	{
		name: "connpay account", amount: payout.FromMinor(1234, payout.USD), to: payout.BankAccount{Number: secret(account), Name: secret(person)},
		path: "/paynet", notFound: payout.ErrOutcomeUnknown, start: startConnPay,
		open: func(baseURL string, h provider.HTTP) (adapter, any, error) {
			return openConnPay(connpay.Endpoint{ID: "1001", Group: true, Currencies: []payout.Currency{payout.USD}}, baseURL, h)
		},
	},
	{
		name: "connpay card", amount: payout.FromMinor(1234, payout.USD),
		to:   payout.Card{Number: secret(pan), Holder: secret(person), Expiry: secret("2034-12")},
		path: "/paynet", notFound: payout.ErrOutcomeUnknown, start: startConnPay,
		open: func(baseURL string, h provider.HTTP) (adapter, any, error) {
			return openConnPay(connpay.Endpoint{ID: "39915", Currencies: []payout.Currency{payout.USD}}, baseURL, h)
		},
		options: []payout.Option{connpay.Order{
			IPAddress: secret(address), CVV2: secret(cvv), LegalPersonName: secret(company), LegalPersonDocumentNumber: secret(document),
			IdentityDocumentID: secret(document), IdentityDocumentNumber: secret(document), INN: secret(inn),
		}},
	},
}

func startConnPay() (*bank.Server, bank.Reply, error) {
	g, err := sandbox.StartConnPay(sandbox.ConnPayConfig{Key: &merchantKey().PublicKey, Control: control, Processing: -1, Balance: true})
	if err != nil {
		return nil, bank.Reply{}, err
	}
	return g.Server, g.Reply("error", "99", "Order was not processed correctly"), nil
}

func openConnPay(at connpay.Endpoint, baseURL string, h provider.HTTP) (adapter, any, error) {
	c := connpay.Config{
		BaseURL: baseURL, Login: "TestMerchant", PrivateKey: keyPEM(), Control: secret(control), Endpoint: at, HTTP: h,
		Balance: connpay.Balance{Of: connpay.BalanceOfMerchant, Name: "USD"},
	}
	p, err := connpay.New(c)
	return p, c, err
}

func startAll2Pay() (*bank.Server, bank.Reply, error) {
	b, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{Password: password})
	if err != nil {
		return nil, bank.Reply{}, err
	}
	return b.Server, b.Reply(500, "99"), nil
}

func openAll2Pay(baseURL string, h provider.HTTP) (adapter, any, error) {
	c := all2pay.Config{BaseURL: baseURL, UserName: "payout_api_username", Password: secret(password), SigningKey: keyPEM(), HTTP: h}
	p, err := all2pay.New(c)
	return p, c, err
}

// request is one that the rail's bank pays.
func (r rail) request(reference string) payout.Request {
	return payout.Request{
		Reference: reference, Amount: r.amount, Destination: r.to,
		Recipient: payout.Recipient{Name: secret(person), Email: secret(email), Phone: secret(mobile)}, Options: r.options,
	}
}

// subject is a rail with its bank running.
type subject struct {
	rail
	bank   *bank.Server
	wrong  bank.Reply
	client *payout.Client
}

func (r rail) run(t *testing.T, h provider.HTTP, options ...payout.ClientOption) subject {
	t.Helper()
	server, wrong, err := r.start()
	require.NoError(t, err)
	t.Cleanup(server.Close)
	h.Roots = server.Roots()
	p, _, err := r.open(server.URL()+r.path, h)
	require.NoError(t, err)
	t.Cleanup(p.CloseIdleConnections)
	return subject{rail: r, bank: server, wrong: wrong, client: payout.NewClient(p, options...)}
}
