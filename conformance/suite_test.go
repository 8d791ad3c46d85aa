package conformance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/conformance"
)

// The correct provider passes.
func TestToy(t *testing.T) { conformance.Run(t, toyHarness(none)) }

// Every planted fault is caught by the case that is meant to catch it.
func TestFaultsAreCaught(t *testing.T) {
	for _, row := range caughtBy {
		t.Run(strings.ReplaceAll(string(row.fault)+" by "+row.by, " ", "_"), func(t *testing.T) {
			t.Parallel()
			r, err := conformance.Verify(t.Context(), toyHarness(row.fault), row.by)
			require.NoError(t, err)
			require.Len(t, r.Results, 1)
			assert.Equal(t, conformance.Broken, r.Results[0].Verdict, "the provider %s, and the case passed it", row.fault)
			assert.NotEmpty(t, r.Results[0].Seen)
			assert.False(t, r.OK())
		})
	}
}

// Every case catches some planted fault: one that can't fail is worse than none.
func TestEveryCaseCatchesSomething(t *testing.T) {
	for _, c := range conformance.Cases() {
		caught := slices.ContainsFunc(caughtBy, func(row struct {
			fault fault
			by    string
		},
		) bool {
			return row.by == c.Name
		})
		assert.True(t, caught, "no planted fault is meant to be caught by %q", c.Name)
	}
}
