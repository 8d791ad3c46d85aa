package conformance_test

import (
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/provider"
)

// toyLive treats the simulated toy bank as somebody else's test host.
func toyLive(t *testing.T, hosts ...string) (conformance.Live, conformance.Bank) {
	t.Helper()
	b, err := startToyBank()
	require.NoError(t, err)
	t.Cleanup(b.Close)
	t.Setenv("TOY_KEY", toyKey)
	h := toyHarness(none)
	return conformance.Live{
		Patience: time.Second,
		Env:      []string{"TOY_KEY"}, Hosts: hosts, Requests: h.Requests,
		New: func(env func(string) string, dial conformance.Dial) (payout.Provider, error) {
			return dialled(env("TOY_KEY"), b.URL(), b.Roots(), dial)
		},
	}, b
}

func dialled(key, url string, roots *x509.CertPool, dial conformance.Dial) (payout.Provider, error) {
	link, err := provider.HTTP{Roots: roots, Dial: dial, IdleTimeout: -1}.Open(url)
	return &toy{send: link, key: payout.NewSecret(key)}, err
}

func TestLive(t *testing.T) {
	live, b := toyLive(t, "127.0.0.1")
	var kept conformance.Report
	live.Keep = func(r conformance.Report) error { kept = r; return nil }
	conformance.RunLive(t, live)
	assert.True(t, kept.OK())
	assert.Equal(t, len(live.Requests)-1, b.Total(), "nobody acted on the page")
	assert.Contains(t, strings.Join(kept.Results[3].Notes, "\n"), "5.00 USD to toy_page waits for somebody to act")
	assert.Contains(t, kept.Markdown(), "127.0.0.1")
}

// A host that is not listed is not reached, whatever the configuration says.
func TestLiveReachesTestHostsOnly(t *testing.T) {
	live, b := toyLive(t, "bank.invalid")
	r, err := conformance.VerifyLive(t.Context(), live)
	require.NoError(t, err)
	assert.False(t, r.OK())
	assert.Zero(t, b.Total())
}

func TestLiveWantsItsVariables(t *testing.T) {
	live, _ := toyLive(t, "127.0.0.1")
	t.Setenv("TOY_KEY", "")
	_, err := conformance.VerifyLive(t.Context(), live)
	assert.ErrorContains(t, err, "TOY_KEY")
}

// The live cases find what is wrong as well.
func TestLiveFindsFaults(t *testing.T) {
	for _, f := range []fault{notFoundFailed, needsID, promisesPing} {
		t.Run(string(f), func(t *testing.T) {
			live, b := toyLive(t, "127.0.0.1")
			live.New = func(_ func(string) string, _ conformance.Dial) (payout.Provider, error) {
				return newToy(f, toyKey, b.URL(), b.Roots())
			}
			r, err := conformance.VerifyLive(t.Context(), live)
			require.NoError(t, err)
			assert.False(t, r.OK())
		})
	}
}
