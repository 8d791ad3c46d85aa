package batch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

func row(reference, amount, currency string) string {
	return reference + "," + amount + "," + currency + ",card,4111111111111111,A B,x\n"
}

// Currencies may be mixed: each has a total of its own, and nothing is added across.
func TestTotalsOfMixedCurrencies(t *testing.T) {
	t.Parallel()
	file := header + row("a", "10.50", "USD") + row("b", "1500.00", "RUB") + row("c", "7", "JPY") + row("d", "0.01", "RUB") +
		row("e", "1e3", "RUB") + row("f", "0.125", "KWD") + row("b", "9.00", "RUB")
	report := check(t, file, batch.Checking{})
	require.Equal(t, 7, report.Rows)
	require.Equal(t, 5, report.Right)
	require.Equal(t, 2, report.Wrong)
	require.Equal(t, []payout.Money{
		payout.MustMoney("7 JPY"), payout.MustMoney("0.125 KWD"), payout.MustMoney("1500.01 RUB"), payout.MustMoney("10.50 USD"),
	}, report.Totals)
	require.Equal(t, []string{
		"line 6: column 2 (amount): must be digits with at most one dot, such as 1500.00",
		"line 8: column 1 (reference): stands twice: one reference is one payout, and line 3 has it already",
	}, texts(report.Problems))
	require.Empty(t, report.Overlapping)
	require.False(t, report.Rounded)

	// Or one is said, and others are wrong.
	report = check(t, file, batch.Checking{Options: batch.Options{Currency: payout.RUB}})
	require.Equal(t, []payout.Money{payout.MustMoney("1500.01 RUB")}, report.Totals)
	require.Equal(t, "line 2: column 3 (currency): must be RUB: the file was said to be in no other currency", report.Problems[0].Error())
}

func texts(all []*batch.RowError) (out []string) {
	for _, e := range all {
		out = append(out, e.Error())
	}
	return out
}

func TestATotalThatCannotBeCounted(t *testing.T) {
	t.Parallel()
	file := header + row("a", "92233720368547758.07", "RUB") + row("b", "0.01", "RUB")
	_, err := batch.Check(t.Context(), strings.NewReader(file), int64(len(file)), batch.Checking{})
	require.EqualError(t, err, "the file asks for more RUB than can be counted")
	require.ErrorIs(t, err, payout.ErrInvalid)
}

// All wrong rows are counted and given to whoever asks; only some are kept.
func TestWrongRowsWithoutNumber(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	file.WriteString(header)
	for i := range 5000 {
		file.WriteString(row(fmt.Sprintf("p-%d", i), "x", "RUB"))
	}
	given, last := 0, 0
	report := check(t, file.String(), batch.Checking{Keep: 3, Wrong: func(e *batch.RowError) error {
		require.Greater(t, e.Line, last)
		given, last = given+1, e.Line
		return nil
	}})
	require.Equal(t, 5000, report.Wrong)
	require.Equal(t, 5000, given)
	require.Len(t, report.Problems, 3)
	require.Len(t, check(t, file.String(), batch.Checking{}).Problems, 1000)

	stop := errors.New("enough")
	_, err := batch.Check(t.Context(), strings.NewReader(file.String()), int64(file.Len()), batch.Checking{Wrong: func(*batch.RowError) error { return stop }})
	require.ErrorIs(t, err, stop)
}

// Rows are told in the order of the file, also where right and wrong ones alternate,
// and many of them are verified at once.
func TestTheOrderOfWrongRows(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	file.WriteString(header)
	var want []int
	for i := range 3000 {
		switch {
		case i%7 == 3: // has the reference of the row before
			file.WriteString(row(fmt.Sprintf("p-%d", i-1), "1.00", "RUB"))
			want = append(want, i+2)
		case i%11 == 5:
			file.WriteString(row(fmt.Sprintf("p-%d", i), "x", "RUB"))
			want = append(want, i+2)
		default:
			file.WriteString(row(fmt.Sprintf("p-%d", i), "1.00", "RUB"))
		}
	}
	report := check(t, file.String(), batch.Checking{Keep: 3000})
	var got []int
	for _, e := range report.Problems {
		got = append(got, e.Line)
	}
	require.Equal(t, want, got)
	require.Equal(t, []payout.Money{payout.FromMinor(int64(100*report.Right), payout.RUB)}, report.Totals)
	// What a reader finds, one row after the other, is the same.
	wrong := 0
	for _, r := range rows(t, open(t, file.String())) {
		if r.Err != nil {
			require.Equal(t, report.Problems[wrong], r.Err)
			wrong++
		}
	}
	require.Equal(t, report.Wrong, wrong)
}

func TestMaskedValuesOfWrongRows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, masked string }{
		{"p-1,1e3,RUB,card,4111111111111111,A B,x", "1e3"},
		{`p-1,"10,42",RUB,card,4111111111111111,A B,x`, "10,42"},
		{"p-1,10.425,RUB,card,4111111111111111,A B,x", "10.425"},
		{"p-1,4111111111111111,RUR,card,4111111111111111,A B,x", ""},
		{"p-1,PETROV,RUB,card,4111111111111111,A B,x", ""},
		{"p-1,1990-12-31,RUB,card,4111111111111111,A B,x", ""},
		{"p-1,1.00,rub,card,4111111111111111,A B,x", "rub"},
		{"p-1,1.00,643,card,4111111111111111,A B,x", "643"},
		{"p-1,1.00,LEE,card,4111111111111111,A B,x", ""},
		{"p-1,1.00,RUB,Card,,A B,x", "Card"},
		{"p-1,1.00,RUB,PETROV,,A B,x", ""},
		{"p-1,1.00,RUB,card,4111111111111112,A B,x", "411111******1112"},
		{"p-1,1.00,RUB,card,IVAN PETROV,A B,x", "******"},
		{"p-1,1.00,RUB,card,4111111111111111, A B,x", ""},
		{"p-1,1.00,RUB,card,4111111111111111,A B,\x01", ""},
		{"4111111111111111\x01,1.00,RUB,card,5555555555554444,A B,x", ""},
	} {
		t.Run(c.line, func(t *testing.T) {
			report := check(t, header+c.line+"\n", batch.Checking{})
			require.Len(t, report.Problems, 1)
			require.Equal(t, c.masked, report.Problems[0].Problems[0].Masked)
			require.NotContains(t, fmt.Sprintf("%+v", *report.Problems[0]), "4111111111111111")
		})
	}
}

// The card number stands nowhere but in its column, so that it is in no reference and
// no description that a journal, a bank's portal or a report shows.
func TestTheCardNumberInAnotherColumn(t *testing.T) {
	t.Parallel()
	const rule = "holds the card number, and is stored and shown in clear"
	require.EqualError(t, one(t, header+"4111111111111111,1.00,RUB,card,4111111111111111,A B,x\n").Err, "line 2: column 1 (reference): "+rule)
	require.EqualError(t, one(t, header+"p-1,1.00,RUB,card,4111111111111111,A B,to 4111111111111111!\n").Err, "line 2: column 7 (description): "+rule)
	require.NoError(t, one(t, header+"4111111111111111,1.00,RUB,card,5555555555554444,A B,x\n").Err, "another number may be anything")
}

// Nine of ten rounded numbers fail the check digit, and show that the tenth was
// rounded too, though it passes and is somebody's.
func TestCardNumbersThatASpreadsheetRounded(t *testing.T) {
	t.Parallel()
	const (
		alone = "must have a valid check digit: one or more digits are wrong; its digits after the 15th are all 0, as where a spreadsheet has rounded it"
		too   = "has only 0 after its 15th digit, and another card number of the file was certainly rounded by a spreadsheet: this one may be another person's card"
	)
	passes := "4000000000000010" // ends in 0, and passes the check digit
	line := func(reference, number string) string {
		return reference + ",1.00,RUB,card," + number + ",A B,x\n"
	}
	report := check(t, header+line("p-1", passes)+line("p-2", "4111111111111111"), batch.Checking{})
	require.Zero(t, report.Wrong, "one in ten cards ends in 0")

	for name, c := range map[string]struct{ number, want string }{
		"16 digits":           {"4111111111111110", "line 4: column 5 (card.number): " + alone},
		"19 digits":           {"4111111111111110000", "line 4: column 5 (card.number): " + alone},
		"scientific notation": {"4.11111E+15", "line 4: column 5 (card.number): is in the scientific notation of a spreadsheet, which has lost its last digits: take it from where it came from, as text"},
	} {
		t.Run(name, func(t *testing.T) {
			file := header + line("p-1", passes) + line("p-2", "4111111111111111") + line("p-3", c.number) + line("p-4", passes)
			var given []int
			report := check(t, file, batch.Checking{Wrong: func(e *batch.RowError) error { given = append(given, e.Line); return nil }})
			require.True(t, report.Rounded)
			require.Equal(t, 1, report.Right)
			require.Equal(t, 3, report.Wrong)
			require.Equal(t, []payout.Money{payout.MustMoney("1.00 RUB")}, report.Totals)
			require.Equal(t, []int{4, 2, 5}, given)
			require.Equal(t, []string{c.want, "line 2: column 5 (card.number): " + too, "line 5: column 5 (card.number): " + too}, texts(report.Problems))
			// Nor does a run pay them.
			again, err := report.Reader()
			require.NoError(t, err)
			require.Equal(t, []string{"p-2"}, references(rows(t, again)))
		})
	}
	// The same with derived references, of rows that are equal.
	file := bare + strings.Repeat("1.00,RUB,card,"+passes+",A B,x\n", 3) + "1.00,RUB,card,4111111111111110,A B,x\n" + bareRow("2.00", "A B", "x")
	report = check(t, file, batch.Checking{Options: october()})
	require.Equal(t, 1, report.Right)
	require.Equal(t, 4, report.Wrong)
	require.Zero(t, report.Repeated)
	require.Equal(t, []payout.Money{payout.MustMoney("2.00 RUB")}, report.Totals)
}

// changing is a file that somebody writes to.
type changing struct{ io.ReaderAt }

// What is run is what was checked.
func TestAFileThatChangesAfterItWasChecked(t *testing.T) {
	t.Parallel()
	const since = "was not there when the file was checked: the file has changed since"
	file := &changing{strings.NewReader(header + row("p-1", "1.00", "RUB") + row("p-2", "1.00", "RUB"))}
	size := int64(len(header + row("p-1", "1.00", "RUB") + row("p-2", "1.00", "RUB")))
	report, err := batch.Check(t.Context(), file, size, batch.Checking{})
	require.NoError(t, err)
	again := func() []batch.Row {
		r, err := report.Reader()
		require.NoError(t, err)
		return rows(t, r)
	}
	require.Equal(t, []string{"p-1", "p-2"}, references(again()))
	require.Equal(t, []string{"p-1", "p-2"}, references(again()), "as often as is wanted")

	file.ReaderAt = strings.NewReader(header + row("p-1", "1.00", "RUB") + row("p-3", "1.00", "RUB"))
	all := again()
	require.NoError(t, all[0].Err)
	require.EqualError(t, all[1].Err, "line 3: column 1 (reference): "+since)
	file.ReaderAt = strings.NewReader(header + row("p-2", "1.00", "RUB") + row("p-1", "1.00", "RUB"))
	require.Empty(t, references(again()))

	// Of a derived reference the whole row counts.
	file.ReaderAt = strings.NewReader(bare + bareRow("1.00", "A B", "x"))
	report, err = batch.Check(t.Context(), file, int64(len(bare+bareRow("1.00", "A B", "x"))), batch.Checking{Options: october()})
	require.NoError(t, err)
	require.NoError(t, again()[0].Err)
	file.ReaderAt = strings.NewReader(bare + bareRow("2.00", "A B", "x"))
	require.EqualError(t, again()[0].Err, "line 2: its reference "+since)
}

func TestCheckEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stop")
	file := registry(20000)
	_, err := batch.Check(ctx, strings.NewReader(string(file)), int64(len(file)), batch.Checking{Progress: func(rows int) {
		require.LessOrEqual(t, rows, 8192)
		if rows == 8192 {
			cancel(stop)
		}
	}})
	require.ErrorIs(t, err, stop)
}

// A file of which nothing is known beyond some line is no report.
func TestCheckOfAFileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	file := registry(20000)
	broken := errors.New("the disk is on fire")
	_, err := batch.Check(t.Context(), failing{strings.NewReader(string(file)), int64(len(file)) - 10, broken}, int64(len(file)), batch.Checking{})
	require.ErrorIs(t, err, broken)
	_, err = batch.Check(t.Context(), failing{strings.NewReader(string(file)), 0, broken}, int64(len(file)), batch.Checking{})
	require.ErrorIs(t, err, broken)
	_, err = batch.Check(t.Context(), strings.NewReader("x"), 1, batch.Checking{})
	require.ErrorContains(t, err, "line 1: is no header")
}
