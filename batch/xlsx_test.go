package batch_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// spreadsheet writes rows by another library than what reads them. Text is text, a
// number is a number.
func spreadsheet(t require.TestingT, all ...[]any) []byte {
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range all {
		require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	return written(t, f)
}

func written(t require.TestingT, f *excelize.File) []byte {
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	return b.Bytes()
}

// ours is a header and a right row.
func ours() [][]any {
	return [][]any{
		{"reference", "amount", "currency", "destination", "card.number", "recipient.name", "description"},
		{"p-1", 1500.0, "RUB", "card", "4111111111111111", "IVAN PETROV", "October"},
	}
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(*testing.T) []byte{
		"a number for the amount": func(t *testing.T) []byte { return spreadsheet(t, ours()...) },
		"a text for the amount": func(t *testing.T) []byte {
			all := ours()
			all[1][1] = "1500.00"
			return spreadsheet(t, all...)
		},
		"as a stream, texts in their cells": func(t *testing.T) []byte {
			f := excelize.NewFile()
			s, err := f.NewStreamWriter("Sheet1")
			require.NoError(t, err)
			for i, row := range ours() {
				require.NoError(t, s.SetRow(fmt.Sprintf("A%d", i+1), row))
			}
			require.NoError(t, s.Flush())
			return written(t, f)
		},
		"empty cells with a format, another sheet that is hidden, a text of several runs": func(t *testing.T) []byte {
			f := excelize.NewFile()
			for i, row := range ours() {
				require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
			}
			style, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
			require.NoError(t, err)
			require.NoError(t, f.SetCellStyle("Sheet1", "A1", "Z30", style))
			require.NoError(t, f.SetCellRichText("Sheet1", "G2", []excelize.RichTextRun{{Text: "Octo"}, {Text: "ber", Font: &excelize.Font{Bold: true}}}))
			_, err = f.NewSheet("codes")
			require.NoError(t, err)
			require.NoError(t, f.SetCellStr("codes", "A1", "x"))
			require.NoError(t, f.SetSheetVisible("codes", false))
			return written(t, f)
		},
		"a sheet that was named": func(t *testing.T) []byte {
			f := excelize.NewFile()
			require.NoError(t, f.SetSheetName("Sheet1", "Registry"))
			for i, row := range ours() {
				require.NoError(t, f.SetSheetRow("Registry", fmt.Sprintf("A%d", i+1), &row))
			}
			return written(t, f)
		},
	} {
		t.Run(name, func(t *testing.T) {
			all := rows(t, openWith(t, string(make(t)), batch.Options{}))
			require.Len(t, all, 1)
			require.NoError(t, all[0].Err)
			require.Equal(t, card(), all[0].Request)
			require.Equal(t, 2, all[0].Line)
		})
	}
}

func TestAPortalsXLSX(t *testing.T) {
	t.Parallel()
	file := string(spreadsheet(t, []any{"creditPan", "currency", "amount", "name"},
		[]any{"4111111111111111", "EUR", 1000, "test 1"}, []any{"4111111111111111", "USD", "234500", "test 2"}))
	require.Equal(t, derived(t, portalSample, october()), derived(t, file, october()), "a CSV file that was saved as XLSX")
}

// What a spreadsheet made of a value is not what somebody meant.
func TestCellsThatAreNoText(t *testing.T) {
	t.Parallel()
	const number = "is a number in the spreadsheet, which drops zeros at the begin of a number and digits after the 15th: " +
		"make the column text, and put the values in again"
	for _, c := range []struct {
		name   string
		column int
		value  any
		want   string
	}{
		{"a card number that became 4.11111E+15", 4, 4.111111111111111e15, "column 5 (card.number): " + number},
		{"a short card number", 4, 411111111111, "column 5 (card.number): " + number},
		{"a reference", 0, 1001, "column 1 (reference): " + number},
		{"a date", 6, 45000.5, "column 7 (description): " + number},
		{"a logical value", 6, true, "column 7 (description): is no text in the spreadsheet, but a date, a logical value or an error: make the column text"},
		{"an amount that was calculated", 1, 0.1 + 0.2*1.0000000000000002, "column 2 (amount): is a number that the spreadsheet has calculated or rounded: it has more than 15 digits"},
		{"an amount with too many decimals", 1, 10.425, "column 2 (amount): has more decimals than RUB has"},
		{"an amount below zero", 1, -5, "column 2 (amount): must be more than zero"},
		{"a huge amount", 1, 1e30, "column 2 (amount): is too large"},
		{"an amount as 1e3 in text", 1, "1e3", "column 2 (amount): must be digits with at most one dot, such as 1500.00"},
		{"an amount with a comma", 1, "10,42", "column 2 (amount): must be digits with at most one dot, such as 1500.00"},
		{"a card number that is 4.11111E+15 in text", 4, "4.11111E+15", "column 5 (card.number): is in the scientific notation of a spreadsheet, which has lost its last digits: take it from where it came from, as text"},
		{"an escaped character", 6, "a_x000D_b", "column 7 (description): has a character that a spreadsheet can't hold (_xHHHH_)"},
		{"a column too many", 7, "x", "has 8 columns, the header 7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := ours()
			all[1] = append(all[1][:min(c.column, 7)], append([]any{c.value}, all[1][min(c.column+1, 7):]...)...)
			row := rows(t, openWith(t, sheetOf(t, all), batch.Options{}))[0]
			require.EqualError(t, row.Err, "line 2: "+c.want)
		})
	}
}

// sheetOf writes rows as excelize does, but texts that look escaped as they are.
func sheetOf(t *testing.T, all [][]any) string {
	t.Helper()
	var b strings.Builder
	for i, row := range all {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for j, value := range row {
			name := fmt.Sprintf("%c%d", 'A'+j, i+1)
			switch v := value.(type) {
			case string:
				fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, name, v)
			case bool:
				fmt.Fprintf(&b, `<c r="%s" t="b"><v>1</v></c>`, name)
			default:
				fmt.Fprintf(&b, `<c r="%s"><v>%v</v></c>`, name, v)
			}
		}
		b.WriteString("</row>")
	}
	return book(t, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(b.String())})
}

func sheetXML(rows string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
		rows + `</sheetData></worksheet>`
}

const (
	xmlHead  = `<?xml version="1.0" encoding="UTF-8"?>`
	relHead  = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	relTypes = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

// parts are the smallest workbook.
func parts() map[string]string {
	return map[string]string{
		"_rels/.rels": relHead + `<Relationship Id="r1" Type="` + relTypes + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
			`<sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": relHead + `<Relationship Id="r1" Type="` + relTypes + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="r2" Type="` + relTypes + `sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
		"xl/sharedStrings.xml":     xmlHead + `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"></sst>`,
		"xl/worksheets/sheet1.xml": sheetXML(""),
	}
}

// book packs a workbook with some of its parts replaced.
func book(t require.TestingT, replaced map[string]string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	all := parts()
	for name, text := range replaced {
		all[name] = text
	}
	for name, text := range all {
		if text == "" {
			continue
		}
		part, err := w.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(part, text)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.String()
}

// cells are a row of texts.
func cells(number int, texts ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, number)
	for _, text := range texts {
		fmt.Fprintf(&b, `<c t="inlineStr"><is><t>%s</t></is></c>`, text)
	}
	b.WriteString("</row>")
	return b.String()
}

func headCells() string {
	return cells(1, strings.Split(strings.TrimSpace(header), ",")...)
}

func TestCellsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ cell, want string }{
		"a formula":                {`<c r="G2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>`, "column 7 (description): is a formula: put its value there instead"},
		"a formula of a number":    {`<c r="G2"><f>1+1</f><v>2</v></c>`, "column 7 (description): is a formula: put its value there instead"},
		"a formula in a group":     {`<c r="G2"><f t="shared" si="0"/><v>2</v></c>`, "column 7 (description): is a formula: put its value there instead"},
		"an error":                 {`<c r="G2" t="e"><v>#N/A</v></c>`, "column 7 (description): is no text in the spreadsheet, but a date, a logical value or an error: make the column text"},
		"a date of its own":        {`<c r="G2" t="d"><v>2026-10-01</v></c>`, "column 7 (description): is no text in the spreadsheet, but a date, a logical value or an error: make the column text"},
		"a text that is not there": {`<c r="G2" t="s"><v>7</v></c>`, "column 7 (description): is a text that the file does not have: it is damaged"},
		"no number for a text":     {`<c r="G2" t="s"><v>x</v></c>`, "column 7 (description): is a text that the file does not have: it is damaged"},
		"a NUL":                    {`<c r="G2" t="inlineStr"><is><t>a_x0000_b</t></is></c>`, "column 7 (description): has a character that a spreadsheet can't hold (_xHHHH_)"},
		"a line break":             {`<c r="G2" t="inlineStr"><is><t>a` + "\n" + `b</t></is></c>`, "column 7 (description): must not contain control characters"},
	} {
		t.Run(name, func(t *testing.T) {
			row := cells(2, "p-1", "1500.00", "RUB", "card", "4111111111111111", "IVAN PETROV")
			row = strings.Replace(row, "</row>", c.cell+"</row>", 1)
			all := rows(t, openWith(t, book(t, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(headCells() + row)}), batch.Options{}))
			require.Len(t, all, 1)
			require.EqualError(t, all[0].Err, "line 2: "+c.want)
			require.Equal(t, "p-1", all[0].Reference)
		})
	}
}

// 4.35 is what a spreadsheet may write down as 4.3499999999999996: one number.
func TestNumbersOfASpreadsheet(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"4.35": "4.35 RUB", "4.3499999999999996": "4.35 RUB", "1.5E3": "1500.00 RUB", "1500": "1500.00 RUB", "1E-2": "0.01 RUB",
		"0.30000000000000004": "", "1E+3": "1000.00 RUB", "1234567890123.45": "1234567890123.45 RUB", "12345678901234.567": "",
		"0x10": "", "Inf": "", "NaN": "", "1_000": "",
	} {
		t.Run(text, func(t *testing.T) {
			row := `<row r="2"><c t="inlineStr"><is><t>p-1</t></is></c><c><v>` + text + `</v></c>` +
				strings.TrimPrefix(cells(2, "RUB", "card", "4111111111111111", "IVAN PETROV", "October"), `<row r="2">`)
			all := rows(t, openWith(t, book(t, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(headCells() + row)}), batch.Options{}))
			require.Len(t, all, 1)
			if want == "" {
				require.Error(t, all[0].Err)
				return
			}
			require.NoError(t, all[0].Err)
			require.Equal(t, payout.MustMoney(want), all[0].Request.Amount)
		})
	}
}

func TestRowsOfAWorksheet(t *testing.T) {
	t.Parallel()
	line := func(number int, reference string) string {
		return cells(number, reference, "1500.00", "RUB", "card", "4111111111111111", "IVAN PETROV", "October")
	}
	sheet := sheetXML(`<row r="3"/>` + strings.Replace(headCells(), `r="1"`, `r="4"`, 1) + line(5, "p-5") + `<row r="6"><c r="B6" s="1"/></row>` +
		strings.Replace(line(9, "p-9"), "<row ", `<row hidden="1" `, 1) + `<row hidden="1" r="10"/>` + line(11, "p-11"))
	all := rows(t, openWith(t, book(t, map[string]string{"xl/worksheets/sheet1.xml": sheet}), batch.Options{}))
	require.Len(t, all, 3)
	require.Equal(t, 5, all[0].Line)
	require.NoError(t, all[0].Err)
	require.EqualError(t, all[1].Err, "line 9: is hidden in the spreadsheet: show it, or delete it")
	require.Equal(t, 11, all[2].Line)
	require.NoError(t, all[2].Err)
}

func TestWorksheetsOfAWorkbook(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	for _, name := range []string{"Реестр", "hidden"} {
		_, err := f.NewSheet(name)
		require.NoError(t, err)
		for i, row := range ours() {
			require.NoError(t, f.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row))
		}
	}
	require.NoError(t, f.SetSheetVisible("hidden", false))
	file := string(written(t, f))
	require.NoError(t, rows(t, openWith(t, file, batch.Options{Sheet: "реестр"}))[0].Err)
	for want, o := range map[string]batch.Options{
		"the file has 2 worksheets that are not hidden: say which one is the registry": {},
		"the file has no worksheet of that name":                                       {Sheet: "x"},
		"the file has that worksheet hidden: show it first":                            {Sheet: "hidden"},
		"line 1: is missing: the file holds nothing":                                   {Sheet: "Sheet1"},
	} {
		t.Run(want, func(t *testing.T) {
			_, err := batch.Open(strings.NewReader(file), int64(len(file)), o)
			require.EqualError(t, err, want)
			require.ErrorIs(t, err, payout.ErrInvalid)
		})
	}
}

// A file that is saved as XLSX asks for the same payouts.
func TestPropertyCSVAndXLSXHaveTheSameReferences(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := drawRows(t)
		file, o := saved(t, all)
		sheet := [][]any{{"description", "amount", "card.number", "currency", "destination", "recipient.name"}}
		for _, row := range rapid.Permutation(all).Draw(t, "order") {
			var amount any = row.amount
			if rapid.Bool().Draw(t, "as a number") {
				amount = payout.MustMoney(row.amount + " USD").Decimal().InexactFloat64()
			}
			sheet = append(sheet, []any{row.note, amount, row.number, row.currency, "card", row.name})
		}
		require.Equal(t, sorted(derived(t, file, o)), sorted(derived(t, string(spreadsheet(t, sheet...)), october())))
	})
}
