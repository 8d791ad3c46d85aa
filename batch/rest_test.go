package batch_test

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

const (
	begun   = "p-2,2.00,RUB,card,4111111111111111,A B,"
	after   = "p-3,3.00,RUB,card,4111111111111111,A B,x\np-4,4.00,RUB,card,4111111111111111,A B,x\n"
	theRest = "; whether the lines after it are rows can't be told, so none of them was read"
	isOpen  = "column 7 (description): begins with a quote and has no closing one on its line, and a field can't hold a line break"
)

// A quote that is open at the end of its line ends the registry, whatever comes
// after: rows and text can't be told apart any more.
func TestAnOpenQuoteEndsTheRegistry(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, rest, want string
		last             int
	}{
		{"never closed", begun + "\"x\n" + after, "lines 3 to 5: " + isOpen + theRest, 5},
		{"closed by the next quote", begun + "\"x\n" + after + "p-5,5.00,RUB,card,4111111111111111,A B,\"y\"\n", "lines 3 to 6: " + isOpen + theRest, 6},
		// As CSV this is one row with a line break, and then rows. But were the quote of line
		// 3 a mistake, a description that somebody chose with care would be paid as rows.
		{"a field with a line break", begun + "\"x\ny\"\n" + after, "lines 3 to 6: " + isOpen + theRest, 6},
		{"a field that holds a row", begun + "\"\n" + "evil,9.00,RUB,card,4111111111111111,A B,\"\n" + after, "lines 3 to 6: " + isOpen + theRest, 6},
		{"at the end of the line", begun + "\"\n" + after, "lines 3 to 5: " + isOpen + theRest, 5},
		{"after another fault", `p-2,2.00,"RUB"x,card,4111111111111111,A B,"x` + "\n" + after, "lines 3 to 5: " + isOpen + theRest, 5},
		{"after a bare quote", `p-2,2"00,RUB,card,4111111111111111,A B,"x` + "\n" + after, "lines 3 to 5: " + isOpen + theRest, 5},
		{"beyond the header", begun + "x,y,\"z\n" + after, "lines 3 to 5: column 9: " + strings.TrimPrefix(isOpen, "column 7 (description): ") + theRest, 5},
		{"on the last line", begun + "\"x\n", "line 3: " + isOpen, 3},
		{"a last line that is cut off", begun + "\"x\n" + after + "p-5,", "lines 3 to 6: " + isOpen + theRest, 6},
		{"empty lines count", begun + "\"x\n\n\n", "lines 3 to 5: " + isOpen + theRest, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := rows(t, open(t, header+right+c.rest))
			require.Equal(t, []string{"p-1"}, references(all))
			require.Len(t, all, 2)
			require.EqualError(t, all[1].Err, c.want)
			require.Equal(t, 3, all[1].Line)
			require.Equal(t, c.last, all[1].LastLine)
			require.Equal(t, "p-2", all[1].Reference)
		})
	}
}

func TestTheLastLineMayBeCutOff(t *testing.T) {
	t.Parallel()
	all := rows(t, open(t, header+right+"p-2,2.00,RUB,card,4111111111111111,A B,x"))
	require.Equal(t, []string{"p-1"}, references(all))
	require.EqualError(t, all[1].Err, "line 3: has no line break at its end: the file may have been cut off")
}

// The rest of a file is only counted, and if that fails the caller hears of it.
func TestTheRestCannotBeRead(t *testing.T) {
	t.Parallel()
	broken := errors.New("gone")
	r, err := batch.NewReader(io.MultiReader(strings.NewReader(header+begun+"\"x\n"+after), iotest.ErrReader(broken)), payout.Kinds()...)
	require.NoError(t, err)
	row, err := r.Next()
	require.NoError(t, err)
	require.EqualError(t, row.Err, "lines 2 to 4: "+isOpen+theRest)
	_, err = r.Next()
	require.ErrorIs(t, err, broken)
}

var xs = strings.Repeat("x", 1<<16)

// endless is a line without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	return copy(p, xs), nil
}

// No parallel: it looks at the memory of the process.
func TestAVeryLongLine(t *testing.T) {
	const size = 1 << 26
	for name, begin := range map[string]string{"a field": begun, "a quoted field": begun + `"`, "a card": "p-2,2.00,RUB,card,4111111111111111"} {
		t.Run(name, func(t *testing.T) {
			r, err := batch.NewReader(io.MultiReader(
				strings.NewReader(header+right+begin), io.LimitReader(endless{}, size), strings.NewReader("\n"+after),
			), payout.Kinds()...)
			require.NoError(t, err)
			var before, then runtime.MemStats
			runtime.ReadMemStats(&before)
			all := rows(t, r)
			runtime.ReadMemStats(&then)
			require.Equal(t, []string{"p-1"}, references(all))
			want := "lines 3 to 5: is longer than 262144 bytes" + theRest
			require.EqualError(t, all[1].Err, want)
			require.Empty(t, all[1].Reference)
			require.Less(t, then.TotalAlloc-before.TotalAlloc, uint64(1<<20), "bytes to read %d", size)
		})
	}
}

// The longest line that is read.
func TestALineAtTheLimit(t *testing.T) {
	t.Parallel()
	line := begun + strings.Repeat("x", 1<<18-1-len(begun))
	all := rows(t, open(t, header+line+"\n"+right))
	require.EqualError(t, all[0].Err, "line 2: column 7 (description): must be at most 1024 characters")
	require.Equal(t, []string{"p-1"}, references(all))

	all = rows(t, open(t, header+line+"x\n"+right))
	require.EqualError(t, all[0].Err, "lines 2 to 3: is longer than 262144 bytes"+theRest)
	require.Len(t, all, 1)
}
