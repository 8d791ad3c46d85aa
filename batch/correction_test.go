package batch_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/batch"
)

// A row whose amount was corrected after it had been paid is another payout to the same
// person: it is shown first.
func TestACorrectedAmountIsShown(t *testing.T) {
	t.Parallel()
	first := bare + bareRow("11.00", "A B", "x")
	earlier := batch.EarlierMap{}
	taken(t, earlier, first, october())
	paid := derived(t, first, october())
	file := bare + bareRow("12.00", "A B", "x")
	report := check(t, file, batch.Checking{Options: october(), Earlier: earlier})
	require.Equal(t, 1, report.Overlaps)
	require.Equal(t, 2, report.Overlapping[0].Line)
	require.Empty(t, report.Overlapping[0].Earlier, "no such amount was paid")
	require.Equal(t, paid, report.Overlapping[0].Corrected)

	// Once it was confirmed and taken, it is taken again under its own reference.
	taken(t, earlier, file, october())
	require.Zero(t, check(t, file, batch.Checking{Options: october(), Earlier: earlier}).Overlaps)

	// In another batch it is another payout.
	require.Zero(t, check(t, bare+bareRow("13.00", "A B", "x"), batch.Checking{Options: november(), Earlier: earlier}).Overlaps)
}

// Two rows of one file may pay one destination, whichever was taken first.
func TestSeveralRowsToOneDestinationAreNoCorrection(t *testing.T) {
	t.Parallel()
	first, both := bare+bareRow("11.00", "A B", "x"), bare+bareRow("12.00", "A B", "y")+bareRow("11.00", "A B", "x")
	earlier := batch.EarlierMap{}
	taken(t, earlier, first, october())
	require.Zero(t, check(t, both, batch.Checking{Options: october(), Earlier: earlier}).Overlaps)
	taken(t, earlier, both, october())
	require.Zero(t, check(t, both, batch.Checking{Options: october(), Earlier: earlier}).Overlaps)
	require.Zero(t, check(t, first, batch.Checking{Options: october(), Earlier: earlier}).Overlaps, "a row that was taken before is none that is new")
}

// With a column of references a row is new if its reference is.
func TestCorrectionsWithAColumnOfReferences(t *testing.T) {
	t.Parallel()
	earlier := batch.EarlierMap{}
	taken(t, earlier, header+row("p-1", "11.00", "RUB"), october())
	report := check(t, header+row("p-2", "12.00", "RUB"), batch.Checking{Options: october(), Earlier: earlier})
	require.Equal(t, []string{"p-1"}, report.Overlapping[0].Corrected)
	require.Zero(t, check(t, header+row("P-1", "11.00", "RUB"), batch.Checking{Options: october(), Earlier: earlier}).Overlaps)
	require.Zero(t, check(t, header+row("p-2", "12.00", "RUB"), batch.Checking{Options: batch.Options{Key: key()}, Earlier: earlier}).Overlaps, "there is no batch")
}

// Where nothing tells destinations from one another, nothing is a correction of another.
func TestAPayeeIsSomebody(t *testing.T) {
	t.Parallel()
	const page = "reference,amount,currency,destination,recipient.name\np-1,1.00,RUB,hosted_page,%s\n"
	of := func(name string) batch.Row { return rows(t, openWith(t, fmt.Sprintf(page, name), october()))[0] }
	require.True(t, of("").Payee.IsZero())
	require.False(t, of("A B").Payee.IsZero())
	require.Equal(t, of("A B").Payee, of("a b").Payee)
	require.NotEqual(t, of("A B").Payee, of("A B").Overlap)
	require.NotEqual(t, of("A B").Payee, of("A B").Batch)
}

// A destination that the batch pays often is asked for once.
func TestADestinationThatIsPaidOften(t *testing.T) {
	t.Parallel()
	var first, next strings.Builder
	first.WriteString(header)
	next.WriteString(header)
	for i := range 2500 {
		first.WriteString(row(fmt.Sprintf("p-%d", i), fmt.Sprint(i+1), "RUB"))
		next.WriteString(row(fmt.Sprintf("q-%d", i), fmt.Sprint(i+5001), "RUB"))
	}
	a := &asked{EarlierMap: batch.EarlierMap{}}
	taken(t, a.EarlierMap, first.String(), october())
	report := check(t, next.String(), batch.Checking{Options: october(), Earlier: a})
	require.Equal(t, 2500, report.Overlaps)
	require.Len(t, report.Overlapping[2].Corrected, 100)
	require.Equal(t, []int{1, 1024, 1024, 1024, 452, 1024, 1024, 1024, 452}, a.groups)
}
