package connpay_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// merchantKey is made once: it takes a while.
var merchantKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func pkcs1(key *rsa.PrivateKey) payout.Secret {
	return payout.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})))
}

// key is one of testdata.
func key(t testing.TB, name string) payout.Secret {
	t.Helper()
	text, err := os.ReadFile("testdata/keys/" + name)
	require.NoError(t, err)
	return payout.NewSecret(string(text))
}

var (
	endpoint = connpay.Endpoint{ID: "39915", Currencies: []payout.Currency{payout.USD}}
	group    = connpay.Endpoint{ID: "1001", Group: true, Currencies: []payout.Currency{payout.USD, payout.EUR, payout.JPY, payout.KWD}}
)

// open returns a client. What the configuration lacks is that of the document's
// sample and of the simulated gateway.
func open(t testing.TB, c connpay.Config) *payout.Client {
	t.Helper()
	if c.Login == "" {
		c.Login = "TestMerchant" // connpay:207
	}
	if c.Endpoint.ID == "" {
		c.Endpoint = endpoint
	}
	if c.PrivateKey.IsZero() {
		c.PrivateKey = pkcs1(merchantKey())
	}
	if c.Control.IsZero() {
		c.Control = payout.NewSecret("test-merchant-control")
	}
	p, err := connpay.New(c)
	require.NoError(t, err)
	t.Cleanup(p.CloseIdleConnections)
	return payout.NewClient(p)
}

// inSandbox is the gateway's simulation, which ends an order at the first question.
func inSandbox(t *testing.T, e connpay.Endpoint) (*sandbox.ConnPay, *payout.Client) {
	t.Helper()
	return simulate(t, sandbox.ConnPayConfig{Processing: -1}, connpay.Config{Endpoint: e})
}

// simulate is a gateway of that kind, with a client.
func simulate(t *testing.T, gate sandbox.ConnPayConfig, c connpay.Config) (*sandbox.ConnPay, *payout.Client) {
	t.Helper()
	gate.Key = &merchantKey().PublicKey
	g, err := sandbox.StartConnPay(gate)
	require.NoError(t, err)
	t.Cleanup(g.Close)
	c.BaseURL, c.HTTP = g.URL()+"/paynet", provider.HTTP{Roots: g.Roots()}
	return g, open(t, c)
}

// captured is a gateway that keeps the bytes that it is sent.
func captured(t *testing.T, c connpay.Config) (*adaptertest.Capture, *payout.Client) {
	t.Helper()
	gate := adaptertest.NewCapture()
	t.Cleanup(gate.Close)
	c.BaseURL, c.HTTP = gate.URL()+"/paynet", gate.HTTP()
	return gate, open(t, c)
}

// sample is the request of connpay:203-217.
func sample() payout.Request {
	return payout.Request{
		Reference: "1", Amount: payout.FromMinor(1042, payout.USD), CallbackURL: "https://httpstat.us/200",
		Destination: payout.BankAccount{Number: payout.NewSecret("1234"), Name: payout.NewSecret("1234"), RoutingNumber: "15"},
	}
}

// request is one that the gateway pays, to a documented test account.
func request(reference, account string) payout.Request {
	return payout.Request{
		Reference: reference, Amount: payout.FromMinor(1042, payout.USD),
		Destination: payout.BankAccount{Number: payout.NewSecret(account)},
	}
}

// answer is a form as the gateway writes it (connpay:231-235), changed by name; "-"
// takes a field away.
func answer(change map[string]string, pairs ...string) string {
	var out []string
	for i := 0; i < len(pairs); i += 2 {
		value, changed := change[pairs[i]]
		if !changed {
			value = pairs[i+1]
		}
		if value != "-" {
			out = append(out, pairs[i]+"="+url.QueryEscape(value))
		}
	}
	return strings.Join(out, "\n&")
}

// told is what a call told, in a few words.
func told(t *testing.T, p payout.Payout, err error) string {
	t.Helper()
	require.False(t, payout.SafeToRetry(err), "an answer came, so the request had left")
	switch {
	case err != nil:
		require.Zero(t, p)
		return "error: " + payout.KindOf(err).Error()
	case p.Status == payout.StatusFailed:
		return "failed " + p.Failure.Reason.String()
	default:
		require.Zero(t, p.Failure)
		return p.Status.String()
	}
}

// dialOnly connects to one address, whatever it is asked for.
func dialOnly(address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
}
