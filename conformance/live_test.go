package conformance_test

import (
	"crypto/x509"
	"encoding/json"
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

// Where nothing was paid the report does not look like that of a run which paid.
func TestLiveWithoutPayoutsProvesNothing(t *testing.T) {
	live, b := toyLive(t, "127.0.0.1")
	live.Requests = nil
	r, err := conformance.VerifyLive(t.Context(), live)
	require.NoError(t, err)
	assert.Zero(t, b.Total())
	assert.False(t, r.OK(), "what was not run counts as proof")
	assert.False(t, r.Broken())
	verdicts := map[string]conformance.Verdict{}
	for _, res := range r.Results {
		verdicts[res.Case] = res.Verdict
	}
	assert.Equal(t, map[string]conformance.Verdict{
		"nothing sent for bad input": conformance.NotRun, "reachable": verdicts["reachable"],
		"find unknown reference": conformance.Kept, "paid and found": conformance.NotRun,
	}, verdicts)
	md := r.Markdown()
	assert.NotContains(t, md, "every rule")
	assert.Contains(t, md, " not run: nothing sent for bad input, ")
	assert.Contains(t, md, "| not run: there is no payout to make: nothing was paid |")
	assert.Contains(t, md, "- find unknown reference: the bank's answer: ")
	raw, err := json.Marshal(r)
	require.NoError(t, err)
	for _, want := range []string{`"ok":false`, `"verdict":"not run","reason":"there is no payout`, `"summary":"is not proved: `} {
		assert.Contains(t, string(raw), want)
	}
}

// A payout on whose page nobody acts is no payout that came to an end.
func TestLiveLeftWaitingProvesNothing(t *testing.T) {
	live, _ := toyLive(t, "127.0.0.1")
	live.Requests = live.Requests[len(live.Requests)-1:]
	r, err := conformance.VerifyLive(t.Context(), live)
	require.NoError(t, err)
	last := r.Results[len(r.Results)-1]
	assert.Equal(t, conformance.NotRun, last.Verdict, last.Case)
	assert.Equal(t, "no payout came to an end", last.Reason)
	assert.Contains(t, r.Markdown(), "waits for somebody to act, and was left so")
}
