package batch_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// carrier refuses dollars, with the bank's rule, and francs, with a word of its own.
type carrier struct {
	asked   atomic.Int64
	willing atomic.Bool // it changed its mind
}

func (c *carrier) accept(req payout.Request) error {
	c.asked.Add(1)
	switch {
	case c.willing.Load():
		return nil
	case req.Amount.Currency() == payout.USD:
		return &payout.Error{Kind: payout.ErrInvalid, Violations: []payout.Violation{
			{Field: "destination.number", Rule: "must be a card in roubles (currency)", Doc: "bank:7"},
			{Field: "recipient.phone", Rule: "is required"},
		}}
	case req.Amount.Currency() == payout.CHF:
		return errors.New("nobody pays francs")
	default:
		return nil
	}
}

// A row that nobody carries out is a wrong row: it is in no total, and no run sends it.
func TestRowsThatNobodyCarriesOut(t *testing.T) {
	t.Parallel()
	const byBank = "column 5 (card.number): must be a card in roubles (currency) (bank:7)"
	var file strings.Builder
	file.WriteString(header)
	var want []string
	for i := range 2000 {
		switch i % 10 {
		case 3:
			file.WriteString(row(fmt.Sprintf("p-%d", i), "1.00", "USD"))
			want = append(want, fmt.Sprintf("line %d: column recipient.phone: is required; %s", i+2, byBank))
		case 5:
			file.WriteString(row(fmt.Sprintf("p-%d", i), "1.00", "CHF"))
			want = append(want, fmt.Sprintf("line %d: nobody pays francs", i+2))
		case 7: // is wrong by itself: nobody is asked
			file.WriteString(row(fmt.Sprintf("p-%d", i), "1.001", "USD"))
			want = append(want, fmt.Sprintf("line %d: column 2 (amount): has more decimals than USD has", i+2))
		default:
			file.WriteString(row(fmt.Sprintf("p-%d", i), "1.00", "RUB"))
		}
	}
	var c carrier
	report := check(t, file.String(), batch.Checking{Accept: c.accept, Keep: 2000})
	require.Equal(t, want, texts(report.Problems))
	require.Equal(t, 1400, report.Right)
	require.Equal(t, []payout.Money{payout.MustMoney("1400.00 RUB")}, report.Totals)
	require.EqualValues(t, 1800, c.asked.Load())
	require.Equal(t, "411111******1111", report.Problems[0].Problems[1].Masked)

	// Whoever reads it again finds the same, and asks about those rows alone.
	again, err := report.Reader()
	require.NoError(t, err)
	all := rows(t, again)
	require.Len(t, references(all), 1400)
	require.EqualValues(t, 1800+400, c.asked.Load())
	require.EqualError(t, all[3].Err, want[0])
	// Also where they would be accepted by now: what was confirmed is not more.
	c.willing.Store(true)
	again, err = report.Reader()
	require.NoError(t, err)
	all = rows(t, again)
	require.Len(t, references(all), 1400)
	require.EqualError(t, all[3].Err, "line 5: was refused when the file was checked")
}

// A row that nobody carries out does not count among those that say the same.
func TestDerivedReferencesAndRowsThatNobodyCarriesOut(t *testing.T) {
	t.Parallel()
	dollars := strings.Replace(bareRow("1.00", "A B", "x"), "RUB", "USD", 1)
	file := bare + dollars + bareRow("1.00", "A B", "x") + dollars + bareRow("1.00", "A B", "x")
	var c carrier
	report := check(t, file, batch.Checking{Options: october(), Accept: c.accept})
	require.Equal(t, 2, report.Wrong)
	require.Equal(t, 1, report.Repeated)
	again, err := report.Reader()
	require.NoError(t, err)
	require.Equal(t, derived(t, bare+strings.Repeat(bareRow("1.00", "A B", "x"), 2), october()), references(rows(t, again)))
}
