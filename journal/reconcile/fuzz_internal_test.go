package reconcile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// thirteen digits in a row may be a card number.
var cardLike = regexp.MustCompile(`[0-9]{13}`)

// fuzzed is the layout that a byte stands for.
func fuzzed(bits uint8) Layout {
	l := Layout{
		Columns: Columns{Reference: "reference", ProviderID: "id", Amount: "amount", Currency: "currency", Time: "time"},
		Debits:  DebitsNegative,
	}
	if bits&1 != 0 {
		l.Unquoted = true
	}
	if bits&2 != 0 {
		l.Delimiter, l.DecimalComma, l.Group = ';', true, ' '
	}
	if bits&4 != 0 {
		l.Minor, l.DecimalComma = true, false
	}
	if bits&8 != 0 {
		l.Columns.Amount, l.Columns.Debit, l.Columns.Credit, l.Debits = "", "debit", "credit", 0
	}
	if bits&16 != 0 {
		l.Charset = Windows1251
	}
	if bits&32 != 0 {
		l.Skip = 1
	}
	return l
}

// What is read of a statement is whole, in order, of this statement, and printed by the
// same layout reads as the same; what can't be read is said, and no field is quoted.
func FuzzStatement(f *testing.F) {
	for _, text := range []string{
		"reference,id,amount,currency,time\na-1,7,-1500.00,RUB,2026-11-15T12:00:00Z\na-2,,0.01,643,2026-11-15T12:00:00+03:00\n",
		"reference;id;amount;currency;time\na-1;7;-1 500,00;RUB;2026-11-15T12:00:00Z\n\n;;;;\na-2;;-1500,0;RUB;2026-11-15T12:00:00Z\n",
		"reference,id,debit,credit,currency,time\na-1,7,1500.00,,RUB,2026-11-15T12:00:00Z\na-2,,,3.00,RUB,2026-11-15T12:00:00Z\n",
		"statement of November\nreference,id,amount,currency,time\na-1,7,-150000,RUB,2026-11-15T12:00:00Z\n",
		"\ufeffreference,id,amount,currency,time\r\n\"a,1\",\"\",-1,USD,2026-11-15T12:00:00Z\r\n\"",
		"reference,id,amount,currency,time\n4111111111111111,4111111111111111,4111111111111111,4111111111111111,4111111111111111\n",
		"reference,id,amount,currency,time\na,b,c\n", "reference,reference\n", "", "\n\n", "reference,id,amount,currency,time",
	} {
		for _, bits := range []uint8{0, 1, 2, 3, 4, 8, 16, 32} {
			f.Add(bits, []byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, bits uint8, text []byte) {
		l := fuzzed(bits)
		require.NoError(t, l.Check())
		quiet := func(p Problem) {
			require.NotRegexp(t, cardLike, p.Rule)
			require.NotEmpty(t, p.Rule)
		}
		s, err := open(bytes.NewReader(text), l)
		if err != nil {
			var wrong *FileError
			require.ErrorAs(t, err, &wrong)
			quiet(wrong.Problem)
			return
		}
		line := 0
		for {
			r, problems, err := s.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				var wrong *FileError
				require.ErrorAs(t, err, &wrong)
				require.Greater(t, wrong.Problem.Line, line)
				quiet(wrong.Problem)
				return
			}
			require.Greater(t, r.line, line)
			line = r.line
			require.LessOrEqual(t, line, 1+strings.Count(string(text), "\n"))
			for _, p := range problems {
				require.Equal(t, line, p.Line)
				quiet(p)
			}
			if len(problems) == 0 {
				require.Positive(t, r.money.Sign())
				require.GreaterOrEqual(t, r.money.Currency().Exponent(), 0)
				require.Equal(t, r, again(t, r))
			}
		}
	})
}

// again is a row that was printed in the plainest layout and read.
func again(t *testing.T, r row) row {
	t.Helper()
	amount := r.money.Major()
	if !r.credit {
		amount = "-" + amount
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	require.NoError(t, w.Write([]string{"reference", "id", "amount", "currency", "time"}))
	require.NoError(t, w.Write([]string{r.reference, r.id, amount, r.money.Currency().Code(), r.at.Format(time.RFC3339Nano)}))
	w.Flush()
	s, err := open(&b, fuzzed(0))
	require.NoError(t, err)
	got, problems, err := s.next()
	require.NoError(t, err)
	require.Empty(t, problems)
	require.True(t, r.at.Equal(got.at))
	got.line, got.at = r.line, r.at
	return got
}

// In a file without quotes each line that says something is a row, or a problem: none is
// lost.
func FuzzNoLineIsLost(f *testing.F) {
	f.Add("a-1,7,-1500.00,RUB,2026-11-15T12:00:00Z\n\"\n,,,,\n\r\n \nx")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := open(strings.NewReader("reference,id,amount,currency,time\n"+text), fuzzed(1))
		require.NoError(t, err)
		want := 0
		for line := range strings.SplitSeq(text, "\n") {
			if strings.Trim(line, "\r,") != "" || strings.Contains(strings.TrimRight(line, "\r"), "\r") {
				want++
			}
		}
		have := 0
		for {
			_, _, err := s.next()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			have++
		}
		require.Equal(t, want, have)
	})
}
