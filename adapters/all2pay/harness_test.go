package all2pay_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open returns a client. What the configuration lacks is that of the documents'
// samples.
func open(t *testing.T, c all2pay.Config) *payout.Client {
	t.Helper()
	if c.UserName == "" {
		c.UserName, c.Password = "payout_api_username", payout.NewSecret("payout_api_password")
	}
	p, err := all2pay.New(c)
	require.NoError(t, err)
	t.Cleanup(p.CloseIdleConnections)
	return payout.NewClient(p)
}

// inSandbox is the bank's simulation.
func inSandbox(t *testing.T, cfg sandbox.ModuleConfig) (*sandbox.Module, *payout.Client) {
	t.Helper()
	bank, err := sandbox.StartAll2Pay(cfg)
	require.NoError(t, err)
	t.Cleanup(bank.Close)
	return bank, open(t, all2pay.Config{BaseURL: bank.URL(), HTTP: provider.HTTP{Roots: bank.Roots()}})
}

// captured is a bank that keeps the bytes that it is sent.
func captured(t *testing.T, c all2pay.Config) (*adaptertest.Capture, *payout.Client) {
	t.Helper()
	bank := adaptertest.NewCapture()
	t.Cleanup(bank.Close)
	c.BaseURL, c.HTTP = bank.URL(), bank.HTTP()
	return bank, open(t, c)
}

// verifying is a bank that requires signatures, a client that does not sign and one
// that does.
func verifying(t *testing.T) (server *sandbox.Module, unsigned, signed *payout.Client) {
	t.Helper()
	key, text := signingKey(t)
	server, unsigned = inSandbox(t, sandbox.ModuleConfig{Signer: &key.PublicKey})
	return server, unsigned, open(t, all2pay.Config{
		BaseURL: server.URL(), HTTP: provider.HTTP{Roots: server.Roots()}, SigningKey: text,
	})
}

// signingKey is a new one, and its text.
func signingKey(t *testing.T) (*rsa.PrivateKey, payout.Secret) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	return key, payout.NewSecret(string(text))
}
