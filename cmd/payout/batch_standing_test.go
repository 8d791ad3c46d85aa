//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A row whose reference stands for another payout is found before anything is sent, and no
// result says that nothing was sent under the reference.
func TestBatchWithAReferenceThatStandsForAnother(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	batch := b.file(t, header+"p-1,11.00,RUB,card,4111111111111111,IVAN PETROV\n")
	_, failure, code := batch("run", "--confirm", "11.00 RUB")
	require.Zero(t, code, failure)

	batch = b.file(t, header+"p-1,12.00,RUB,card,4111111111111111,IVAN PETROV\np-2,5.00,RUB,card,4111111111111111,IVAN PETROV\n")
	const found = "column 1 (reference): stands for another payout already: 11.00 RUB to card 411111******1111, which is paid"
	out, _, code := batch("check")
	require.Equal(t, 1, code)
	require.Contains(t, out, "line 2: "+found)
	require.Contains(t, out, "2 rows, 1 right, 1 wrong")
	out, failure, code = batch("run", "--confirm", "5.00 RUB")
	require.Equal(t, 2, code)
	require.Contains(t, out, "line 2: "+found)
	require.Contains(t, failure, "nothing was sent: correct the file")
	b.once(t, 1)
	_, failure, code = batch("run", "--confirm", "5.00 RUB", "--only-right")
	require.Equal(t, 1, code, failure)
	b.once(t, 2)
	results, err := os.ReadFile(filepath.Join(b.folder, "x.csv.results.csv"))
	require.NoError(t, err)
	require.Contains(t, string(results), "2,p-1,Error,wrong,,,,,,\""+found)
	require.NotContains(t, string(results), "not_sent")
}

// Who confirms what a file comes to sees how much of it is not new.
func TestBatchSaysWhatIsTakenAlready(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const first = derivedHeader + "11.00,RUB,card,4111111111111111,IVAN PETROV\n7.00,KZT,card,5555555555554444,IVAN PETROV\n"
	batch := b.file(t, first)
	out, failure, code := batch("run", "--batch", "x1", "--confirm", "7.00 KZT, 11.00 RUB")
	require.Zero(t, code, failure)
	require.NotContains(t, out, "already")
	batch = b.file(t, first+"5.00,RUB,card,4111111111111111,IVAN PETROV\n")
	out, failure, code = batch("check", "--batch", "x1")
	require.Zero(t, code, failure)
	const taken = "the right rows come to: 7.00 KZT, 16.00 RUB\nof that 7.00 KZT, 11.00 RUB, 2 rows, is paid or under way already\n"
	require.Contains(t, out, taken)
	out, _, _ = batch("check", "--batch", "x1", "--json")
	require.Contains(t, out, `"under_way":{"rows":2,"totals":["7.00 KZT","11.00 RUB"]},"ended":{"rows":0,"totals":[]}`)
	out, _, code = batch("run", "--batch", "x1")
	require.Equal(t, 2, code)
	require.Contains(t, out, taken)
	out, failure, code = batch("run", "--batch", "x1", "--confirm", "7.00 KZT, 16.00 RUB")
	require.Zero(t, code, failure)
	require.Contains(t, out, taken)
	b.once(t, 3)
}

// Rows that say the same are named, the first few of them.
func TestBatchNamesRowsThatSayTheSame(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path, _ := b.registry(t, 16)
	out, failure, code := runs(t, "batch", "check", path, "--config", b.config)
	require.Zero(t, code, failure)
	require.Contains(t, out, "line 4 says the same as line 2, and is another payout\nline 5 says the same as line 3, ")
	require.Contains(t, out, "line 8 says the same as line 2, and is another payout\n... and 9 more rows that say the same as another\n")
	require.Contains(t, out, "16 rows, 16 right, 0 wrong, 14 that say the same as another row\n")
	out, _, _ = runs(t, "batch", "check", path, "--config", b.config, "--json")
	require.Contains(t, out, `{"first":2,"line":4,"type":"repeated"}`)
}
