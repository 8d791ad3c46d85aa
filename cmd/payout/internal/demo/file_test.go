package demo

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/batch"
)

// full is a disk with little room left.
type full struct{ room int }

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestAUsersFile(t *testing.T) {
	t.Parallel()
	// The references of the sample, on which the banks misbehave there. Here they don't.
	all, err := ran(t, strings.NewReader(head+rub("pay-012")+rub("pay-015")+usd("pay-022")))
	require.NoError(t, err)
	require.Equal(t, "payouts.csv", all[0].Registry)
	for _, r := range of(all, "payout") {
		require.Equal(t, "paid", r.Status)
		require.False(t, r.AnswerLost)
	}
	totalsAgree(t, all)
}

func TestWrongRowsOfAUsersFile(t *testing.T) {
	t.Parallel()
	all, err := ran(t, strings.NewReader(head+
		rub("a1")+
		"b1,10.00,RUB\n"+
		rub("A1")+
		"c1,10.00,RUB,card,4111111111111112,,,IVAN PETROV,,\n"+
		usd("d1")+
		"e1,10.00,USD,bank_account,,1234567890,Jane Doe,,Jane,"+strings.Repeat("x", 129)+"\n"+
		kzt("f1\"")+
		kzt("g1")))
	require.NoError(t, err, "wrong rows are no fault of the run")
	var got []string
	for _, r := range of(all, "payout") {
		got = append(got, strings.Join([]string{r.Reference, r.Status, r.Reason}, " "))
	}
	require.Equal(t, []string{
		"a1 paid ", "b1 not_sent malformed", "A1 not_sent malformed", "c1 not_sent malformed", "d1 paid ",
		"e1 not_sent invalid", " not_sent malformed", "g1 paid ",
	}, got)
	results := of(all, "payout")
	require.Equal(t, "line 3: has 3 columns, the header 10", results[1].Error)
	require.Equal(t, "line 5: column 5 (card.number): must have a valid check digit: one or more digits are wrong", results[3].Error)
	require.Contains(t, results[5].Error, "line 7: column 10 (recipient.last_name): must be at most 128 characters")
	totalsAgree(t, all)
}

// ran is Run on a file, as lines of JSON.
func ran(t *testing.T, file io.Reader) ([]line, error) {
	t.Helper()
	var out strings.Builder
	err := Run(t.Context(), Options{Out: &out, Registry: file, Name: "payouts.csv", JSON: true})
	return parse(t, []byte(out.String())), err
}

func TestAFileWithoutHeader(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"", rub("p"), "reference,amount\n"} {
		all, err := ran(t, strings.NewReader(file))
		require.Empty(t, all)
		require.ErrorContains(t, err, "payouts.csv: line 1: ")
		require.NotErrorIs(t, err, ErrFindings)
		var e *batch.RowError
		require.ErrorAs(t, err, &e)
	}
}

func TestAFileWithoutRows(t *testing.T) {
	t.Parallel()
	all, err := ran(t, strings.NewReader(head))
	require.NoError(t, err)
	require.Len(t, all, 2)
	var out strings.Builder
	require.NoError(t, Run(t.Context(), Options{Out: &out, Registry: strings.NewReader(head), Name: "x"}))
	require.Contains(t, out.String(), "\n0 rows in ")
}

// What was paid before a file broke off is held against the ledgers all the same.
func TestAFileThatBreaksOff(t *testing.T) {
	t.Parallel()
	all, err := ran(t, io.MultiReader(strings.NewReader(head+rub("a")+rub("b")+"c,10"), iotest.ErrReader(errors.New("gone"))))
	require.ErrorIs(t, err, ErrFindings)
	require.Equal(t, []string{": the file could not be read to its end: after line 3 nothing is paid: gone"}, findings(all))
	require.Len(t, of(all, "payout"), 2)
	totalsAgree(t, all)

	all, err = ran(t, strings.NewReader(head+rub("a")+"b,10.00,RUB,card,\"4111111111111111,,,A B,,\n"+rub("c")+rub("d")))
	require.ErrorIs(t, err, ErrFindings)
	require.Equal(t, []string{": lines 3 to 5 were not read, so whatever they hold is not paid"}, findings(all))
	results := of(all, "payout")
	require.Len(t, results, 2)
	require.Equal(t, 3, results[1].Line)
	require.Equal(t, 5, results[1].LastLine)
	require.Equal(t, "not_sent", results[1].Status)
	totalsAgree(t, all)
}

// once is a disk that is full for a moment.
type once struct {
	failed bool
	strings.Builder
}

func (o *once) Write(p []byte) (int, error) {
	if !o.failed {
		o.failed = true
		return 0, errFull
	}
	return o.Builder.Write(p)
}

// A report with a hole in it is not whole, and nothing goes on behind the hole.
func TestSinkKeepsTheFirstError(t *testing.T) {
	t.Parallel()
	var out once
	s := &sink{out: &out}
	for range 2 {
		n, err := s.Write([]byte("ab"))
		require.Equal(t, 2, n)
		require.NoError(t, err)
	}
	require.ErrorIs(t, s.err, errFull)
	require.Empty(t, out.String())
}
