package conformance_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/conformance"
)

func TestExceptions(t *testing.T) {
	for name, row := range map[string]struct {
		exception conformance.Exception
		want      string // of the error; "" is none
	}{
		"with a reason":           {conformance.Exception{Case: "no goroutine left", Reason: "the vendor's library keeps one"}, ""},
		"without a reason":        {conformance.Exception{Case: "no goroutine left"}, "needs a reason"},
		"of a case that is not":   {conformance.Exception{Case: "no such case", Reason: "because"}, "no case"},
		"of what concerns money":  {conformance.Exception{Case: "answer lost", Reason: "it never happens"}, "concerns money"},
		"of what concerns a fate": {conformance.Exception{Case: "timeout", Reason: "it never happens"}, "concerns money"},
	} {
		t.Run(name, func(t *testing.T) {
			h := toyHarness(leaksGoroutine)
			h.Exceptions = []conformance.Exception{row.exception}
			r, err := conformance.Verify(t.Context(), h, "no goroutine left")
			if row.want != "" {
				require.ErrorContains(t, err, row.want)
				return
			}
			require.NoError(t, err)
			assert.True(t, r.OK())
			assert.Equal(t, conformance.Excepted, r.Results[0].Verdict)
			assert.Contains(t, r.Markdown(), row.exception.Reason)
		})
	}
}

// A case that fails says what was seen, which rule it breaks and what that costs.
func TestReportOfABrokenRule(t *testing.T) {
	r, err := conformance.Verify(t.Context(), toyHarness(any5xxFailed), "server errors after success", "accepted")
	require.NoError(t, err)
	assert.False(t, r.OK())
	md := r.Markdown()
	for _, want := range []string{"**breaks rules**", "| accepted |", "the status is failed", "Rule: A 5xx proves nothing", "Why it costs money: "} {
		assert.Contains(t, md, want)
	}
	raw, err := json.Marshal(r)
	require.NoError(t, err)
	var back struct {
		Adapter string
		OK      bool
		Results []conformance.Result
	}
	require.NoError(t, json.Unmarshal(raw, &back))
	assert.Equal(t, "toy", back.Adapter)
	assert.False(t, back.OK)
	assert.Equal(t, r.Results, back.Results)
	assert.NotContains(t, md+string(raw), toyKey)
}

func TestHarnessIsChecked(t *testing.T) {
	for name, forget := range map[string]func(*conformance.Harness){
		"New":      func(h *conformance.Harness) { h.New = nil },
		"Stranger": func(h *conformance.Harness) { h.Stranger = nil },
		"NewBank":  func(h *conformance.Harness) { h.NewBank = nil },
		"Requests": func(h *conformance.Harness) { h.Requests = nil },
	} {
		h := toyHarness(none)
		forget(&h)
		_, err := conformance.Verify(t.Context(), h)
		assert.ErrorContains(t, err, "Harness."+name)
	}
	_, err := conformance.Verify(t.Context(), toyHarness(none), "no such case")
	assert.ErrorContains(t, err, "no such case")
}

// Every case says in a sentence what it checks and why, under a name of its own.
func TestCasesAreTold(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range conformance.Cases() {
		assert.False(t, seen[c.Name], "%q stands twice", c.Name)
		seen[c.Name] = true
		assert.True(t, strings.HasSuffix(c.Rule, "."), "%q: the rule is no sentence", c.Name)
		assert.NotEmpty(t, c.Cost, "%q does not say what it costs", c.Name)
	}
}
