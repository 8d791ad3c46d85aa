package batch_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// books are payouts by reference: what they pay, and whether they are under way.
type books map[string]struct {
	amount string
	live   bool
}

func (b books) Payouts(_ context.Context, references []string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, r := range references {
		if e, ok := b[r]; ok {
			out[r] = e.live
		}
	}
	return out, nil
}

func (b books) Conflict(req payout.Request) error {
	if e, ok := b[req.Reference]; ok && e.amount != req.Amount.String() {
		return &payout.Error{Kind: payout.ErrConflict, Violations: []payout.Violation{{Field: "reference", Rule: "stands for " + e.amount}}}
	}
	return nil
}

// A row whose reference stands for something else is wrong; what stands as it says is
// counted.
func TestWhatStandsAlready(t *testing.T) {
	t.Parallel()
	file := header + row("p-1", "1.00", "RUB") + row("p-2", "2.00", "RUB") + row("p-3", "3.00", "RUB") + row("p-4", "4.00", "RUB")
	standing := books{"p-1": {"1.00 RUB", true}, "p-2": {"2.01 RUB", true}, "p-3": {"3.00 RUB", false}}
	report := check(t, file, batch.Checking{Standing: standing})
	require.Equal(t, 1, report.Wrong)
	require.EqualError(t, report.Problems[0], "line 3: column 1 (reference): stands for 2.01 RUB")
	require.Equal(t, batch.Tally{Rows: 1, Totals: []payout.Money{payout.MustMoney("1.00 RUB")}}, report.UnderWay)
	require.Equal(t, batch.Tally{Rows: 1, Totals: []payout.Money{payout.MustMoney("3.00 RUB")}}, report.Ended)
	require.Equal(t, []payout.Money{payout.MustMoney("8.00 RUB")}, report.Totals)

	// It is wrong when the file is read again, too.
	r, err := report.Reader()
	require.NoError(t, err)
	for line := 2; ; line++ {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		require.Equal(t, line == 3, row.Err != nil, line)
	}
}

// Of references that are derived those alone are looked up that were taken: no other
// stands.
func TestWhatStandsUnderDerivedReferences(t *testing.T) {
	t.Parallel()
	first := bare + bareRow("1.00", "A B", "x")
	earlier := batch.EarlierMap{}
	taken(t, earlier, first, october())
	standing := books{derived(t, first, october())[0]: {"1.00 RUB", true}}
	for _, known := range []batch.Earlier{nil, earlier} {
		report := check(t, first+bareRow("2.00", "A B", "x"), batch.Checking{Options: october(), Earlier: known, Standing: standing})
		require.Equal(t, 1, report.UnderWay.Rows)
		require.Equal(t, 2, report.Right)
	}
}

// A card number that turns out to be rounded takes its row out of all sums.
func TestWhatStandsIsNoRoundedRow(t *testing.T) {
	t.Parallel()
	file := header + "p-1,1.00,RUB,card,4000000000000010,A B,x\n" + row("p-2", "1.00", "RUB") + "p-3,1.00,RUB,card,4111111111111110,A B,x\n"
	report := check(t, file, batch.Checking{Standing: books{"p-1": {"1.00 RUB", true}, "p-2": {"1.00 RUB", true}}})
	require.Equal(t, 2, report.Wrong)
	require.Equal(t, batch.Tally{Rows: 1, Totals: []payout.Money{payout.MustMoney("1.00 RUB")}}, report.UnderWay)
}
