package batch_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// FuzzOpen reads any bytes as any kind of file. What comes out is either an error
// that proves that nothing was sent, or rows of which each is right or wrong; Check
// finds the same as a Reader; and nothing private is in an error.
func FuzzOpen(f *testing.F) {
	for _, seed := range []string{
		header + right,
		portalSample,
		"\ufeff" + strings.ReplaceAll(header+right, ",", ";"),
		bare + bareRow("1.00", "CANARYNAME", "x") + bareRow("1.00", "CANARYNAME", "x"),
		header + "p-1,1.00,RUB,card,4111111111111110,CANARYNAME,x\np-2,1.00,RUB,card,4000000000000010,\xc8\xe2,x\n",
		"creditPan;currency;amount;name\n4111111111111111;XAU;1.5;CANARYNAME\n\"4111111111111111\"x;RUB;1e3;\n",
		book(f, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(headCells() + cells(2, "p-1", "1500.00", "RUB", "card", "4111111111111111", "CANARYNAME", "x"))}),
	} {
		for flags := range byte(8) {
			f.Add([]byte(seed), flags)
		}
	}
	f.Fuzz(func(t *testing.T, file []byte, flags byte) {
		o := batch.Options{Key: key(), Layout: batch.Layout(flags & 3 % 3), Encoding: batch.Encoding(flags >> 2 & 1)}
		if flags&8 == 0 {
			o.Batch = "october"
		}
		text := string(file)
		report, err := batch.Check(t.Context(), strings.NewReader(text), int64(len(text)), batch.Checking{Options: o, Keep: 1 << 20})
		if err != nil {
			require.ErrorIs(t, err, payout.ErrInvalid)
			private(t, err, canaries[0], canaries[2]) // a word may be the name of a column
			return
		}
		r, err := report.Reader()
		require.NoError(t, err)
		agrees(t, report, r)
	})
}

// FuzzWorksheet reads any text as a worksheet's rows, which few changes to an archive
// get to.
func FuzzWorksheet(f *testing.F) {
	for _, seed := range []string{
		cells(2, "p-1", "1500.00", "RUB", "card", "4111111111111111", "CANARYNAME", "x"),
		`<row r="3" hidden="1"><c r="A3" t="s"><v>0</v></c><c r="C3"><f>1</f><v>4.3499999999999996</v></c></row>`,
		`<row><c t="inlineStr"><is><r><t>p-1</t></r><rPh><t>x</t></rPh><r><t>2</t></r></is></c><c><v>1E3</v></c></row>`,
		`<row r="2"><c r="A2" t="str"><v>_x0041_</v></c><c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c></row></sheetData>`,
		"<row", "<row/><row r='9999999'/>", `<row r="2"><c r="XFD2"><v>4111111111111111</v></c></row>`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		file := book(t, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(headCells() + rows)})
		report, err := batch.Check(t.Context(), strings.NewReader(file), int64(len(file)), batch.Checking{Keep: 1 << 20})
		if err != nil {
			require.ErrorIs(t, err, payout.ErrInvalid)
			private(t, err, canaries...)
			return
		}
		r, err := report.Reader()
		require.NoError(t, err)
		agrees(t, report, r)
	})
}

// agrees compares what a reader finds with what a report says.
func agrees(t *testing.T, report *batch.Report, r *batch.Reader) {
	t.Helper()
	sums := map[payout.Currency]payout.Money{}
	seen := map[string]bool{}
	problems := map[int]string{}
	for _, e := range report.Problems {
		problems[e.Line] = e.Error()
	}
	all, wrong := 0, 0
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		all++
		if row.Err != nil {
			wrong++
			private(t, row.Err, canaries...)
			require.Equal(t, problems[row.Line], row.Err.Error())
			continue
		}
		require.NotContains(t, problems, row.Line)
		require.Positive(t, row.Request.Amount.Sign())
		require.NotNil(t, row.Request.Destination)
		require.Empty(t, row.Request.Destination.Kind().Check(row.Request.Destination, "d"))
		require.Equal(t, row.Reference, row.Request.Reference)
		require.False(t, seen[strings.ToLower(row.Reference)], "a reference stands twice")
		seen[strings.ToLower(row.Reference)] = true
		sum, err := payout.FromMinor(sums[row.Request.Amount.Currency()].Minor(), row.Request.Amount.Currency()).Add(row.Request.Amount)
		require.NoError(t, err)
		sums[row.Request.Amount.Currency()] = sum
	}
	require.Equal(t, []int{report.Rows, report.Right, report.Wrong}, []int{all, all - wrong, wrong})
	require.Len(t, report.Totals, len(sums))
	for _, total := range report.Totals {
		require.Equal(t, sums[total.Currency()], total)
	}
}

// private looks for canaries in an error.
func private(t *testing.T, err error, canaries ...string) {
	t.Helper()
	shown := fmt.Sprintf("%v %+v %#v", err, err, err)
	for _, canary := range canaries {
		require.NotContains(t, shown, canary)
	}
}
