package batch_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/batch"
)

// Rows that say the same are named, whether their references are derived or in a column.
func TestRowsThatSayTheSame(t *testing.T) {
	t.Parallel()
	same := []batch.Repeat{{Line: 4, First: 2}, {Line: 5, First: 2}}
	file := bare + bareRow("1.00", "A B", "x") + bareRow("2.00", "A B", "x") + bareRow("1.0", "A B", "x") + bareRow("1.00", "A B", "x")
	report := check(t, file, batch.Checking{Options: october()})
	require.Equal(t, 2, report.Repeated)
	require.Equal(t, same, report.Repeating)

	file = header + row("p-1", "1.00", "RUB") + row("p-2", "2.00", "RUB") + row("p-3", "1.0", "RUB") + row("p-4", "1.00", "RUB") +
		row("p-5", "1.00", "USD") + row("p-4", "1.00", "RUB") // which is wrong
	report = check(t, file, batch.Checking{})
	require.Equal(t, 2, report.Repeated)
	require.Equal(t, same, report.Repeating)
	report = check(t, file, batch.Checking{Keep: 1})
	require.Equal(t, 2, report.Repeated)
	require.Equal(t, same[:1], report.Repeating)

	// Those that are wrong in the end say nothing.
	const rounded = "1.00,RUB,card,4000000000000010,A B,x\n"
	report = check(t, header+"p-1,"+rounded+"p-2,"+rounded+"p-3,1.00,RUB,card,4111111111111110,A B,x\n", batch.Checking{})
	require.Zero(t, report.Repeated)
	require.Empty(t, report.Repeating)
}
