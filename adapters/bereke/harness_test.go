package bereke_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open returns a client with the credentials of the document's samples.
func open(t *testing.T, c bereke.Config) *payout.Client {
	t.Helper()
	c.UserName, c.Password = "payout_api_username", payout.NewSecret("payout_api_password")
	p, err := bereke.New(c)
	require.NoError(t, err)
	t.Cleanup(p.CloseIdleConnections)
	return payout.NewClient(p)
}

// inSandbox is the bank's simulation.
func inSandbox(t *testing.T, cfg sandbox.ModuleConfig, c bereke.Config) (*sandbox.Module, *payout.Client) {
	t.Helper()
	bank, err := sandbox.StartBereke(cfg)
	require.NoError(t, err)
	t.Cleanup(bank.Close)
	c.BaseURL, c.HTTP = bank.URL(), provider.HTTP{Roots: bank.Roots()}
	return bank, open(t, c)
}

// captured is a bank that keeps the bytes that it is sent.
func captured(t *testing.T, c bereke.Config) (*adaptertest.Capture, *payout.Client) {
	t.Helper()
	bank := adaptertest.NewCapture()
	t.Cleanup(bank.Close)
	c.BaseURL, c.HTTP = bank.URL(), bank.HTTP()
	return bank, open(t, c)
}
