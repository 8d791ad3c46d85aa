package river_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
)

func TestSubmitAndRun(t *testing.T) {
	bank := newTill("till")
	bank.pending = true
	c := config(t, fresh(t), bank)
	e := start(t, c)
	for i := range 50 {
		_, err := e.Submit(t.Context(), order(fmt.Sprint("p-", i)))
		require.NoError(t, err)
	}
	until(t, c.Journal, dispatch.StatePaid, 50)
	for reference, n := range bank.moved() {
		require.Equal(t, 1, n, reference)
	}
}
